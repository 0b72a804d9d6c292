#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Writes what machine code depends on besides the loops: version.py OUTPUT LLVM-VERSION FILE...

The files are the sources of the compiler, of the kernels and the operators.
"""

import hashlib
import sys

FORMAT = 1

if __name__ == '__main__':
    digest = hashlib.sha256()
    for path in sys.argv[3:]:
        with open(path, 'rb') as file:
            content = file.read()
        digest.update(b'%d ' % len(content) + content)
    with open(sys.argv[1], 'w', encoding='utf-8') as output:
        output.write('/* Written by version.py. */\n#pragma once\n\n#define TG_CODE_VERSION \\\n'
                     f'  "{FORMAT} LLVM {sys.argv[2]} {digest.hexdigest()}"\n')
