# SPDX-License-Identifier: LGPL-2.1-or-later
"""Random graphs compute the same optimised, as they are written and by NumPy.

`tests/random-graphs/run.py` examines as many as one likes.
"""

import random
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent / 'random-graphs'),
                str(Path(__file__).resolve().parent)]

import numpy as np
import operators
import pytest
from cases import read_case
from formulas import Formula, mutate, read_formulas
from generator import Generator
from gi.repository import Tg
from interpreter import Refused
from layouts import WRITERS
from references import OPS, RANDOM
from run import run
from shrink import describe, shrink
from verdict import Failure, examine

N_GRAPHS = 2500

# Graphs that once failed, made small, and the values for their inputs.
REGRESSIONS = [
    ('f(x: u64[?]) = asinh(-x)', [[0]]),
    ('f(x: u16[]) = 0.5 * erfc(x / 1.4142135623730951)', [1]),
    ('f(x: u32[?]) = log_softmax(x - max(x))', [[0, 1]]),
    ('f(x: u64[?]) = -x / x', [[1]]),
    ('f(x: i64[?], y: u16[?]) = x + -y', [[0], [1]]),
    ('f(x: i64[?], y: f32[?]) = let t = y + x; t + t', [[-2 ** 63], [0]]),
    ('f(x: f64[]) = x * 10000000000 * 10000000000', [1]),
    ('f(x: u64[?], y: i64[?], z: f64[?]) = let t = y + (x + z); t - t', [[1], [0], [0]]),
    ('f(x: c128[?]) = sum(0.1 / x, axis=0)', [[1]]),
    ('f(x: f64[?]) = sum(x ** -0.5)', [[1]]),
    ('f(x: u8[?]) = x ** -0.5 / 0.25', [[1]]),
    ('f(x: f64[?], y: f64[?]) = let t = x / y / x; t + t', [[2], [3]]),
    ('f(x: f32[?, ?]) = sum(x, axis=[], keepdims=true)', [[[-0.0]]]),
    ('f(x: f64[]) = mean(x)', [-0.0]),
    ('f(x: f64[], y: f64[]) = -x + -y', [1, -1]),
    ('f(x: c64[]) = x / -1', [1 - 0j]),
    ('f(x: c128[], y: c128[]) = -x / y', [0, 1]),
    ('f(x: c128[], y: f64[]) = x + -y', [-0j, 0]),
    ('f(x: i32[?]) = astype(astype(x, dtype=f64), dtype=u16)', [[-1]]),
    ('f(x: f64[], n: f64[]) = log(x ** n)', [-2, 4]),
    ('f(x: f64[], n: f64[]) = log(x ** n)', [0, 0]),
    ('f(x: f64[?]) = log(prod(x))', [[-2, -3]]),
    ('f(x: f64[?]) = prod(x) ** 0.5', [[-2, -3]]),
    ('f(x: f64[]) = exp(lgamma(x))', [-0.5]),
    ('f(x: f64[], y: f64[]) = gamma(x + y) / gamma(x)', [-1.8, -0.4]),
    ('f(x: f64[], y: f64[]) = sigmoid(log(exp(x) + y))', [800, 1]),
    ('f(x: f64[], y: f64[]) = log_ratio(1 + y, 1 + x)', [1543.8752876033657, 0]),
    ('f(x: f64[], y: f64[]) = x * log(x / y) - x + y', [-1, -1]),
    ('f(x: f64[]) = stirling_error(x)', [1 - 2.0 ** -53]),
    ('f(x: f64[?]) = log(prod(1 - x))', [[2, 2]]),
    ('f(x: f64[?]) = 1 - prod(1 - x)', [[2, 0.5]]),
    ('f(x: f32[], y: f32[]) = x + sqrt(square(x) - square(y))', [1, 0]),
    ('f(x: f64[], y: f64[]) = sqrt(x) - sqrt(y)', [0, 0]),
    ('f(x: f64[]) = (x + 1) * log(x + 1) - x * log(x) - 1', [0]),
    ('f(x: u16[?]) = sigmoid(x) - sigmoid(-x)', [[1]]),
    ('f(x: f32[?]) = sum(sort(x, axis=0), axis=[])', [[0, -1]]),
    ('f(x: u32[?]) = lgamma_difference(sigmoid(log(mean(exp(x), axis=[]))), 2.5)', [[1]]),
    ('f(x: u16[?]) = sign(-x)', [[1]]),
    ('f(x: u32[?]) = minimum(x, -x)', [[1]]),
    ('f(x: i8[?], y: i8[?]) = abs(x) * abs(y)', [[100], [2]]),
    ('f(x: i8[?]) = abs(2 * x)', [[100]]),
    ('f(x: f32[?], y: f32[?]) = (x ** 10) ** y', [[-1], [0.5]]),
    ('f(x: i8[], y: f64[]) = exp(y) / exp(x)', [-128, 0.1]),
    ('f(x: f64[?], y: f64[?]) = let t1 = square(x); let t2 = 1 / t1 - y / t1; '
     'expand_dims(t2, axis=1) == t2', [[3.0], [-0.9111302618846768]]),
    ('f(x: f64[], y: f64[]) = tan(atan(y * cos(exp(x))))', [709, 9.065543260916564e153]),
    ('f(x: f64[?]) = lgamma(-square(vector_norm(x, axis=0))) < -5', [[5, 3]]),
    ('f(x: f64[], y: f64[]) = let t = exp(x); square(-(hypot(t, t) / t) - y)', [0, -2 ** 0.5]),
    ('f(x: f64[], y: f64[]) = asinh(x) - asinh(y)', [-15.5, 16.5]),
    ('f(x: i8[], y: i8[]) = x ** y * x', [0, -1]),
    ('f(x: f64[]) = let s = square(x); let t = minimum(s, 1e-06 * (x - (s + 1e-06 * x))); '
     '(t * t - t) / t', [1]),
    ('f(x: f32[1, 1], y: f32[1, 1]) = let t = hypot(y, x) - x; '
     't - mean(t, axis=0, keepdims=true)', [[[1]], [[5.878701358597027e-06]]]),
    ('f(x: f64[], y: f64[]) = where(sqrt(y) - sqrt(y), x, 0)', [1, -1]),
    ('f(x: f64[]) = x + tan(atan(x))', [1e300]),
    ('f(x: f64[], y: f64[]) = cos(x + y)', [1, -2.5e299]),
    ('f(x: f64[], y: f64[]) = lbeta(x, y)', [1, 1e300]),
    ('f(x: f32[2, ?, ?], y: f32[1, 3]) = x * (y - y)', [[[[0]]] * 2, [[0, 0, 0]]]),
    ('f(y: f64[?]) = nonzero(1 / tanh(y) - 1 / y)', [[0]]),
    ('f(x: f64[]) = ceil(abs(sigmoid(x) - sigmoid(atanh(tanh(x)))))', [4.1]),
    ('f(x: f64[], y: f64[3]) = let t = 1.0000000001 - (y + abs(x)); cosm1(t) / sin(t)',
     [0, [0, 0, 1e300]]),
    ('f(x: f64[]) = log_ndtr(log(exp(x) / x))', [1e-8]),
    ('f(x: f64[]) = astype(1e-06 * erfcinv(erfc(x)), dtype=u32)', [1e8]),
    ('f(x: f64[1]) = signbit(sigmoid(x))', [[np.nan]]),
    ('f(x: u16[?, ?]) = take_nd(permute_dims(x, axes=[1, 0]), i64([[-1, -1]]))', [[[0, 1]]]),
    ('f(x: f16[]) = 1e-06 * x <= 1 - 1e-06 * x * x', [709]),
    ('f(x: f64[]) = logsubexp(0.6931471805599453, x)', [0]),
    ('f(x: f64[], y: f64[]) = square(x + (tanh(x) * x + x * x) - y)',
     [0.7890625, 1.930788685788484]),
    ('f(x: f64[?, ?, ?]) = vector_norm(x, axis=[0, 2])',
     [[[[0, 0, -0.6420948782737586, 0.05810251012007632], [0] * 4], [[0, 1, 0, 2], [0] * 4]]]),
]


def find_failure(rule, seeds=range(400)):
    """The first graph that fails with a rule of one's own, and how."""
    mode = Tg.Mode(rules=Tg.RuleSet.new(rule, 'planted.rules'))
    formulas = list(read_formulas(Tg.RuleSet.new(rule, 'planted.rules')))
    for seed in seeds:
        case = Generator(seed, formulas).build()
        try:
            if case is not None:
                examine(case, seed, mode)
        except Failure as failure:
            return *shrink(case, failure, seed, mode), seed, mode
    return None


def test_random_graphs_compute_the_same():
    report = run(range(N_GRAPHS))

    assert not report.failures, '\n\n'.join(report.failures)
    assert report.graphs > 0.97 * N_GRAPHS, str(report)
    assert report.rewritten > 0.5 * N_GRAPHS, str(report)
    assert len(report.rules) > 200 and len(report.operators) > 160, str(report)
    assert report.excused() < 0.03, str(report)


@pytest.mark.parametrize('text, values', REGRESSIONS)
def test_what_once_failed(text, values):
    examine(read_case(text, *values))


@pytest.mark.parametrize('rule', [
    'wrong-double: sin (x) * cos (x) => sin (2 * x)',
    'wrong-sign: minimum (x, y) => -maximum (x, y) if integer (x)',
    'wrong-place: maximum (x, y) => x',
    'wrong-digit: exp2 (x) => exp (0.69314718055994 * x)',
    'wrong-axis: sum (x, axis=a, keepdims=k) => max (x, axis=a, keepdims=k) if float (x)',
])
def test_a_wrong_rule_is_found_and_shown_on_a_small_graph(rule):
    case, failure, seed, mode = find_failure(rule)
    text = describe(case, failure, seed, mode)

    assert failure.kind == 'optimised'
    assert case.size() <= 3, text
    assert all(value.size <= 4 for value in case.values), text
    assert 'planted.rules' in text and f'seed {seed}' in text
    assert Tg.parse(str(case)).to_string() == str(case)


@pytest.mark.parametrize('rule', [
    'turn: x * y / z => x / z * y if float (x)',
    'logarithm: log (x) + log (y) => log (x * y) assuming x > 0, y > 0',
])
def test_what_rounds_otherwise_is_no_failure(rule):
    assert find_failure(rule, range(60)) is None


def test_what_numpy_has_otherwise_is_found(monkeypatch):
    case = read_case('f(x: f64[?]) = 2 * exp(x)', [1, 2])
    examine(case)

    monkeypatch.setitem(operators.NUMPY_ELEMENTWISE, 'exp', lambda x: np.exp(x) * (1 + 1e-13))
    examine(case)  # libtg is nearer to the real number
    monkeypatch.setattr('reals.FUNCTIONS', {})
    with pytest.raises(Failure, match='numpy'):
        examine(case)


@pytest.mark.parametrize('text, values', [
    ('f(x: f64[]) = where(x / 3 * 3 == x, x, -x)', [7]),
    ('f(x: f64[], y: f64[]) = floor(log(exp(x)) + y)', [3, 0]),
    ('f(x: f64[]) = x - x', [np.inf]),
    ('f(x: f64[]) = log(exp(x))', [800]),
])
def test_choices_and_what_is_not_real_are_excused(text, values):
    counts = {}
    examine(read_case(text, *values), counts=counts)

    assert counts['elements'] == 1


def test_a_number_that_is_right_must_not_become_nan():
    rule = 'nan: 1 / (1 + exp (x)) => exp (-x) / (exp (-x) * (1 + exp (x)))'
    case = read_case('f(x: f64[]) = 1 / (1 + exp(x))', -800)

    with pytest.raises(Failure, match='optimised'):
        examine(case, mode=Tg.Mode(rules=rule))


def test_a_number_makes_the_same_graph_again():
    for number in range(20):
        first, second = Generator(number).build(), Generator(number).build()
        assert str(first) == str(second)
        assert all(np.array_equal(a, b, equal_nan=a.dtype.kind in 'fc')
                   for a, b in zip(first.values, second.values))


def test_what_is_refused_leaves_what_was_there():
    generator = Generator(0)
    x = generator.add_input('float64', (60,))
    y = generator.add('x + 1', x=x)
    before = list(generator.program.nodes)

    for _ in range(2):
        with pytest.raises(Refused):
            generator.add('outer(x + 1, x + 1)', x=x)
        assert generator.program.nodes == before
    assert generator.add('x + 1', x=x) is y


def test_every_operator_has_its_function():
    tables = (operators.NUMPY_ELEMENTWISE, operators.CONTRACT, operators.REDUCE, operators.OTHERS,
              operators.NUMBERS, {'astype'})
    missing = {name for name, op in OPS.items() if op.get_form() != Tg.OpForm.COMPOSITE
               and name not in RANDOM and not any(name in table for table in tables)}

    assert not missing
    assert not {op.get_name() for op in OPS.values() if op.get_form() in (
        Tg.OpForm.LAYOUT, Tg.OpForm.CONTRACT)} - WRITERS.keys()


def test_formulas_come_from_rules():
    formula = Formula('log (sum (w * exp (x), axis=a, keepdims=k))', 'w > 0')

    assert formula.letters == ['w', 'x'] and formula.parameters == {'a': 'axis', 'k': 'keepdims'}
    assert len({mutate(formula, random.Random(seed)).text for seed in range(20)}) > 5
    assert len(list(read_formulas())) == len(Tg.RuleSet.get_default())
