#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Writes what the contents of files depend on that a cache keeps: version.py OUTPUT MACRO TEXT FILE...

The files are the sources of what makes these contents, and the text what else does.
"""

import hashlib
import sys

FORMAT = 1


def main(output, macro, text, *paths):
    digest = hashlib.sha256()
    for path in paths:
        with open(path, 'rb') as file:
            content = file.read()
        digest.update(b'%d ' % len(content) + content)
    with open(output, 'w', encoding='utf-8') as file:
        file.write(f'/* Written by version.py. */\n#pragma once\n\n#define {macro} \\\n'
                   f'  "{FORMAT} {text} {digest.hexdigest()}"\n')


if __name__ == '__main__':
    main(*sys.argv[1:])
