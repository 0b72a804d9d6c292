# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a search has found is on disk for the next process."""

import os
import stat
import subprocess
import sys

import pytest

# Forms that lose accuracy, of which one has no better form; prints what became of them, and how.
SCRIPT = '''
import gi
gi.require_version('Tg', '1')
from gi.repository import Tg
import sys
x, y = Tg.dvector('x'), Tg.dvector('y')
for formula in (Tg.sqrt(x + 1) - Tg.sqrt(x), (1 - Tg.cos(x)) / x, Tg.exp(x) - 2 + Tg.exp(-x),
                Tg.sin(x) * Tg.sin(y) - Tg.cos(x * y)):
    f = Tg.function([x, y], formula, mode=sys.argv[1] if sys.argv[1:] else None,
                    on_unused_input='ignore')
    print(f.dup_optimised_graph().to_string())
    for step in f.dup_trace():
        print(step.get_rule().get_name(), step.get_reason())
'''


def run(folder, *mode):
    return subprocess.run([sys.executable, '-c', SCRIPT, *mode], check=True, text=True,
                          stdout=subprocess.PIPE,
                          env=os.environ | {'XDG_CACHE_HOME': str(folder)}).stdout


def list_entries(folder):
    return sorted(path for path in (folder / 'libtg').iterdir() if not path.name.startswith('.'))


@pytest.fixture(scope='module')
def expected():
    text = run(os.devnull)
    assert 'search' in text
    return text


def test_the_next_process_finds_the_same(tmp_path, expected):
    assert run(tmp_path) == expected
    entries = list_entries(tmp_path)
    times = [entry.stat().st_ctime_ns for entry in entries]

    assert len(entries) >= 4
    assert run(tmp_path) == expected
    assert list_entries(tmp_path) == entries
    assert [entry.stat().st_ctime_ns for entry in entries] != times  # that they were used


@pytest.mark.parametrize('damage', [
    lambda data: b'', lambda data: data[:-1], lambda data: data[:40] + b'x' + data[41:],
    lambda data: data[:-3] + bytes([data[-3] ^ 1]) + data[-2:], lambda data: data + b'0'])
def test_damage_is_mended(damage, tmp_path, expected):
    run(tmp_path)
    whole = {entry: entry.read_bytes() for entry in list_entries(tmp_path)}
    for entry, data in whole.items():
        entry.write_bytes(damage(data))

    assert run(tmp_path) == expected
    assert {entry: entry.read_bytes() for entry in list_entries(tmp_path)} == whole


def test_what_is_valid_elsewhere_is_not_taken(tmp_path, expected):
    run(tmp_path)
    entries = list_entries(tmp_path)
    contents = [entry.read_bytes() for entry in entries]
    for entry, data in zip(entries, contents[1:] + contents[:1]):
        entry.write_bytes(data)

    assert run(tmp_path) == expected


def test_other_rules_find_other_forms(tmp_path, expected):
    run(tmp_path)
    n_entries = len(list_entries(tmp_path))

    assert run(tmp_path, '-stable.rules') == run(os.devnull, '-stable.rules')
    assert len(list_entries(tmp_path)) > n_entries


@pytest.mark.parametrize('mode', [0o777, 0o500])
def test_a_folder_of_others_or_without_permission_is_left_alone(mode, tmp_path, expected):
    (tmp_path / 'libtg').mkdir()
    (tmp_path / 'libtg').chmod(mode)

    assert run(tmp_path) == expected
    if mode & stat.S_IWOTH or os.geteuid() != 0:
        assert not list_entries(tmp_path)
