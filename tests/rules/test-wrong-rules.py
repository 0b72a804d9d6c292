# SPDX-License-Identifier: LGPL-2.1-or-later
"""Plausible mistakes in rules are refused, each with a counterexample that is one."""

import functools
import os
import subprocess
import sys
from pathlib import Path

import mpmath
import pytest

from rules import checker

SCRIPT = Path(__file__).with_name('check-rules.py')
FIRING = Path(os.environ.get('TG_BUILD_ROOT', '.')) / 'tests' / 'rules' / 'check-firing'

# The promise, and what is taken to keep it.
WRONG = [
    # Not the same bits.
    ('exact', 'x / x => 1'),
    ('exact', 'x - x => 0'),
    ('exact', 'x + 0 => x if float (x)'),
    ('exact', '(x + y) + z => x + (y + z)'),
    ('exact', '(x * y) * z => x * (y * z)'),
    ('exact', 'x * (y + z) => x * y + x * z'),
    ('exact', 'x / c => x * (1 / c) if number (c), float (x), c != 0'),
    ('exact', 'logical_not (x < y) => x >= y'),
    ('exact', 'x == x => true'),
    ('exact', 'maximum (x, y) => where (x > y, x, y)'),
    ('exact', 'abs (-x) => abs (x)'),
    ('exact', 'sign (-x) => -sign (x)'),
    ('exact', 'logical_or (x, y) => logical_and (x, y)'),
    ('exact', '~(x & y) => ~x & ~y'),
    ('exact', '-floor_divide (x, y) => floor_divide (-x, y) if integer (x), integer (y)'),
    ('exact', 'astype (astype (x, dtype=d), dtype=e) => astype (x, dtype=e)'),
    ('exact', 'permute_dims (permute_dims (x, axes=a), axes=b) => x'),
    ('exact', 'floor (x) => x'),
    ('exact', 'where (c, x, y) => where (c, y, x)'),
    # Not the same real numbers.
    ('real', 'sqrt (x * x) => x'),
    ('real', 'sqrt (square (x)) => -x if x >= 0'),
    ('real', 'log (x * y) => log (x) + log (y)'),
    ('real', 'log (x ** y) => y * log (x)'),
    ('real', 'abs (x) => x if x >= -1'),
    ('real', 'abs (x - y) => abs (x) - abs (y)'),
    ('real', 'sqrt (x * y) => sqrt (x) * sqrt (y)'),
    ('real', '(x ** y) ** z => x ** (y * z)'),
    ('real', 'asin (sin (x)) => x'),
    ('real', 'atan2 (y, x) => atan (y / x)'),
    ('real', 'x / (y / z) => x / y / z'),
    ('real', 'exp (x + y) => exp (x) + exp (y)'),
    ('real', 'tanh (x) => 2 * sigmoid (x) - 1'),
    ('real', 'cosh (x) - 1 => 2 * square (sinh (x))'),
    ('real', 'mean (x * y, axis=a, keepdims=k) => mean (x, axis=a, keepdims=k) '
             '* mean (y, axis=a, keepdims=k)'),
    ('real', 'mean (c * x, axis=a, keepdims=k) => c * sum (x, axis=a, keepdims=k) '
             'if number (c), scalar (c)'),
    ('real', 'matmul (x, y) => matmul (y, x)'),
    ('real', 'softmax (x - max (x, axis=b, keepdims=true), axis=a) => softmax (x, axis=a)'),
    ('real', 'softmax (c * x, axis=a) => softmax (x, axis=a) if scalar (c)'),
    # Farther from the real number.
    ('stable', 'expm1 (x) => exp (x) - 1'),
    ('stable', 'exp (x) - 1 => x'),
    ('stable', 'log1p (x) => log (1 + x)'),
    ('stable', 'hypot (x, y) => sqrt (square (x) + square (y))'),
    ('stable', '(x - y) * (x + y) => square (x) - square (y)'),
    ('stable', 'logaddexp (x, y) => log (exp (x) + exp (y))'),
    ('stable', 'x / y => x * (1 / y)'),
    ('stable', 'square (sin (x / 2)) => (1 - cos (x)) / 2'),
    ('stable', 'erfc (x) => 1 - erf (x)'),
    ('stable', 'log (erfcx (x)) => square (x) + logerfc (x) if x > 0'),
    # Faster, but something else.
    ('fast', 'x ** 3 => x * x'),
    ('fast', 'x / c => x * c if number (c), c != 0'),
]

# At simple numbers one knows what a counterexample must say.
KNOWN = [
    ('exact', 'x + 0 => x if float (x)', {'x': '-0.0'}, '0.0', '-0.0'),
    ('exact', 'x / x => 1', {'x': '0.0'}, 'nan', '1.0'),
    ('exact', 'x - x => 0', {'x': 'inf'}, 'nan', '0.0'),
    ('exact', 'x == x => true', {'x': 'nan'}, 'False', 'True'),
    ('exact', 'logical_not (x < y) => x >= y', {'x': '0.0', 'y': 'nan'}, 'True', 'False'),
    ('exact', 'sign (-x) => -sign (x)', {'x': '0.0'}, '0.0', '-0.0'),
    ('exact', 'abs (-x) => abs (x)', {'x': '1'}, '255', '1'),
    ('exact', '-(x + y) => (-x) + (-y)', {'x': '0.0', 'y': '-0.0'}, '-0.0', '0.0'),
]


@functools.cache
def check(promise, rule):
    [report] = checker.check_text(f'[{promise}]\nplanted: {rule}\n', 'planted.rules')
    return report


@pytest.mark.parametrize('promise, rule', WRONG)
def test_a_wrong_rule_has_a_counterexample(promise, rule):
    report = check(promise, rule)
    found = report.counterexample

    assert not report.is_right and found is not None
    assert found.rule == 'planted.rules:2: planted' and rule in str(report)
    assert set(found.inputs) <= set(report.algebra.letters) and found.inputs
    assert found.left != found.right
    assert all(text in str(report) for text in (found.left, found.right, *found.inputs.values()))


@pytest.mark.parametrize('promise, rule', [(promise, rule) for promise, rule in WRONG
                                           if promise != 'exact'])
def test_sides_differ_by_more_than_rounding(promise, rule):
    found = check(promise, rule).counterexample
    if found.reason != 'not equal as real numbers' or 'nan' in (found.left, found.right):
        return
    assert abs(mpmath.mpf(found.left) - mpmath.mpf(found.right)) > 1e-13 * abs(
        mpmath.mpf(found.left))


@pytest.mark.parametrize('promise, rule, inputs, left, right', KNOWN)
def test_what_a_counterexample_says(promise, rule, inputs, left, right):
    found = check(promise, rule).counterexample

    assert found.reason == 'not the same bits'
    assert (found.inputs, found.left, found.right) == (inputs, left, right)


@pytest.mark.parametrize('rule, problem', [
    ('exp (x) => exp (x + 0) if x > 1, x < 0', 'it fires for none of its instances'),
    ('log (y) => x if x > 0', None),
])
def test_a_rule_that_cannot_fire_is_refused(rule, problem):
    if problem is None:
        with pytest.raises(Exception, match='“x” is not on the left'):
            check('real', rule)
    else:
        assert problem in check('real', rule).problems


@pytest.mark.parametrize('promise, rule', [
    ('exact', '-(-x) => x'), ('real', 'sqrt (square (x)) => abs (x)'),
    ('stable', 'exp (x) - 1 => expm1 (x)'), ('fast', 'x ** 3 => x * square (x)'),
    ('real', 'exp (x) * y => y * exp (x) if once (x)'),
])
def test_right_rules_pass(promise, rule):
    report = check(promise, rule)

    assert report.is_right and report.points > 30, str(report)


def run(program, folder, text):
    (folder / 'mine.rules').write_text(text, encoding='utf-8')
    return subprocess.run(program, capture_output=True, text=True, check=False)


def test_a_person_checks_rules(tmp_path):
    program = [sys.executable, SCRIPT, tmp_path / 'mine.rules']
    good = run(program, tmp_path, 'good: log (exp2 (x)) => x * log (2)\n')
    bad = run(program, tmp_path, '[exact]\nfine: -(-x) => x\n\nbad: x / x => 1\n')

    assert good.returncode == 0 and good.stdout.startswith('ok mine.rules:1: good: ')
    assert bad.returncode == 1 and 'ok mine.rules:2: fine: ' in bad.stdout
    assert 'WRONG mine.rules:4: bad: x / x => 1\n' in bad.stdout
    assert '  at x = 0.0\n  nan against 1.0\n' in bad.stdout


def test_a_build_stops_at_a_rule_that_cannot_fire(tmp_path):
    program = [FIRING, tmp_path, 'mine.rules']
    good = run(program, tmp_path, 'good: exp (x) => x if x > 1\n')
    bad = run(program, tmp_path,
              'good: exp (x) => x if x > 1\n\nbad: exp (x) => x if x > 1, x < 0\n')

    assert (good.returncode, good.stdout) == (0, '1 of 1 rules fire\n')
    assert bad.returncode == 1
    assert bad.stderr == (f'{tmp_path}/mine.rules:3: error: bad can never fire: '
                          'exp (x) => x if x > 1, x < 0\n')
