# SPDX-License-Identifier: LGPL-2.1-or-later
"""The manual and README.md are right: their examples run, and print what their comments say."""

import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

MANUAL = Path(__file__).parent.parent / 'introspection' / 'manual'
BUILD = Path(os.environ['TG_BUILD_ROOT'])
# How programs end, are run, and print a line whose comment says what it shows.
LANGUAGES = {
    'c': ('.c', None, r'g_print\w* \(.*; /\* (.*) \*/$'),
    'javascript': ('.js', ['gjs', '-m'], r'print\(.*\); +// (.*)$'),
    'lua': ('.lua', ['lua5.3'], r'print\(.*\) +-- (.*)$'),
    'perl': ('.pl', ['perl'], r'print .*; +# (.*)$'),
    'python': ('.py', [sys.executable], r'print\(.*\) +# (.*)$'),
    'ruby': ('.rb', ['ruby'], r'puts .* +# (.*)$'),
    'vala': ('.vala', None, r'print \(.*\); // (.*)$'),
}


def read_blocks(text):
    """Pairs of a language and a text; those without a language are no programs."""
    return re.findall(r'^```(\w+)\n(.*?)^```$', text, re.MULTILINE | re.DOTALL)


def find_programs():
    """The blocks of a page in one language are one program."""
    for path in [*sorted(MANUAL.glob('*.md')), MANUAL.parent.parent / 'README.md']:
        blocks = read_blocks(path.read_text(encoding='utf-8'))
        for language in sorted({language for language, _ in blocks}):
            if language != 'console':
                yield path.stem, language, ''.join(
                    text for kind, text in blocks if kind == language)


def get_expected(language, text):
    found = (re.search(LANGUAGES[language][2], line) for line in text.splitlines())
    return [match[1] for match in found if match]


def run(*command, **options):
    return subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False,
                          stdin=subprocess.DEVNULL, timeout=60, **options)


def compile_program(source):
    program = source.with_suffix('')
    environment = os.environ | {'PKG_CONFIG_PATH': str(BUILD / 'meson-uninstalled')}
    flags = run('pkg-config', '--cflags', '--libs', 'tg-1', env=environment).stdout.split()
    # Installed, the headers would lie in one folder.
    flags += {f'-I{path.parent}' for root in (MANUAL.parent.parent, BUILD)
              for path in (root / 'libtg').glob('*/*.h')}
    if source.suffix == '.c':
        result = run('cc', '-Wall', '-Werror', '-o', program, source, *flags)
    else:
        result = run('valac', '--vapidir', BUILD / 'introspection', '--pkg', 'gio-2.0',
                     '--pkg', 'tg-1',
                     '-X', '-w', *(part for flag in flags for part in ('-X', flag)),
                     '-o', program, source)
    assert result.returncode == 0, result.stdout + result.stderr
    return program


@pytest.mark.parametrize('page, language, text', [
    pytest.param(*program, id='-'.join(program[:2])) for program in find_programs()])
def test_examples_do_what_they_say(page, language, text, tmp_path):
    assert language in LANGUAGES, f'{page}.md has a block in the unknown language {language}'
    suffix, command, _ = LANGUAGES[language]
    source = tmp_path / f'example{suffix}'
    source.write_text(text, encoding='utf-8')
    result = run(*(command + [source] if command else [compile_program(source)]), cwd=tmp_path)

    assert (result.returncode, result.stderr) == (0, ''), result.stderr
    assert result.stdout.splitlines() == get_expected(language, text)


def find_sessions():
    for path in sorted(MANUAL.glob('*.md')):
        for language, text in read_blocks(path.read_text(encoding='utf-8')):
            if language == 'console':
                yield from re.findall(r'^\$ (.*)\n((?:(?!\$ ).*\n)*)', text, re.MULTILINE)


@pytest.mark.parametrize('line, expected', find_sessions())
def test_commands_print_what_stands_below_them(line, expected):
    environment = os.environ | {'PATH': f'{BUILD}/libtg/command:{os.environ["PATH"]}',
                                'LC_ALL': 'C.UTF-8', 'LANGUAGE': ''}
    result = run('bash', '-c', f'{line} 2>&1', env=environment)
    # Rules move when others are added.
    shown, expected = (re.sub(r'rules:\d+ +', 'rules:N ', text)
                       for text in (result.stdout, expected))
    assert shown == expected


def test_each_language_has_examples():
    assert {language for _, language, _ in find_programs()} == set(LANGUAGES)


def test_every_page_is_in_the_contents():
    contents = (MANUAL.parent / 'Tg.toml.in').read_text(encoding='utf-8')
    build = (MANUAL / 'meson.build').read_text(encoding='utf-8')
    for path in MANUAL.glob('*.md'):
        assert f'"{path.name}"' in contents and f"'{path.name}'" in build


def find_documented():
    """What the GIR has, as links call it: Tg.exp, Tg.Tensor, Tg.Tensor.save."""
    core = '{http://www.gtk.org/introspection/core/1.0}'
    gir = ElementTree.parse(BUILD / 'introspection' / 'Tg-1.gir').getroot()
    for node in gir.find(core + 'namespace'):
        yield f'Tg.{node.get("name")}'
        for part in node:
            if part.get('name'):
                yield f'Tg.{node.get("name")}.{part.get("name")}'


@pytest.mark.parametrize('path', sorted(MANUAL.glob('*.md')), ids=lambda path: path.stem)
def test_links_lead_somewhere(path):
    text = path.read_text(encoding='utf-8')
    known = set(find_documented())

    for name in re.findall(r'\[\w+@(Tg[\w.]+)\]', text):
        assert name in known, name
    for page in re.findall(r'\]\(([\w-]+)\.html\)', text):
        assert (MANUAL / f'{page}.md').exists() or page in ('coverage', 'operators'), page


def test_blocks_are_found():
    assert read_blocks('Text\n```python\nx = 1\n```\n```\nno\n```\n```c\nint y;\n```\n') == [
        ('python', 'x = 1\n'), ('c', 'int y;\n')]
    assert get_expected('python', 'print(1)  # 1\nprint(2)\n') == ['1']
