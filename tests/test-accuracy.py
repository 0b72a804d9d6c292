# SPDX-License-Identifier: LGPL-2.1-or-later
"""Reports of accuracy, held against mpmath."""

import json
import math

import gi
import mpmath
import numpy as np
import pytest

gi.require_version('Tg', '1')

from gi.repository import GLib, Tg


def bits_between(a, b):
    """log2 (1 + floats between), counted in the order of their bits."""
    places = []
    for number in (a, b):
        bits = int(np.float64(number).view(np.int64))
        places.append(bits if bits >= 0 else -(bits & (2**63 - 1)))
    return math.log2(1 + abs(places[0] - places[1]))


def test_says_where_accuracy_is_lost():
    x = Tg.dscalar('x')
    report = Tg.accuracy(Tg.sqrt(x + 1) - Tg.sqrt(x), {x: (1, 1e12)})
    assert report.get_mean_error(False) > 8
    assert report.get_mean_error(True) < 1
    nodes = list(report)
    worst = max(nodes, key=lambda node: node.get_local_error())
    assert worst.get_variable().to_string() == 'sqrt(x + 1) - sqrt(x)'
    assert all(node.get_local_error() < 1 for node in nodes if node is not worst)


def test_worst_point_is_as_wrong_as_it_says():
    x = Tg.dscalar('x')
    report = json.loads(Tg.accuracy((1 - Tg.cos(x)) / x**2, {x: (1e-9, 1)}).to_json())
    before = report[0]['before']
    point = before['point']['x']
    with mpmath.workprec(400):
        exact = (1 - mpmath.cos(point)) / mpmath.mpf(point)**2
        truth = float(exact)
    written = (1 - math.cos(point)) / point**2
    assert before['worst'] > 40
    assert abs(bits_between(written, truth) - before['worst']) < 2


@pytest.mark.parametrize('dtype', ['float64', 'float32'])
def test_of_both_dtypes(dtype):
    x = Tg.scalar('x', dtype=dtype)
    report = Tg.accuracy(Tg.exp(x) - 1, {x: (1e-6, 1)})
    assert report.get_mean_error(False) > 5
    assert report.get_mean_error(True) < 0.5
    assert report.get_worst_error(True) <= 1
    assert 'expm1(x)' in str(report)


def test_what_was_not_looked_at():
    x = Tg.dvector('x')
    report = Tg.accuracy(Tg.log(1 + Tg.sum(Tg.exp(x) - 1)), {x: (0, 1)})
    text = str(report)
    assert 'not looked at: sum' in text
    assert [str(variable) for variable in report.list_skipped()] == ['sum(exp(x) - 1)']
    assert Tg.accuracy(Tg.exp(x)).list_skipped() == []
    assert 'expm1(x)' in text
    assert 'log1p(' in text


def test_forms_of_several_lines_keep_their_margin():
    x = Tg.dscalar('x')
    e = Tg.exp(x)
    lines = str(Tg.accuracy(e / (1 + e), {x: (0, 1)})).splitlines()
    assert lines[0].startswith('written    let t1 = exp(x);')
    assert lines[1] == '           t1 / (1 + t1)'
    assert lines[-1].endswith('   let t1 = exp(x); t1 / (1 + t1)')


def test_a_good_expression_stays():
    x = Tg.dscalar('x')
    report = json.loads(Tg.accuracy(Tg.exp(x), {x: (-1, 1)}).to_json())
    assert report[0]['written'] == report[0]['optimised'] == 'exp(x)'
    assert report[0]['before'] == report[0]['after']


def test_ranges_are_checked():
    x = Tg.dscalar('x')
    with pytest.raises(GLib.Error, match='the range of x: f64\\[\\] is empty'):
        Tg.accuracy(Tg.exp(x), {x: (1, 0)})
    with pytest.raises(TypeError, match='ranges: expected the least and the greatest'):
        Tg.accuracy(Tg.exp(x), {x: (1,)})
