# SPDX-License-Identifier: LGPL-2.1-or-later
"""The rows of the benchmark, made small: libtg and NumPy compute the same."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent / 'benchmark'))

from report import find_ratio, show
from rows import FRESH, ROWS
from system import load
from system_numpy import Truth


@pytest.fixture(scope='module')
def libtg():
    return load('libtg')


@pytest.fixture(scope='module')
def numpy():
    return load('NumPy')


@pytest.mark.parametrize('name', ROWS)
def test_libtg_and_numpy_agree(name, libtg, numpy):
    row, truth = ROWS[name].shrink(), Truth()
    expected = truth.compute(truth.prepare(row), row)

    for system in (libtg, numpy):
        assert row.compare(system.compute(system.prepare(row), row), expected) <= 1


def test_what_is_wrong_is_seen():
    row = ROWS['logistic, 10^3'].shrink()
    (expected,) = Truth().compute(Truth().prepare(row), row)

    assert row.compare([expected], [expected]) == 0
    assert row.compare([expected + 1e-9], [expected]) > 1
    assert row.compare([expected * float('nan')], [expected]) > 1
    assert row.compare([expected[1:]], [expected]) > 1


def test_new_processes_measure_rows_that_there_are():
    assert {row for _, row, _ in FRESH.values()} <= set(ROWS)


def test_the_ratio_is_that_of_the_fastest_peer_that_is_right():
    assert find_ratio({'libtg': 2., 'JAX': 3., 'torch': 8., 'numexpr': 'wrong'}) == 1.5
    assert find_ratio({'libtg': 'wrong', 'JAX': 3.}) is None
    assert find_ratio({'libtg': 2.}) is None


def test_times_have_three_digits_and_a_unit():
    assert [show(value, False) for value in (1.5e-8, 2e-6, 0.9996, 12.34, '> 60 s')] == [
        '15 ns', '2 µs', '1 s', '12.3 s', '> 60 s']
