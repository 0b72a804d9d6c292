# SPDX-License-Identifier: LGPL-2.1-or-later
"""Rewriting: which rules fire, what they make, what they assume, and where they must not."""

import itertools
import json

import gi

gi.require_version('Tg', '1')

import numpy as np
import pytest
from gi.repository import GLib, Tg


def compile_text(text, mode=None, **types):
    """A function of the symbols in `types`, all of them 0-d float64 unless it says otherwise."""
    symbols = {name: Tg.dscalar(name) for name in 'abxyz'} | {
        name: Tg.parse_function(f'f(x: {kind}) = x').get_input(0) for name, kind in types.items()}
    return Tg.function([*symbols.values()], Tg.parse(text, **symbols), mode=mode,
                       on_unused_input='ignore')


def rewrite(text, mode=None, **types):
    """What the expression becomes, and the names of the rules on the way."""
    f = compile_text(text, mode, **types)
    output = f.dup_optimised_graph().get_output(0)
    return output.to_string(), [step.get_rule().get_name() for step in f.dup_trace()]


@pytest.mark.parametrize('text, result, rules', [
    ('x * y / x', 'y', ['div-self', 'mul-one']),
    ('-(-x)', 'x', ['neg-neg']),
    ('log(exp(x))', 'x', ['log-exp']),
    ('(a + b) - a', 'b', ['sub-self', 'add-zero']),
    ('2 * x / 2', 'x', None),
    ('(-x) / (-y)', 'x / y', ['neg-div-neg']),
    ('log(a + 1 + b)', 'log1p(a + b)', ['log1p']),
    ('1 - exp(x) + y', 'y - expm1(x)', ['expm1', 'add-neg']),
    ('exp(a + b) / (1 + exp(a + b))', 'sigmoid(a + b)', ['sigmoid', 'sigmoid-product']),
    ('exp(x - y) / (1 + exp(x - y))', 'sigmoid(x - y)', None),
    ('(a + b + x) / (x + b + a)', 'f64(1.0)', ['div-self']),
    ('-(x + y)', '-(x + y)', []),
    ('-(x - y)', 'y - x', ['neg-sub']),
    ('real(complex(x, y))', 'x', ['real-complex']),
    ('imag(complex(x, y))', 'y', ['imag-complex']),
])
def test_what_formulas_become(text, result, rules):
    found, steps = rewrite(text)

    assert found == result
    assert rules is None or steps == rules


@pytest.mark.parametrize('text', ['x * y / x', 'log(exp(x))', '(a + b) - a'])
def test_what_assumes_something_stays_where_only_exact_rules_may_fire(text):
    plain = rewrite(text, 'reference')

    assert rewrite(text, 'exact') == plain
    assert plain[1] == []


def test_the_trace_says_what_was_assumed():
    step = compile_text('x * y / x').dup_trace()[0]

    assert step.get_assumption() == 'x != 0'
    assert step.get_before().to_string() == 'x * y / x'
    assert step.get_after().to_string() == '1 * y'
    assert step.get_rule().get_file() == 'real.rules'
    assert step.get_rule().get_promise() == Tg.Promise.REAL


def test_what_is_known_need_not_be_assumed():
    for text in ('assume(x, nonzero=true) * y / assume(x, nonzero=true)', 'exp(x) * y / exp(x)'):
        steps = compile_text(text).dup_trace()
        assert [step.get_assumption() for step in steps if step.get_rule().get_name() == 'div-self'
                ] == [None]


def test_what_is_known_to_be_wrong_is_not_assumed():
    assert rewrite('exp(log(assume(x, high=-1)))')[0] == 'exp(log(assume(x, high=-1.0)))'


def test_replaying_the_trace_gives_the_graphs_between():
    f = compile_text('log(1 + x * y / x) - log(1 + y * x / x)')
    trace = f.dup_trace()
    graphs = [trace.dup_graph(n).get_output(0).to_string() for n in range(len(trace) + 1)]

    assert graphs[0] == f.dup_graph().get_output(0).to_string()
    assert graphs[-1] == f.dup_optimised_graph().get_output(0).to_string() == 'f64(0.0)'


def test_traces_are_text_and_json():
    trace = compile_text('x * y / x').dup_trace()
    steps = json.loads(trace.to_json())

    assert trace.to_string().startswith(
        '1. div-self (real.rules:7, real): x / x => 1 assuming x != 0\n  x * y / x\n  => 1 * y\n')
    assert steps[0]['assumption'] == 'x != 0' and steps[1]['rule'] == 'mul-one'


def test_a_dropped_operand_keeps_the_shape():
    x, y = Tg.dmatrix('x'), Tg.dvector('y')
    f = Tg.function([x, y], [x - x, x * y / x, y * 0, x + 0 * y])

    for got, expected in zip(f(np.ones((1, 3)), np.arange(3.)),
                             [np.zeros((1, 3)), [[0, 1, 2]], np.zeros(3), np.ones((1, 3))]):
        np.testing.assert_array_equal(got, expected)
    with pytest.raises(GLib.GError, match='broadcast'):
        f(np.ones((2, 3)), np.ones(4))
    assert f(np.ones((4, 1)), np.ones(3))[1].shape == (4, 3)


@pytest.mark.parametrize('text', ['1 / (1 + exp(x))', '1 + erf(x)', 'log_ratio(1 + x, 1 + y)'])
def test_rules_of_floats_do_not_compute_in_integers(text):
    symbols = [Tg.tensor('uint8', (None,), name) for name in 'xy']
    given = np.array([1, 3, 7], 'uint8'), np.array([9, 3, 200], 'uint8')
    values = [Tg.function(symbols, Tg.parse(text, *symbols), mode=mode, on_unused_input='ignore')(
        *given) for mode in ('reference', None)]

    np.testing.assert_allclose(values[1], values[0], rtol=1e-15)


def test_a_slice_may_cut_no_axis():
    x = Tg.dvector('x')
    expression = Tg.parse('concat([slice(x, [], [], axis=[], step=[]), x])', x=x)

    assert Tg.function([x], expression)([1., 2.]).tolist() == [1., 2., 1., 2.]


def test_a_matrix_is_looked_at_by_its_elements():
    """Not by those that lie next to each other: a constant that was computed may be a view."""
    rows = [[1., 0., 0., 0., 1., 0.], [0., 0., 1., 5., 6., 7.], [5., 6., 7., 8., 9., 10.]]
    m = Tg.tensor('float64', (None, 3), 'm')
    expression = Tg.parse(f'm @ slice(f64({rows}), [0], [6], axis=[1], step=[2])', m=m)

    assert Tg.function([m], expression)(np.eye(3)).tolist() == np.array(rows)[:, ::2].tolist()


def test_rules_of_a_person():
    rules = Tg.RuleSet.new('halves: sin (x) * cos (x) => 0.5 * sin (2 * x)\n', 'mine.rules')
    mode = Tg.Mode(rules=rules)
    x = Tg.dscalar('x')
    f = Tg.function([x], 3 * Tg.cos(x) * Tg.sin(x), mode=mode)

    assert f.dup_trace()[0].get_rule().get_file() == 'mine.rules'
    assert abs(f(0.3) - 1.5 * np.sin(0.6)) < 1e-15


def test_rules_that_go_round_are_named():
    mode = Tg.Mode(rules='swap: x - y => -(y - x)\n')
    x, y = Tg.dscalars('x', 'y')

    with pytest.raises(GLib.GError, match='does not come to an end.*swap') as error:
        Tg.function([x, y], x - y, mode=mode)
    assert error.value.matches(Tg.CompileError.quark(), Tg.CompileError.RULES)


@pytest.mark.parametrize('text, message', [
    ('a: x + => y', 'mine:1:8: expected an expression'),
    ('a: x + 0', 'mine:1:9: expected “=>”'),
    ('\na: foo (x) => x', 'mine:2:4: there is no operator “foo” in graphs'),
    ('a: exp (x) => y', 'mine:1:15: “y” is not on the left'),
    ('a: exp (x) => x if wild (x)', 'mine:1:20: there is no operator “wild” in graphs'),
    ('a: exp (x) => x if once (y)', 'mine:1:20: there is no letter “y”'),
    ('[sure]\n', 'mine:1:1: “sure” is none of exact, real, stable, fast, search and final'),
    ('a: x => exp (x)', 'mine:1:4: the left must be an operator'),
    ('b: exp (x) => x\na: exp (x)\n  => x if\n    once (x), wild (x)',
     'mine:4:15: there is no operator “wild” in graphs'),
    ('exp (x) => x', 'mine:1:1: expected “name: left => right”'),
])
def test_mistakes_in_rules(text, message):
    with pytest.raises(GLib.GError) as error:
        Tg.RuleSet.new(text, 'mine')
    assert error.value.message.startswith(message)


def test_rules_can_be_left_out():
    assert rewrite('log(1 + x)', '-log1p,-search')[0] == 'log(1 + x)'
    assert rewrite('log(1 + x)', '-stable.rules,-search')[0] == 'log(1 + x)'
    assert 'search' in rewrite('sqrt(x + 1) - sqrt(x)')[1]
    assert rewrite('sqrt(x + 1) - sqrt(x)', '-search')[1] == []
    assert rewrite('log(1 + x)', 'exact,real')[0] == 'log(1 + x)'


def test_a_rewritten_graph_is_not_rewritten_again():
    for text in ('log(1 + exp(x)) - x * y / x', '1 - exp(x + 0) * 1', '-(x - y) * (-z)'):
        first, _ = rewrite(text)
        assert rewrite(first) == (first, [])


@pytest.mark.parametrize('text', [
    '0 + x', '0 * x', '1 * x', 'x ** 1', 'x ** 2', 'x ** 0', 'log(1 + exp(x))', '1 - exp(x)',
    '1 / (1 + exp(-x))', 'where(x > 0, x, 0) * 1',
])
def test_a_number_with_a_shape_gives_it_to_the_result(text):
    x = Tg.dmatrix('x')
    numbers = {f'c{n}': Tg.constant(np.full((1, 3), float(n))) for n in range(3)}
    for n in range(3):
        text = text.replace(f'{n}', f'c{n}')

    f = Tg.function([x], Tg.parse(text, x=x, **numbers))
    written = Tg.function([x], Tg.parse(text, x=x, **numbers), mode='reference')
    for value in (np.ones((1, 1)), np.ones((2, 1)), np.ones((2, 3))):
        assert f(value).shape == written(value).shape


def test_what_is_compared_is_searched_and_is_what_others_see():
    text, rules = rewrite('logical_and(sqrt(x + 1) - sqrt(x) > y, x > 0)')
    assert 'search' in rules and 'sqrt(x + 1) - sqrt(x)' not in text

    x = Tg.dvector('x')
    t = 1 / Tg.square(x) - 0.3 / Tg.square(x)
    equal = Tg.function([x], Tg.equal(Tg.flip(t), t))
    values = np.random.default_rng(5).uniform(0, 9, 1000)
    assert equal(np.concatenate([values, values[::-1]])).all()


def test_functions_explain_themselves():
    text = compile_text('x * y / x + exp(x) * log(a * b) - sin(y) * cos(a)', '-search').explain()

    assert text.startswith('Applied, in 2 steps:\n  1 times div-self: x / x => 1 assuming x != 0\n')
    assert 'Assumed:\n  x != 0\n' in text
    assert ' may cancel; no rule applies\nRun by the backend ' in text
    assert 'Not recognised' not in compile_text('exp(x) + exp(y)').explain()


def test_functions_list_what_may_cancel():
    found = compile_text('log(1 + x) + sin(y) * cos(a)', '-search').list_cancellations()

    assert [str(variable) for variable in found] == ['log1p(x) + sin(y) * cos(a)']
    assert compile_text('exp(x) + exp(y)').list_cancellations() == []


def test_a_rule_that_nobody_has_read():
    rule = Tg.Rule()

    assert rule.get_line() == 0
    del rule


VECTOR, MATRIX, OTHER = 'f64[10]', 'f64[3, 10]', 'f64[?]'


@pytest.mark.parametrize('rule, text, types', [
    ('sum-over-size', 'sum(x) / size(x)', {'x': OTHER}),
    ('sum-over-count', 'sum(x, axis=1) / size(x, axis=1)', {'x': MATRIX}),
    ('sum-times-share', 'sum(x, axis=0) / 4', {'x': 'f64[4, 3]'}),
    ('mask-cast-quotient', 'astype(x > 0, dtype=f64) / a', {}),
    ('mask-cast-product', 'astype(x > 0, dtype=f64) * a', {}),
    ('mask-product', 'where(x > 0, y, 0) * a', {}),
    ('mask-product-else', 'where(x > 0, 0, y) * a', {}),
    ('mask-quotient', 'where(x > 0, y, 0) / a', {}),
    ('mask-quotient-else', 'where(x > 0, 0, y) / a', {}),
    ('mask-neg', '-where(x > 0, y, 0)', {}),
    ('mask-neg-else', '-where(x > 0, 0, y)', {}),
    ('masks', 'where(x > 0, y, 0) + where(x > 0, 0, a)', {}),
    ('masks-same', 'where(x > 0, y, 0) + where(x > 0, a, 0)', {}),
    ('log-balanced-sum-exp', 'log(sum(y * exp(x)))', {'x': OTHER, 'y': OTHER}),
    ('log-weighted-mean-exp', 'log(mean(y * exp(x), axis=0))', {'x': MATRIX, 'y': MATRIX}),
    ('log-signed-sum-exp', 'log(abs(sum(y * exp(x))))', {'x': OTHER, 'y': OTHER}),
    ('log-of-sum-exp-quotient', 'log(sum(exp(x)) / y)', {'x': OTHER}),
    ('log-of-quotient-by-sum-exp', 'log(y / sum(exp(x)))', {'x': OTHER}),
    ('log-sum-exp-difference', 'log(sum(exp(x))) - log(sum(exp(y)))', {'x': VECTOR, 'y': VECTOR}),
    ('softmax-mean', 'sum(y * exp(x)) / sum(exp(x))', {'x': OTHER, 'y': OTHER}),
    ('softmax-mean-of-means', 'mean(y * exp(x)) / mean(exp(x))', {'x': VECTOR, 'y': VECTOR}),
    ('softmax-concentration', 'sum(exp(x) ** 2) / sum(exp(x)) ** 2', {'x': OTHER}),
    ('norm-product', 'sqrt(sum(x ** 2) * exp(y))', {'x': OTHER}),
    ('log-norm', 'log(sum(x ** 2))', {'x': OTHER}),
    ('cosine-similarity', 'sum(x * y) / sqrt(sum(x ** 2) * sum(y ** 2))',
     {'x': OTHER, 'y': OTHER}),
    ('geometric-mean', 'prod(x) ** (1 / size(x))', {'x': OTHER}),
    ('log-product-of-complements', 'log(prod(1 - x))', {'x': OTHER}),
    ('product-of-complements', '1 - prod(1 - x)', {'x': OTHER}),
    ('variance-sum', 'sum(x ** 2) - size(x) * mean(x) ** 2', {'x': OTHER}),
    ('variance-sum-counted', 'sum(x ** 2) - 10 * mean(x) ** 2', {'x': VECTOR}),
    ('variance-sums', 'sum(x ** 2) - sum(x) ** 2 / size(x)', {'x': OTHER}),
    ('variance-sums-counted', 'sum(x ** 2) - sum(x) ** 2 / 10', {'x': VECTOR}),
    ('covariance', 'mean(x * y) - mean(x) * mean(y)', {'x': OTHER, 'y': OTHER}),
    ('covariance-sums', 'sum(x * y) - sum(x) * mean(y)', {'x': VECTOR, 'y': VECTOR}),
    ('covariance-products', 'sum(x * y) - sum(x) * sum(y) / 10', {'x': VECTOR, 'y': VECTOR}),
    ('log-softmax-quotient', 'log(exp(x) / sum(exp(x)) / a)', {'x': OTHER}),
    ('log-balance', 'log(a * exp(x) + b * exp(y))', {}),
    ('third-moment', 'mean(x ** 3) - 3 * mean(x) * mean(x ** 2) + 2 * mean(x) ** 3', {'x': OTHER}),
    ('squared-distance', 'sum(x ** 2) - 2 * sum(x * y) + sum(y ** 2)',
     {'x': VECTOR, 'y': VECTOR}),
])
def test_rules_of_arrays_fire_and_keep_values(rule, text, types):
    f, plain = compile_text(text, **types), compile_text(text, 'reference', **types)
    rng = np.random.default_rng(1)
    shapes = {'x': types.get('x'), 'y': types.get('y')}
    sizes = {None: (), VECTOR: (10,), OTHER: (10,), MATRIX: (3, 10), 'f64[4, 3]': (4, 3)}
    values = [rng.uniform(0.1, 0.9, sizes[shapes.get(name)]) for name in 'abxyz']

    assert rule in [step.get_rule().get_name() for step in f.dup_trace()]
    np.testing.assert_allclose(f(*values), plain(*values), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize('rule, text, types', [
    ('sum-over-count', 'sum(x) / 9', {'x': VECTOR}),
    ('sum-over-size', 'sum(x) / size(y)', {'x': OTHER, 'y': OTHER}),
    ('log-balanced-sum-exp', 'log(sum(y * exp(x), axis=0))', {'x': OTHER, 'y': MATRIX}),
    ('softmax-mean', 'sum(y * exp(x), axis=0) / sum(exp(x), axis=0)', {'x': OTHER, 'y': MATRIX}),
    ('covariance', 'mean(x * y, axis=0) - mean(x, axis=0) * mean(y, axis=0)',
     {'x': MATRIX, 'y': OTHER}),
    ('covariance-sums', 'sum(x * y) - sum(x) * mean(y)', {'x': OTHER, 'y': OTHER}),
    ('squared-distance', 'sum(x ** 2) - 2 * sum(x * y) + sum(y ** 2)', {'x': OTHER, 'y': OTHER}),
    ('log-sum-exp-difference', 'log(sum(exp(x))) - log(sum(exp(y)))', {'x': OTHER, 'y': OTHER}),
    ('variance-sum-counted', 'sum(x ** 2) - 11 * mean(x) ** 2', {'x': VECTOR}),
])
def test_rules_of_arrays_stay_away_where_shapes_may_differ(rule, text, types):
    assert rule not in rewrite(text, **types)[1]


@pytest.mark.parametrize('text', [
    'mean(x * y, axis=1) - mean(x, axis=1) * mean(y, axis=1)',
    'sum(y * exp(x), axis=0) / sum(exp(x), axis=0)',
    'log(sum(y * exp(x), axis=1))',
    'sum(x * y, axis=0) / sqrt(sum(x ** 2, axis=0) * sum(y ** 2, axis=0))',
])
def test_rules_of_arrays_hold_where_one_is_repeated(text):
    f, plain = (compile_text(text, mode, x='f64[?, ?]', y='f64[?, ?]')
                for mode in (None, 'reference'))
    rng = np.random.default_rng(1)

    for x, y in itertools.product(((3, 4), (1, 4), (3, 1), (1, 1)), repeat=2):
        values = [0, 0, rng.uniform(0.1, 1, x), rng.uniform(0.1, 1, y), 0]
        np.testing.assert_allclose(f(*values), plain(*values), rtol=1e-12, atol=1e-14)
