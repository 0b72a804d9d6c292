# SPDX-License-Identifier: LGPL-2.1-or-later
"""Expressions that lose accuracy as people write them, and what libtg makes of them."""

import itertools
import random
import re
import sys
from pathlib import Path

import mpmath
import numpy as np
import pytest

FOLDER = Path(__file__).resolve().parent / 'catalogue'
sys.path.insert(0, str(FOLDER))

import truth
import written
from measure import (bits_of_error, draw, find_truth, find_worst, from_ordinal, get_stem,
                     make_function, measure_file, measure_way, ordinal, read, sample)

FILES = ('expressions', 'arrays', 'gradients')
PAGE = FOLDER.parent.parent / 'introspection' / 'manual' / 'catalogue.md'


@pytest.fixture(scope='module')
def rows():
    return {name: measure_file(name, modes=(None,)) for name in FILES}


@pytest.fixture(scope='module')
def found(rows):
    """For each distinct problem what is known least: the errors as written, and of libtg."""
    worst = {}
    for name in FILES:
        for row in rows[name]:
            worst.setdefault((name, get_stem(row.problem)), []).append(find_worst(row))
    return {key: np.max(errors, axis=0) for key, errors in worst.items()}


def test_the_measure():
    assert bits_of_error(1., 1.) == 0 and bits_of_error(np.nan, 1.) == 64
    assert bits_of_error(1. + 2 ** -52, 1.) == 1 and bits_of_error(-5e-324, 5e-324) > 1.5
    assert find_truth('sqrt(x + 1) - sqrt(x)', {'x': 1e30}) == [5e-16]
    assert find_truth('log(x)', {'x': -1.}) is None
    assert find_truth('exp(-x)', {'x': 700.}) == [None]
    assert find_truth('sum(x ** 2)', {'x': np.array([1., 2.])}, 'x') == [2, 4]


@pytest.mark.parametrize('text', [
    'sum(x * y) / sum(x ** y)', 'log(sum(exp(x)))', 'sum(where(x > 2.5, x * x, log(x)))',
    'sum(sqrt(mean(x ** 2, axis=1)) - max(x, axis=1))', 'prod(x) - sum(2 ** x / (1 - x * 3))',
    'sum(maximum(x, y) * atan(x) - minimum(x, 1.5) / cosh(y))', 'sum(abs(x - 3.5) - lgamma(x))',
    'log(prod(diagonal(x))) + size(x)'])
def test_gradients_of_what_is_written(text):
    point = {'x': np.array([[1.25, 2.], [3., 4.]]), 'y': np.array([1., 3.])}
    exact = find_truth(text, point, 'x')

    np.testing.assert_allclose(np.ravel(written.evaluate(text, point, 'x')), exact, rtol=1e-13)


def list_values(problem):
    """What it is at some points and at their opposites, to 40 digits, whatever the names and the
    sign: of one number or two by each order of the inputs."""
    values = set()
    names = [spec[0] for spec in problem.inputs]
    with mpmath.workdps(60):
        for numbers in ((0.371, 0.618, 0.293, 0.847), (3.271, 1.137, 0.718, 2.213)):
            for order, sign in itertools.product(itertools.permutations(numbers[:len(names)]),
                                                 (1, -1)):
                point = {name: mpmath.mpf(sign * x) for name, x in zip(names, order)}
                try:
                    value = truth.evaluate(problem.ways[0], point)
                except (ZeroDivisionError, ValueError, OverflowError):
                    continue
                if isinstance(value, mpmath.mpf) and mpmath.isfinite(value):
                    values.add(mpmath.nstr(abs(value), 40))
    return values


def test_problems_are_different_functions():
    seen = {}
    for problem in read('expressions'):
        if ':' not in problem.name and 'h' not in [spec[0] for spec in problem.inputs]:
            for value in list_values(problem):
                assert seen.setdefault((len(problem.inputs), value), problem.name) == problem.name


def test_names_and_ways_are_different():
    for name in (*FILES, 'hamming', 'unseen'):
        problems = list(read(name))
        assert len({problem.name for problem in problems}) == len(problems)
        for problem in problems:
            ways = [''.join(text.split()) for text in problem.ways]
            assert len(ways) == len(set(ways)), problem.name


def test_ways_are_equal_as_real_numbers():
    for problem in itertools.chain(*map(read, FILES)):
        point, exact = next(iter(sample(problem, 8)))
        for text in problem.ways[1:]:
            other = find_truth(text, point, problem.wrt)
            assert other is not None and len(other) == len(exact), (problem.name, text)
            for x, y in zip(exact, other):
                assert x is None or bits_of_error(x, y) < 1, (problem.name, text)


def test_arrays_are_drawn_as_files_say():
    inputs = [spec.split() for spec in ('x [3x20] normal 1 ±1000', 'y [3x20] near x 1e-6',
                                        'w [5] range -0.1 10')]
    points = [draw(random.Random(seed), inputs) for seed in range(20)]

    assert {np.sign(point['x'].mean()) for point in points} == {-1, 1}
    for point in points:
        assert point['x'].shape == (3, 20) and abs(abs(point['x'].mean()) - 1000) < 1
        assert 0 < np.max(np.abs(point['y'] / point['x'] - 1)) < 1e-5
        assert np.all((abs(point['w']) >= 0.1) & (abs(point['w']) <= 10))


def test_there_are_enough(found):
    assert len(found) >= 290 and sum(name == 'gradients' for name, _ in found) >= 50
    assert all(2 < as_written for as_written, _ in found.values())


def test_most_are_within_two_bits(found):
    for name, least in (('expressions', 135), ('arrays', 38), ('gradients', 53)):
        unknown = sorted(stem for (file, stem), (_, bits) in found.items()
                         if file == name and bits > 2)
        assert sum(file == name for file, _ in found) - len(unknown) >= least, unknown


def test_none_gets_worse_by_more_than_a_bit(rows):
    """Than NumPy has it, or libtg itself, whose functions are rounded otherwise."""
    for name, measured in rows.items():
        for row in measured:
            for text, (as_written, bits) in zip(row.problem.ways, row.errors):
                if bits > as_written + 1:
                    points = list(sample(row.problem))
                    _, plain = measure_way(row.problem, text, points, ('reference',))[0]
                    assert bits <= plain + 1, (name, row.problem.name, text)


def test_most_arrays_need_no_known_shapes():
    problems = list(read('arrays'))
    recognised = 0
    for problem in problems:
        points = list(sample(problem, 8))
        recognised += all(
            np.mean([bits_of_error(x, exact) for point, elements in points for x, exact in
                     zip(np.ravel(make_function(problem, text, None, False)[0](point)), elements)
                     if exact is not None]) <= 2 for text in problem.ways)

    assert recognised >= 50


def test_the_page_says_what_is_measured(rows):
    lines = re.findall(r'^\| [^|]*\| `(.*)` \| (.*) \|$', PAGE.read_text(encoding='utf-8'), re.M)
    measured = [(text, errors) for name in FILES for row in rows[name]
                for text, errors in zip(row.problem.ways, row.errors)]

    assert [text for text, _ in lines] == [text for text, _ in measured]
    for (text, cells), (_, errors) in zip(lines, measured):
        shown = [float(cell) for cell in cells.split(' | ')]
        assert len(shown) == 5
        # NumPy's functions are rounded otherwise on other processors, and differences show it.
        apart = np.abs(np.subtract(shown[:2], errors))
        assert apart[0] <= 4 and apart[1] <= 0.3, (text, shown, errors)


def test_numbers_are_drawn_as_files_say():
    inputs = [spec.split() for spec in ('x any', 'y in -1 1', 'z in y max', 'if x > 0')]
    rng = random.Random(1)
    points = [draw(rng, inputs) for _ in range(200)]

    assert all(p['x'] > 0 and -1 <= p['y'] <= 1 and p['z'] >= p['y'] for p in points)
    assert min(p['x'] for p in points) < 1e-200 and max(p['x'] for p in points) > 1e200
    assert all(from_ordinal(ordinal(x)) == x for x in (1., -1., 0., 5e-324, -1e308))


def check_series_and_branches(rows):
    """No way is worse than it is written."""
    for row in rows:
        for as_written, default, accurate in row.errors:
            assert max(default, accurate) <= as_written + 1, row.problem.name


def test_the_problems_of_hamming():
    rows = measure_file('hamming')

    assert len(rows) == 28
    assert np.mean([find_worst(row)[2] for row in rows]) <= 1.6
    assert np.mean([find_worst(row)[1] for row in rows]) <= 4.5
    check_series_and_branches(rows)


def test_what_nobody_has_written_rules_for():
    rows = measure_file('unseen', n_points=16)

    assert len(rows) >= 200
    assert sum(find_worst(row)[2] <= 2 for row in rows) >= 160
    check_series_and_branches(rows)
