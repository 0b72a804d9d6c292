# SPDX-License-Identifier: LGPL-2.1-or-later
"""Expressions that lose accuracy as people write them, and what libtg makes of them."""

import random
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent / 'catalogue'))

from measure import bits_of_error, draw, find_truth, from_ordinal, measure_file, ordinal, read


@pytest.fixture(scope='module')
def rows():
    return {name: measure_file(name, n_points=n_points)
            for name, n_points in (('expressions', 32), ('arrays', 6), ('gradients', 32),
                                   ('hamming', 32))}


def test_the_measure():
    assert bits_of_error(1., 1.) == 0 and bits_of_error(np.nan, 1.) == 64
    assert bits_of_error(1. + 2 ** -52, 1.) == 1 and bits_of_error(-5e-324, 5e-324) > 1.5
    assert find_truth('sqrt(x + 1) - sqrt(x)', {'x': 1e30}) == [5e-16]
    assert find_truth('log(x)', {'x': -1.}) is None


def test_numbers_are_drawn_as_files_say():
    rng = random.Random(1)
    inputs = [spec.split() for spec in ('x any', 'y in -1 1', 'z in y max', 'if x > 0')]
    points = [draw(rng, inputs) for _ in range(200)]

    assert all(p['x'] > 0 and -1 <= p['y'] <= 1 and p['z'] >= p['y'] for p in points)
    assert min(p['x'] for p in points) < 1e-200 and max(p['x'] for p in points) > 1e200
    assert all(from_ordinal(ordinal(x)) == x for x in (1., -1., 0., 5e-324, -1e308))


def test_entries_are_different():
    for name in ('expressions', 'arrays', 'gradients', 'hamming', 'unseen'):
        texts = [(str(inputs), ''.join(text.split())) for _, inputs, text in read(name)]
        assert len(texts) == len(set(texts))


def test_most_expressions_are_within_two_bits(rows):
    found = [errors[1] for name in ('expressions', 'arrays') for _, _, errors in rows[name]]

    assert len(found) >= 165
    assert sum(bits <= 2 for bits in found) >= len(found) - 6


def test_none_gets_worse_by_more_than_a_bit(rows):
    for name, measured in rows.items():
        for title, n_points, (written, found) in measured:
            assert n_points >= 8 or name == 'arrays', title
            assert found <= written + 1, (name, title, written, found)


def test_as_written_they_are_wrong(rows):
    written = [errors[0] for name in ('expressions', 'arrays') for _, _, errors in rows[name]]

    assert sum(bits > 2 for bits in written) >= 140


def test_gradients_are_as_stable_as_values(rows):
    assert sum(errors[1] <= 2 for _, _, errors in rows['gradients']) >= 14


def test_the_problems_of_hamming(rows):
    assert len(rows['hamming']) == 28
    assert np.mean([errors[1] for _, _, errors in rows['hamming']]) <= 5


def test_with_series_and_branches():
    modes = 'reference', 'accurate'
    hamming = measure_file('hamming', modes=modes, n_points=32)
    unseen = measure_file('unseen', modes=modes, n_points=16)

    assert np.mean([errors[1] for _, _, errors in hamming]) <= 1.6
    assert sum(errors[1] <= 2 for _, _, errors in unseen) >= 160
    for title, _, (written, found) in hamming + unseen:
        assert found <= written + 1, (title, written, found)
