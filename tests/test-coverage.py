# SPDX-License-Identifier: LGPL-2.1-or-later
"""The page on coverage: what users expect is here, or it is said why not."""

import importlib.util
import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent.parent / 'introspection' / 'coverage'
SPEC = importlib.util.spec_from_file_location('coverage_page', FOLDER / 'coverage.py')
COVERAGE = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(COVERAGE)


def test_all_of_the_array_api_but_its_extensions_is_here():
    for page, name in COVERAGE.read(FOLDER / 'array-api.txt'):
        if not name.startswith(('linalg.', 'fft.')):
            assert COVERAGE.look_up(page, name), name


def test_theanos_tensors_and_streams_are_here_but_for_three_names():
    absent = {name for page, name in COVERAGE.read(FOLDER / 'theano.txt')
              if page in ('tensor/basic', *COVERAGE.IN_STREAMS)
              and not COVERAGE.look_up(page, name)}

    assert absent == {'chi2sf', 'conf', 'gen'}


def test_every_name_has_a_row():
    text = '\n'.join(COVERAGE.write(FOLDER / 'array-api.txt', FOLDER / 'theano.txt'))

    for path in ('array-api.txt', 'theano.txt'):
        for _, name in COVERAGE.read(FOLDER / path):
            assert re.search(rf'^\| `{re.escape(name)}` \| .+ \|$', text, re.MULTILINE), name


def test_a_name_that_nobody_has_is_found(tmp_path):
    names = tmp_path / 'names.txt'
    names.write_text('abs\nfrobnicate\n', encoding='utf-8')

    with pytest.raises(SystemExit, match='frobnicate: it is neither here nor'):
        list(COVERAGE.write_table('Title', names))
