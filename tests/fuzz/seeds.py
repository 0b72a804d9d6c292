#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Writes what the fuzzers begin with: seeds, from tests/golden/, and a dictionary of the notation.

    seeds.py FOLDER DECLARATIONS.op…

The seeds are in FOLDER/parser/ and FOLDER/loader/, the dictionary is FOLDER/notation.dict.
"""

import re
import struct
import sys
import zipfile
from pathlib import Path

GOLDEN = Path(__file__).resolve().parent.parent / 'golden'
SIGNS = ['...', '**', '//', '==', '!=', '<=', '>=', '<<', '>>', '@', '~', '?', ':', ';', '(', '[']
WORDS = ['let ', 'update ', ' as "', ' borrow', ' strict', ' lossless', ' lossy', ' constant',
         ' named "', ' default ', ' own ', 'true', 'false', 'inf', 'nan', 'all', 'f64[?]', 'f32[]',
         'i64[2, 3]', 'c128[]', 'bool[?, ?]', 'u8[0]', 'f16', 'bf16', '9223372036854775808',
         '5e-324', 'PK\\x01\\x02', 'PK\\x03\\x04', 'PK\\x05\\x06', '.tg', '.npy', '\\x93NUMPY']
NAMES = re.compile(r'^op (\w+) ?\(', re.MULTILINE)


def read_texts():
    for path in sorted(GOLDEN.glob('*/*.txt')):
        parts = path.read_text(encoding='utf-8').split('---\n')
        yield f'{path.parent.name}-{path.stem}', parts[0].strip()
        if path.parent.name != 'errors':
            yield f'{path.parent.name}-{path.stem}-printed', parts[1].strip()


def make_value(shape):
    """A .npy file of float64 numbers."""
    header = f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}"
    header = header.ljust(117) + '\n'
    n = shape[0] if shape else 1
    return b'\x93NUMPY\x01\x00' + struct.pack('<H', len(header)) + header.encode() + struct.pack(
        f'<{n}d', *range(n))


def write_archive(path, texts, values):
    with zipfile.ZipFile(path, 'w') as archive:
        for name, text in texts.items():
            archive.writestr(name + '.tg', text)
        for name, shape in values.items():
            archive.writestr(name + '.npy', make_value(shape))


def write_seeds(folder):
    parser, loader = folder / 'parser', folder / 'loader'
    for part in parser, loader:
        part.mkdir(parents=True, exist_ok=True)
    for name, text in read_texts():
        (parser / name).write_text(text, encoding='utf-8')
        found = re.match(r'(?:#.*\n)*(\w+)\([^;]*\) *=', text)
        if found:
            write_archive(loader / name, {found[1]: text}, {})
    write_archive(loader / 'model', {
        'train': 'train "train it"(x: f64[?, 3], rate: f64[] strict named "r" own r;'
                 ' w "a/w": f64[3], r: f64[]) =\n  update w = w - rate * sum(x, axis=0);\n'
                 '  sum(x @ w) as "cost" borrow',
        'predict': 'predict(x: f64[?, 3] lossy borrow; w "a/w": f64[3], c: f64[4] constant) =\n'
                   '  let t1 "" = x @ w;\n  t1 + c[0], t1',
    }, {'w': (3,), 'r': (), 'c': (4,)})


def write_dictionary(path, declarations):
    names = set()
    for declaration in declarations:
        names.update(NAMES.findall(Path(declaration).read_text(encoding='utf-8')))
    entries = SIGNS + WORDS + sorted(name + '(' for name in names)
    path.write_text(''.join(
        '"{}"\n'.format(entry.replace('"', r'\"')) for entry in entries), encoding='utf-8')
    return len(names)


def main():
    folder = Path(sys.argv[1])
    write_seeds(folder)
    n_names = write_dictionary(folder / 'notation.dict', sys.argv[2:])
    if n_names < 100:
        sys.exit(f'only {n_names} operators were found')


main()
