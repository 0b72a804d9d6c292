# SPDX-License-Identifier: LGPL-2.1-or-later
"""Every operator of the table against numpy or scipy.

An operator that is new in the table fails until it has a reference in references.py, and unless it
is elementwise or a reduction, a strategy in strategies.py.
"""

import itertools
import math
import warnings

import gi

gi.require_version('Tg', '1')

import numpy as np
import pytest
import scipy.stats
from gi.repository import GLib, Tg
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import mutually_broadcastable_shapes
from references import (ACCURATE, CASES, DTYPES, ELEMENTWISE, LAYOUTS, OPS, OTHERS, RANDOM, REDUCE,
                        compare, draw, draw_inside, make_symbols, scatter)
from sizes import examples
from strategies import STRATEGIES

# Numpy's, of divisions by zero.
pytestmark = pytest.mark.filterwarnings('ignore::RuntimeWarning')


def test_every_operator_has_a_reference():
    assert OPS.keys() == ELEMENTWISE.keys() | REDUCE.keys() | CASES.keys() | OTHERS


# Elementwise operators

SHAPES = {
    1: [[()], [(3,)], [(0,)], [(2, 3)], [(3, 0, 2)], [(2, 3, 4)]],
    2: [[(), ()], [(3,), (3,)], [(), (2, 3)], [(2, 1, 3), (4, 1)], [(1,), (0,)], [(0, 2), (1, 1)]],
    4: [[()] * 4, [(2, 3), (3,), (2, 1), ()], [(0, 1), (1,), (0, 3), ()]],
    3: [[(), (), ()], [(2, 3)] * 3, [(3,), (2, 1), ()], [(0, 1), (1,), (0, 3)]],
}


def result_dtype(rule, dtypes):
    promoted = np.result_type(*dtypes)
    inexact = promoted if promoted.kind in 'fc' else np.dtype('float64')
    return {'promote': promoted, 'bool': np.dtype('bool'), 'float': inexact,
            'real': np.zeros(1, promoted).real.dtype,
            'complex': np.result_type(inexact, 'complex64')}[rule]


@pytest.mark.parametrize('name', ELEMENTWISE)
def test_elementwise(name):
    op = OPS[name]
    reference, rule = ELEMENTWISE[name]
    rng = np.random.default_rng(1)
    function = getattr(Tg, name)
    n_inputs = len(op.dup_input_names())

    for dtype in filter(lambda name: op.accepts(DTYPES[name]), DTYPES):
        for shapes in SHAPES[n_inputs]:
            arrays = draw_inside(rng, op, shapes, [dtype] * n_inputs)
            if arrays is None:  # no integer is in the domain
                continue
            symbols = make_symbols(arrays)
            compiled = Tg.function(symbols, function(*symbols))
            for layout in LAYOUTS:
                values = [scatter(array, layout) for array in arrays]
                expected = reference(*values)
                compare(compiled(*values), expected, result_dtype(rule, [dtype]))


@pytest.mark.parametrize('name', [name for name in ELEMENTWISE
                                  if len(OPS[name].dup_input_names()) == 2])
def test_mixed_dtypes(name):
    op = OPS[name]
    reference, rule = ELEMENTWISE[name]
    rng = np.random.default_rng(2)

    for dtypes in itertools.permutations(DTYPES, 2):
        if not op.accepts(DTYPES[np.result_type(*dtypes).name]):
            continue
        arrays = draw_inside(rng, op, [(2, 3), (3,)], dtypes)
        if arrays is None:
            continue
        symbols = make_symbols(arrays)
        result = Tg.function(symbols, getattr(Tg, name)(*symbols))(*arrays)
        promoted = [array.astype(np.result_type(*dtypes)) for array in arrays]
        compare(result, reference(*promoted), result_dtype(rule, dtypes))


@examples(30)
@given(data=st.data())
@pytest.mark.parametrize('name', ELEMENTWISE)
def test_random_shapes(name, data):
    op = OPS[name]
    reference, rule = ELEMENTWISE[name]
    n_inputs = len(op.dup_input_names())
    shapes, _ = data.draw(mutually_broadcastable_shapes(num_shapes=n_inputs, min_side=0,
                                                        max_dims=5, max_side=4))
    dtypes = data.draw(st.lists(st.sampled_from(list(DTYPES)), min_size=n_inputs,
                                max_size=n_inputs))
    layouts = data.draw(st.lists(st.sampled_from(LAYOUTS), min_size=n_inputs, max_size=n_inputs))
    common = np.result_type(*(dtypes[1:] if name == 'where' else dtypes))
    assume(op.accepts(DTYPES[common.name]))

    arrays = draw_inside(np.random.default_rng(11), op, shapes, dtypes)
    assume(arrays is not None)
    arrays = [scatter(array, layout) for array, layout in zip(arrays, layouts)]
    promoted = [array.astype(common) for array in arrays]
    if name == 'where':
        promoted[0] = arrays[0] != 0
    symbols = make_symbols(arrays)
    result = Tg.function(symbols, getattr(Tg, name)(*symbols))(*arrays)
    compare(result, reference(*promoted), result_dtype(rule, [common]))


@examples(30)
@given(data=st.data())
@pytest.mark.parametrize('name', REDUCE)
def test_random_axes(name, data):
    reference = REDUCE[name]
    shape = data.draw(st.lists(st.integers(0, 4), max_size=5))
    dtype = data.draw(st.sampled_from([dtype for dtype in DTYPES
                                       if OPS[name].accepts(DTYPES[dtype])]))
    keepdims = data.draw(st.booleans())
    axis = data.draw(st.none() | (
        st.sampled_from(range(-len(shape), len(shape))) if name.startswith('arg') and shape
        else st.lists(st.sampled_from(range(len(shape))), unique=True).map(tuple)
        if shape and not name.startswith('arg') else st.none()))
    array = scatter(draw(np.random.default_rng(12), shape, dtype),
                    data.draw(st.sampled_from(LAYOUTS)))
    symbol, = make_symbols([array])
    compiled = Tg.function([symbol], getattr(Tg, name)(symbol, axis=axis, keepdims=keepdims))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter('ignore')
            expected = reference(array, axis=axis, keepdims=keepdims)
    except ValueError:
        empty = np.sum(array, axis=axis, keepdims=keepdims)
        if empty.size == 0:  # where numpy's argmax fails, though nothing is asked of it
            assert compiled(array).shape == empty.shape
            return
        with pytest.raises(GLib.Error):
            compiled(array)
    else:
        compare(compiled(array), expected)


@pytest.mark.parametrize('name', ELEMENTWISE)
def test_special_values(name):
    """Signed zeros, infinities, nan and numbers at the ends of the range."""
    reference, rule = ELEMENTWISE[name]
    n_inputs = len(OPS[name].dup_input_names())
    # At their poles SciPy has other values for these; test-special.c has C's.
    if not OPS[name].accepts(Tg.DType.FLOAT64) or name in ('gamma', 'lgamma', 'trigamma'):
        return
    special = np.array([0., -0., 1, -1, 0.5, -2, 3, np.inf, -np.inf, np.nan, 1e-310, 1e300, -1e300])
    arrays = np.meshgrid(*[special] * n_inputs)
    symbols = make_symbols(arrays)

    result = Tg.function(symbols, getattr(Tg, name)(*symbols))(*arrays)
    with np.errstate(all='ignore'):
        expected = reference(*arrays)

    if OPS[name].get_spec() and name in ACCURATE:  # numbers of many digits, but no infinities
        known = np.isfinite(expected) & np.logical_and.reduce([*map(np.isfinite, arrays)])
        result, expected = result[known], expected[known]
    np.testing.assert_allclose(result, expected, rtol=1e-13)
    # Which of two zeros is the larger differs between the loops of numpy.
    assert rule != 'promote' or name in ('maximum', 'minimum', 'clip') or np.array_equal(
        np.signbit(result[expected == 0]), np.signbit(expected[expected == 0]))


# Reductions

def subsets(ndim):
    axes = range(-ndim, ndim) if ndim < 3 else range(ndim)
    yield None
    for n in range(ndim + 1):
        for subset in itertools.combinations(axes, n):
            if len({axis % ndim for axis in subset}) == n:
                yield subset


@pytest.mark.filterwarnings('ignore:Mean of empty slice', 'ignore:invalid value')
@pytest.mark.parametrize('keepdims', [False, True])
@pytest.mark.parametrize('name', REDUCE)
def test_reduce(name, keepdims):
    op, reference = OPS[name], REDUCE[name]
    rng = np.random.default_rng(3)
    one_axis = name.startswith('arg')

    for dtype, shape in itertools.product(DTYPES, [(), (3,), (2, 3), (3, 0, 2), (2, 3, 4)]):
        if not op.accepts(DTYPES[dtype]):
            continue
        array = draw(rng, shape, dtype)
        symbol, = make_symbols([array])
        for axis in subsets(len(shape)):
            if one_axis and axis is not None and len(axis) != 1:
                continue
            axis = axis[0] if one_axis and axis else axis
            result = getattr(Tg, name)(symbol, axis=axis, keepdims=keepdims)
            compiled = Tg.function([symbol], result)
            for layout in LAYOUTS:
                value = scatter(array, layout)
                try:
                    expected = reference(value, axis=axis, keepdims=keepdims)
                except ValueError:
                    with pytest.raises(GLib.Error) as error:
                        compiled(value)
                    assert error.value.matches(Tg.ShapeError.quark(), Tg.ShapeError.EMPTY)
                    continue
                compare(compiled(value), expected)


def test_reductions_meet_nan():
    x = Tg.dvector('x')
    value = [1, np.nan, 3, np.nan]

    for name in ('sum', 'prod', 'mean', 'max', 'min'):
        assert np.isnan(Tg.function([x], getattr(Tg, name)(x))(value))
    assert Tg.function([x], [x.argmax(), x.argmin()])(value) == [1, 1]


def test_what_roundings_of_a_float64_sum_lose_is_added():
    x = Tg.tensor('float64', (None, None), 'x')
    total, rows, mean = (Tg.function([x], y) for y in (Tg.sum(x), Tg.sum(x, axis=1), Tg.mean(x)))
    numbers = np.random.default_rng(1).uniform(size=(1, 100_000))

    assert total(np.array([[1, 1e100, 1, -1e100]])) == 2
    np.testing.assert_array_equal(rows(np.array([[1e16, 1, -1e16], [1, np.inf, 1]])), [1, np.inf])
    assert total(numbers) == math.fsum(numbers[0])
    assert mean(numbers) == math.fsum(numbers[0]) / 100_000
    assert np.isnan(total(np.array([[np.inf, -np.inf]])))


def test_float32_is_summed_in_float64():
    x = Tg.fvector('x')
    value = np.full(10**6, 0.1, 'float32')

    total, average = Tg.function([x], [x.sum(), x.mean()])(value)

    assert total == np.float32(value.sum(dtype='float64'))
    assert average == np.float32(0.1)


# Other operators

@pytest.mark.parametrize('name', CASES)
def test_cases(name):
    op = OPS[name]
    rng = np.random.default_rng(4)

    for dtype, (shapes, expression, reference) in itertools.product(DTYPES, CASES[name]):
        if not op.accepts(DTYPES[dtype]):
            continue
        arrays = [draw(rng, shape, dtype) for shape in shapes]
        symbols = make_symbols(arrays)
        compiled = Tg.function(symbols, expression(*symbols), on_unused_input='ignore')
        for layout in LAYOUTS:
            values = [scatter(array, layout) for array in arrays]
            compare(compiled(*values), reference(*values))


def test_every_other_operator_has_a_strategy():
    """Those of random numbers have theirs in test-random.py."""
    assert STRATEGIES.keys() == OPS.keys() - ELEMENTWISE.keys() - REDUCE.keys() - RANDOM


@examples(25)
@given(data=st.data())
@pytest.mark.parametrize('name', STRATEGIES)
def test_random_parameters(name, data):
    shapes, expression, reference = data.draw(STRATEGIES[name])
    accepted = [dtype for dtype in DTYPES if OPS[name].accepts(DTYPES[dtype])]
    dtypes = [data.draw(st.sampled_from(accepted)) for _ in shapes]
    arrays = [scatter(draw(np.random.default_rng(13), shape, dtype),
                      data.draw(st.sampled_from(LAYOUTS)))
              for shape, dtype in zip(shapes, dtypes)]
    symbols = make_symbols(arrays)
    result = Tg.function(symbols, expression(*symbols), on_unused_input='ignore')(*arrays)
    common = np.result_type(*dtypes) if dtypes else None
    compare(result, reference(*(array.astype(common) for array in arrays)))


@pytest.mark.parametrize('arguments', [
    (5,), (0,), (2, 7), (7, 2), (1, 10, 3), (10, 1, -3), (0.5,), (0.0, 1.0, 0.125), (3, 0.5, -1.0),
])
def test_arange(arguments):
    compare(Tg.function([], Tg.arange(*arguments))(), np.arange(*arguments))


def test_arange_of_variables():
    start, stop, step = Tg.lscalar('start'), Tg.lscalar('stop'), Tg.iscalar('step')
    count = Tg.function([start, stop, step], Tg.arange(start, stop, step))

    for arguments in ((0, 5, 1), (3, 3, 1), (9, -4, -2)):
        compare(count(*arguments), np.arange(*arguments))


def philox(key, counter):
    """Philox 4x32-10, as its authors describe it: the four words of a block."""
    words, key = list(counter), list(key)
    for _ in range(10):
        products = 0xD2511F53 * words[0], 0xCD9E8D57 * words[2]
        words = [products[1] >> 32 ^ words[1] ^ key[0], products[1] & 0xFFFFFFFF,
                 products[0] >> 32 ^ words[3] ^ key[1], products[0] & 0xFFFFFFFF]
        key = [(key[0] + 0x9E3779B9) & 0xFFFFFFFF, (key[1] + 0xBB67AE85) & 0xFFFFFFFF]
    return words


def test_philox_is_the_published_one():
    """Known answers from the authors' Random123."""
    assert philox((0, 0), (0, 0, 0, 0)) == [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]
    assert philox((0xa4093822, 0x299f31d0), (0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344)) == [
        0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1]


def test_draws_are_blocks_of_philox():
    """Key and counter are seed, block, stream and draw; a block makes two numbers or four."""
    seed, stream, draw = 0x0123456789abcdef, 7, 2**33 + 5
    key = seed & 0xffffffff, seed >> 32
    blocks = [philox(key, (i, stream, draw & 0xffffffff, draw >> 32)) for i in range(3)]
    doubles = [(high << 21 | low >> 11) * 2.0**-53 for words in blocks
               for high, low in (words[:2], words[2:])]
    floats = [(word >> 8) * 2.0**-24 for words in blocks for word in words]
    state = [seed, stream, draw]

    compare(Tg.random_uniform(state, 5).eval(), np.array(doubles[:5]))
    compare(Tg.random_uniform(state, (2, 5), 'float32').eval(),
            np.array(floats[:10], 'float32').reshape(2, 5))
    u, v = np.array(doubles[::2]), np.array(doubles[1::2])
    radius = np.sqrt(-2 * np.log1p(-u))
    expected = np.stack([radius * np.cos(2 * np.pi * v), radius * np.sin(2 * np.pi * v)], 1)
    compare(Tg.random_normal(state, (3, 2)).eval(), expected)


@pytest.mark.parametrize('dtype', ['float32', 'float64'])
def test_draws_have_their_distributions(dtype):
    state = [42, 0, 0]
    uniform = Tg.random_uniform(state, 20000, dtype).eval()
    normal = Tg.random_normal(state, 20001, dtype).eval()

    assert uniform.min() >= 0 and uniform.max() < 1
    assert scipy.stats.kstest(uniform, 'uniform').pvalue > 1e-3
    assert scipy.stats.kstest(normal, 'norm').pvalue > 1e-3
    assert abs(np.corrcoef(normal[:-1], normal[1:])[0, 1]) < 0.03
