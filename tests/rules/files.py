# SPDX-License-Identifier: LGPL-2.1-or-later
"""Tests of all rules of some files, for the files of tests to take over."""

import functools
import re
from pathlib import Path

import pytest

from . import checker
from .algebra import CALL, OPS, Tg

# What a random choice of points may leave open, in a file.
MOST_UNSETTLED = 0.01


@functools.cache
def find_report(file, name, line):
    return next(checker.check_rule(rule) for rule in Tg.RuleSet.get_default()
                if (rule.get_file(), rule.get_name(), rule.get_line()) == (file, name, line))


# Operators whose truth nobody computes here, and rules that no instance is about: their types are
# not among those that are tried.  test-simplification.py has examples of both.
NO_TRUTH = {'sort', 'dot', 'outer', 'einsum', 'cumulative_sum', 'cumulative_prod', 'erfcinv',
            'take', 'diagonal', 'zeros', 'ones', 'unit_matrix', 'column'}
NO_INSTANCE = {'where-one-zero', 'where-zero-one', 'size-cast', 'shape-broadcast', 'matmul-zero',
               'matmul-zero-left', 'matmul-zeros', 'matmul-zeros-left', 'argmax-softmax',
               'argmax-log-softmax'}


def is_plain(rule):
    """Whether both sides are algebra alone; of lists, forms and functions there are examples."""
    sides = rule.get_text().partition(' if ')[0]
    return (set(CALL.findall(sides)) <= set(OPS) and not re.search(r'\w \(xs\b', sides)
            and not NO_TRUTH & set(CALL.findall(rule.get_text()))
            and rule.get_name() not in NO_INSTANCE)


# What a stable rule gains, in bits, that says that it is more accurate.
GAIN = 2

FOLDER = Path(__file__).parent
WITHOUT_GAIN = {line for line in (FOLDER / 'without-gain.txt').read_text().splitlines()
                if line and not line.startswith('#')}


def make_test_of_gains(file):
    """A test with one case for each rule of a file that says that it gains accuracy, or not."""
    @pytest.mark.parametrize('key', list_keys(file), ids=lambda key: key[1])
    def test_a_rule_gains_where_it_says_so(key):
        assert (find_report(*key).gain > GAIN) == (key[1] not in WITHOUT_GAIN)

    return {test_a_rule_gains_where_it_says_so.__name__: test_a_rule_gains_where_it_says_so}


def list_keys(*files):
    return [(rule.get_file(), rule.get_name(), rule.get_line())
            for rule in Tg.RuleSet.get_default()
            if rule.get_file() in files and is_plain(rule)]


def make_tests(*files):
    """Tests with one case for each rule of the files."""
    keys = list_keys(*files)
    each = pytest.mark.parametrize('key', keys, ids=lambda key: f'{key[0]}:{key[2]}:{key[1]}')

    @each
    def test_a_rule_keeps_its_promise(key):
        report = find_report(*key)
        assert report.counterexample is None, str(report)
        assert report.points > 0

    @each
    def test_a_rule_fires_where_it_may_alone(key):
        report = find_report(*key)
        assert report.fired > 0 and not report.problems, str(report)

    def test_points_are_settled():
        reports = [find_report(*key) for key in keys]
        assert sum(each.unsettled for each in reports) <= MOST_UNSETTLED * sum(
            each.points for each in reports)

    return {function.__name__: function for function in (
        test_a_rule_keeps_its_promise, test_a_rule_fires_where_it_may_alone,
        test_points_are_settled)}
