#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Checks what CONTRIBUTING.md asks of every file: licence, blanks, columns, braces and sizes."""

import re
import sys
import tempfile
from pathlib import Path

SUFFIXES = {'.c', '.h', '.js', '.lua', '.pl', '.py', '.rb', '.sh', '.ui', '.css', '.vala', '.op',
            '.rules', '.in', '.md', '.build', '.ini', '.txt'}
WITHOUT_LICENCE = {'.md', '.op', '.rules', '.txt', '.in', '.ini', '.ui', '.css'}
C_LIKE = {'.c', '.h'}
COLUMNS = 100
FILE_LINES = (600, 1000)
FUNCTION_LINES = 80
LATER = re.compile(r'\b(?:TO' 'DO|FIX' 'ME|X' 'XX)\\b')


def blank_out(text):
    """C without what its comments, strings and characters hold; lines and columns stay."""
    def blank(match):
        return re.sub(r'[^\n]', ' ', match[0]) if match[0][0] == '/' else '"' * len(match[0])
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'', blank, text,
                  flags=re.DOTALL)


def check_lines(path, lines):
    if path.suffix not in WITHOUT_LICENCE and not any(
            'SPDX-License-Identifier: LGPL-2.1-or-later' in line for line in lines[:3]):
        yield 1, 'no SPDX line with LGPL-2.1-or-later among the first three'
    if len(lines) > FILE_LINES[1]:
        yield len(lines), f'more than {FILE_LINES[1]} lines in a file'
    for number, line in enumerate(lines, 1):
        if '\t' in line:
            yield number, 'a tab'
        if line != line.rstrip():
            yield number, 'blanks at the end'
        if len(line) > COLUMNS and path.suffix != '.md':
            yield number, f'{len(line)} columns, more than {COLUMNS}'
        if LATER.search(line):
            yield number, 'a note of what is left to do'
    if lines and not lines[-1]:
        yield len(lines), 'an empty line at the end'


def check_c_lines(lines):
    for number, line in enumerate(blank_out('\n'.join(lines)).split('\n'), 1):
        code = re.sub(r'^\s*#\s*define\s+\w+(\([^)]*\))?', '', line)
        call = re.search(r'\b(?!N?_\()([A-Za-z_]\w*)\(', code)
        if call:
            yield number, f'no blank between “{call[1]}” and its parenthesis'
        if re.match(r'[a-z_].*\)\s*\{$', line):
            yield number, 'the brace of a function stands on a line of its own'
        if re.match(r'\s+(\} )?(if|else|for|while|do|switch)\b.*[^\\]\{$', line):
            yield number, 'the brace of a block stands on a line of its own'


def check_c_functions(lines):
    start = None
    for number, line in enumerate(lines, 1):
        if line == '{' and number > 1 and lines[number - 2].endswith(')'):
            start = number
        elif line == '}' and start:
            head = '\n'.join(lines[max(0, start - 15):start - 1]).rpartition('\n\n')[2]
            if number - start - 1 > FUNCTION_LINES and '/* long: ' not in head:
                yield start, f'{number - start - 1} lines in a function without “/* long: why */”'
            start = None


def check_file(path):
    lines = path.read_text(encoding='utf-8').split('\n')[:-1]
    yield from check_lines(path, lines)
    if path.suffix in C_LIKE:
        yield from check_c_lines(lines)
        yield from check_c_functions(lines)


def find_files(root):
    for path in sorted(root.rglob('*')):
        parts = path.relative_to(root).parts
        if path.is_file() and path.suffix in SUFFIXES and not (
                any(part.startswith(('.', 'build')) for part in parts[:-1]) or
                {'golden', 'data'} & set(parts[:-1])):
            yield path


def test_check():
    """Each kind of mistake is found, and a file without any passes."""
    licence = '/* SPDX-License-Identifier: LGPL-2.1-or-later */\n'
    body = '  call (a);\n' * (FUNCTION_LINES + 1)
    wrong = {
        'licence.c': 'int a;\n',
        'tab.c': licence + 'int\ta;\n',
        'blanks.c': licence + 'int a; \n',
        'columns.c': licence + '/* ' + 'a' * COLUMNS + ' */\n',
        'later.c': licence + '/* TO' 'DO: write it */\n',
        'call.c': licence + 'int a = f(b);\n',
        'brace.c': licence + 'f (void) {\n}\n',
        'block.c': licence + 'f (void)\n{\n  if (a) {\n}\n',
        'function.c': licence + 'f (void)\n{\n' + body + '}\n',
        'file.c': licence + 'int a;\n' * FILE_LINES[1],
        'end.py': '# SPDX-License-Identifier: LGPL-2.1-or-later\n\n',
    }
    right = {
        'good.c': licence + '#define F(a) g (a, "f(x) {")\n\n/* a(b) */\nint\nf (void)\n{\n}\n',
        'long.c': licence + '\n/* long: it is a table */\nint\nf (void)\n{\n' + body + '}\n',
        'good.py': '# SPDX-License-Identifier: LGPL-2.1-or-later\nprint(1)\n',
    }
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (wrong | right).items():
            Path(folder, name).write_text(text, encoding='utf-8')
        found = {path.name for path in find_files(Path(folder)) if list(check_file(path))}
    assert found == set(wrong), found ^ set(wrong)


def main(root):
    failed = False
    total = 0
    for path in find_files(root):
        where = path.relative_to(root)
        for number, message in check_file(path):
            print(f'{where}:{number}: {message}')
            failed = True
        lines = path.read_text(encoding='utf-8').count('\n')
        total += lines
        if lines > FILE_LINES[0] and path.suffix != '.md':
            print(f'{where}: warning: {lines} lines, more than {FILE_LINES[0]}')
    print(f'{total} lines in all')
    return failed


if __name__ == '__main__':
    test_check()
    sys.exit(main(Path(sys.argv[1])))
