#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Checks that a library gives away tg_ symbols and no others."""

import subprocess
import sys


def list_foreign(listing):
    """The names in the output of `nm -D --defined-only` that do not begin with tg_."""
    names = [line.split()[-1] for line in listing.splitlines() if line.strip()]
    return [name for name in names if not name.startswith('tg_')]


if __name__ == '__main__':
    assert list_foreign('0000 T tg_exp\n0010 T helper\n') == ['helper']
    shown = subprocess.run(['nm', '-D', '--defined-only', sys.argv[1]], check=True,
                           capture_output=True, text=True).stdout
    assert ' tg_' in shown, 'the library has no symbol of ours'
    foreign = list_foreign(shown)
    print('\n'.join(f'{name} should be hidden' for name in foreign))
    sys.exit(bool(foreign))
