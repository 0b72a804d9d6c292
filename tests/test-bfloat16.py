# SPDX-License-Identifier: LGPL-2.1-or-later
"""The operators in bfloat16, which numpy has not: what numpy computes, rounded bit by bit."""

import gi

gi.require_version('Tg', '1')

import numpy as np
import pytest
from gi.repository import Tg
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import mutually_broadcastable_shapes
from references import ELEMENTWISE, OPS, REDUCE, draw, draw_inside
from sizes import examples
from strategies import STRATEGIES, any_axes, flags, one_axis, shapes

pytestmark = pytest.mark.filterwarnings('ignore::RuntimeWarning')

BFLOAT16 = Tg.DType.BFLOAT16
LAYOUTS = ('contiguous', 'transposed', 'strided', 'reversed')


def round_to_bfloat16(values):
    """The nearest numbers that are the upper half of a float32, half to even."""
    values = np.asarray(values, 'float32')
    bits = values.view('uint32').astype('int64')
    rounded = (bits + 0x7fff + (bits >> 16 & 1) >> 16 << 16).astype('uint32').view('float32')
    return np.where(np.isnan(values), values, rounded)


def as_tensor(values, layout):
    """A tensor of bfloat16 in such a layout."""
    if values.ndim == 0:
        layout = 'contiguous'
    if layout == 'transposed':
        return Tg.as_tensor(values.T.copy()).astype(BFLOAT16).permute_dims(range(values.ndim)[::-1])
    if layout == 'strided':
        return Tg.as_tensor(np.repeat(values, 2, -1)).astype(BFLOAT16).slice(
            values.ndim - 1, 0, 2 * values.shape[-1], 2)
    if layout == 'reversed':
        return Tg.as_tensor(values[::-1].copy()).astype(BFLOAT16).slice(
            0, -1, -len(values) - 1, -1)
    return Tg.as_tensor(values).astype(BFLOAT16)


def call(expression, arrays, layouts):
    symbols = [Tg.tensor('bfloat16', (None,) * array.ndim, f'x{i}')
               for i, array in enumerate(arrays)]
    output = expression(*symbols)
    tensors = [as_tensor(array, layout) for array, layout in zip(arrays, layouts)]
    result = Tg.function(symbols, output, on_unused_input='ignore')(*tensors)
    return output.dtype, result


def check(expression, reference, arrays, data, tolerance):
    layouts = [data.draw(st.sampled_from(LAYOUTS)) for _ in arrays]
    dtype, result = call(expression, arrays, layouts)
    expected = np.asarray(reference(*(array.astype('float64') for array in arrays)))
    assert result.shape == expected.shape
    if dtype == 'bfloat16':
        expected = round_to_bfloat16(expected)
    if expected.dtype.kind in 'fc':
        np.testing.assert_allclose(result, expected, rtol=tolerance, atol=tolerance / 4)
    else:
        np.testing.assert_array_equal(result, expected)


ACCEPTING = [name for name in ELEMENTWISE if OPS[name].accepts(BFLOAT16)]


def test_all_that_float16_has():
    for op in OPS.values():
        assert op.accepts(BFLOAT16) == op.accepts(Tg.DType.FLOAT16)


@examples(20)
@given(data=st.data())
@pytest.mark.parametrize('name', ACCEPTING)
def test_elementwise(name, data):
    """To the last bit, as what is rounded twice is all but never near the middle."""
    op = OPS[name]
    n_inputs = len(op.dup_input_names())
    sizes, _ = data.draw(mutually_broadcastable_shapes(num_shapes=n_inputs, min_side=0, max_dims=4,
                                                       max_side=4))
    rng = np.random.default_rng(35)
    arrays = draw_inside(rng, op, sizes, ['float32'] * n_inputs)
    assume(arrays is not None)
    arrays = [round_to_bfloat16(array) for array in arrays]
    check(getattr(Tg, name), ELEMENTWISE[name][0], arrays, data, 0)


@examples(20)
@given(data=st.data())
@pytest.mark.parametrize('name', REDUCE)
def test_reductions(name, data):
    """Rounded once, at the end."""
    shape = data.draw(shapes(min_size=int(name in ('max', 'min', 'argmax', 'argmin'))))
    axis = data.draw(st.none() | one_axis(len(shape)) if name.startswith('arg') and shape
                     else st.none() if name.startswith('arg') else any_axes(len(shape)))
    keepdims = data.draw(flags)
    array = round_to_bfloat16(draw(np.random.default_rng(36), shape, 'float32'))
    check(lambda x: getattr(Tg, name)(x, axis=axis, keepdims=keepdims),
          lambda x: REDUCE[name](x, axis=axis, keepdims=keepdims), [array], data, 0)


# Expressions of several operators: each of these rounds.
SEVERAL = ('var', 'std', 'linspace', 'polygamma')


@examples(20)
@given(data=st.data())
@pytest.mark.parametrize('name', [name for name in STRATEGIES if OPS[name].accepts(BFLOAT16)])
def test_other_operators(name, data):
    sizes, expression, reference = data.draw(STRATEGIES[name])
    rng = np.random.default_rng(37)
    arrays = [round_to_bfloat16(draw(rng, size, 'float32')) for size in sizes]
    check(expression, reference, arrays, data, 2**-4 if name in SEVERAL else 0)
