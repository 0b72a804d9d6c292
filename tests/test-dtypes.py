# SPDX-License-Identifier: LGPL-2.1-or-later
"""Dtypes: promotion and casts as numpy has them, floats of 16 bits, complex gradients."""

import itertools

import gi

gi.require_version('Tg', '1')

import numpy as np
import pytest
from gi.repository import GLib, Tg
from messages import without_places
from references import DTYPES

pytestmark = pytest.mark.filterwarnings('ignore::RuntimeWarning')


def test_promotion_is_that_of_numpy():
    for first, second in itertools.product(DTYPES, repeat=2):
        promoted = Tg.dtype_promote(DTYPES[first], DTYPES[second])
        assert promoted.value_nick == np.result_type(first, second).name


@pytest.mark.parametrize('other, result', [
    ('bool', 'bfloat16'), ('int8', 'bfloat16'), ('uint8', 'bfloat16'), ('int16', 'float32'),
    ('uint16', 'float32'), ('int32', 'float64'), ('uint64', 'float64'), ('float16', 'float32'),
    ('float32', 'float32'), ('float64', 'float64'), ('complex64', 'complex64'),
])
def test_promotion_of_bfloat16(other, result):
    for pair in ((DTYPES[other], Tg.DType.BFLOAT16), (Tg.DType.BFLOAT16, DTYPES[other])):
        assert Tg.dtype_promote(*pair).value_nick == result


@pytest.mark.parametrize('dtype, number, result', [
    ('float32', 2, 'float32'), ('float32', 0.5, 'float32'), ('float32', 1j, 'complex64'),
    ('float16', 1e-3, 'float16'), ('float16', 1j, 'complex64'), ('float64', 1j, 'complex128'),
    ('int8', 3, 'int8'), ('uint8', 200, 'uint8'), ('int8', 0.5, 'float64'),
    ('int64', 1j, 'complex128'), ('bool', 1, 'int64'), ('bool', True, 'bool'),
    ('complex64', 0.1, 'complex64'), ('complex64', 1j, 'complex64'), ('bfloat16', 2, 'bfloat16'),
])
def test_numbers_of_python_are_weak(dtype, number, result):
    """NEP 50."""
    x = Tg.tensor(dtype, (None,), 'x')

    assert (x + number).dtype == (number + x).dtype == result


@pytest.mark.parametrize('dtype, number', [
    ('int8', 128), ('int8', -129), ('uint8', 256), ('uint8', -1), ('uint32', 2**32),
    ('uint64', -1), ('int16', 2**15),
])
def test_numbers_that_do_not_fit(dtype, number):
    x = Tg.tensor(dtype, (), 'x')

    with pytest.raises(GLib.Error) as error:
        x + number

    symbol = Tg.dtype_get_symbol(DTYPES[dtype])
    assert without_places(error.value.message) == (
        f'add (x: {symbol}[], {number}: i64[]): {number} is out of the range of {dtype}')


@pytest.mark.parametrize('start, stop, result', [
    ('float16', 'int8', 'float16'), ('int8', 'float16', 'float16'), ('uint8', 'int8', 'float64'),
    ('float32', 'float64', 'float64'), ('int32', 'float16', 'float64'),
])
def test_ends_of_different_dtypes(start, stop, result):
    x, y = Tg.tensor(start, (), 'x'), Tg.tensor(stop, (), 'y')

    assert Tg.linspace(x, y, 5).dtype == Tg.linspace(y, x, 5, endpoint=False).dtype == result


def test_every_half_is_that_of_numpy():
    halves = np.arange(2**16, dtype='uint16').view('float16')
    x, y = Tg.tensor('float16', (None,)), Tg.dvector()

    wide = Tg.function([x], Tg.astype(x, 'float64'))(halves)
    narrow = Tg.function([y], Tg.astype(y, 'float16'))

    np.testing.assert_array_equal(wide, halves.astype('float64'))
    # The halves, what lies in the middle between two of them, and what is next to that.
    finite = np.sort(wide[np.isfinite(wide)])
    middle = (finite[1:] + finite[:-1]) / 2
    values = np.concatenate([wide, middle, np.nextafter(middle, np.inf),
                             np.nextafter(middle, -np.inf), [65519.99, 65520, 1e300, -1e300]])
    np.testing.assert_array_equal(narrow(values).view('uint16')[~np.isnan(values)],
                                  values.astype('float16').view('uint16')[~np.isnan(values)])


def test_bfloat16_is_the_upper_half_of_a_float32():
    rng = np.random.default_rng(1)
    bits = rng.integers(0, 2**32, 100000, 'uint32')
    values = bits.view('float32')
    values = values[np.isfinite(values)]
    bits = values.view('uint32').astype('uint64')
    x = Tg.fvector('x')

    rounded = Tg.function([x], Tg.astype(x, 'bfloat16'))(values)

    expected = ((bits + 0x7fff + (bits >> 16 & 1)) >> 16 << 16).astype('uint32').view('float32')
    assert rounded.dtype == 'float32'  # numpy has no bfloat16
    np.testing.assert_array_equal(rounded, expected)


def test_arithmetic_of_16_bits_is_that_of_32():
    rng = np.random.default_rng(2)
    for dtype in ('float16', 'bfloat16'):
        x, y = Tg.tensor(dtype, (None,)), Tg.tensor(dtype, (None,))
        short = Tg.function([x, y], [x * y + x, Tg.exp(x), x.sum(), x @ y])
        wide = [Tg.astype(v, 'float32') for v in (x, y)]
        product = Tg.astype(Tg.astype(wide[0] * wide[1], dtype) + x, dtype)
        steps = Tg.function([x, y], [product, Tg.astype(Tg.exp(wide[0]), dtype)])
        values = [rng.normal(size=1000).astype('float16').astype('float32') for _ in 'xy']
        inputs = [Tg.as_tensor(v).astype(Tg.as_dtype(dtype)) for v in values]

        results = short(*inputs)
        for result, expected in zip(results, steps(*inputs)):
            np.testing.assert_array_equal(result, expected)
        kept = [np.asarray(Tg.as_tensor(v).astype(Tg.as_dtype(dtype)).astype(Tg.DType.FLOAT64))
                for v in values]
        np.testing.assert_allclose(results[2], kept[0].sum(), rtol=2**-8)
        np.testing.assert_allclose(results[3], kept[0] @ kept[1], rtol=2**-8)


def numerical_gradient(function, value):
    """For x + iy the gradient for x plus i times that for y."""
    result = np.zeros_like(value)
    for i in np.ndindex(value.shape):
        for step in (1e-6, 1e-6j):
            moved = value.copy()
            moved[i] += step
            there = function(moved)
            moved[i] -= 2 * step
            result[i] += (there - function(moved)) / 2e-6 * (step / abs(step))
    return result


HOLOMORPHIC = ['negative', 'square', 'reciprocal', 'sqrt', 'exp', 'expm1', 'exp2', 'log', 'log1p',
               'log2', 'log10', 'sin', 'cos', 'tan', 'asin', 'acos', 'atan', 'sinh', 'cosh', 'tanh',
               'asinh', 'acosh', 'atanh', 'conj']


@pytest.mark.parametrize('name', HOLOMORPHIC)
def test_gradients_of_complex_functions(name):
    z = Tg.zvector('z')
    w = np.array([0.3 - 0.2j, 0.7 + 0.4j, -0.6 + 0.9j])
    y = getattr(Tg, name)(z)
    cost = Tg.real(y * np.array([1 + 2j, -0.5j, 0.25])).sum() + (Tg.abs(y) ** 2).sum()

    gradient = Tg.function([z], Tg.grad(cost, z))(w)

    np.testing.assert_allclose(gradient, numerical_gradient(Tg.function([z], cost), w), rtol=1e-6)


@pytest.mark.parametrize('expression', [
    lambda z, v: Tg.abs(z * v).sum(), lambda z, v: (Tg.imag(z / v) ** 2).sum(),
    lambda z, v: Tg.real(z ** v).sum(), lambda z, v: Tg.real((z @ v) * (1 - 2j)),
    lambda z, v: Tg.abs(z.prod() + v.mean()), lambda z, v: Tg.imag(Tg.conj(z) * v).sum(),
    lambda z, v: Tg.abs(Tg.outer(z, v)).sum(), lambda z, v: Tg.real(z[1:] * v[0]).sum(),
    lambda z, v: Tg.abs(Tg.complex(Tg.real(z), Tg.imag(v) ** 2)).sum(),
    lambda z, v: Tg.abs(z.cumulative_prod() + v).sum(),
    lambda z, v: Tg.abs(Tg.where([True, False, True], z, v) + Tg.real(z)).sum(),
])
def test_gradients_of_complex_expressions(expression):
    z, v = Tg.zvector('z'), Tg.zvector('v')
    values = np.array([0.3 - 0.2j, 0.7 + 0.4j, -0.6 + 0.9j]), np.array([1.5j, 2 - 1j, 0.5 + 0.1j])
    cost = expression(z, v)
    value = Tg.function([z, v], cost)

    gradients = Tg.function([z, v], Tg.grad(cost, [z, v], disconnected_inputs='ignore'))(*values)

    for i, gradient in enumerate(gradients):
        expected = numerical_gradient(
            lambda moved: value(*(moved if k == i else values[k] for k in range(2))), values[i])
        np.testing.assert_allclose(gradient, expected, rtol=1e-6, atol=1e-9)


def test_gradient_for_a_real_part_of_a_complex_sum():
    x, z = Tg.dvector('x'), Tg.zvector('z')
    cost = (Tg.abs(x * z) ** 2).sum()
    gradient = Tg.function([x, z], Tg.grad(cost, x))

    np.testing.assert_allclose(gradient([2, 3], [1j, 1 + 1j]), [4, 12])


def test_sign_of_complex_numbers_has_no_gradient():
    z = Tg.zscalar('z')

    with pytest.raises(GLib.Error) as error:
        Tg.grad(Tg.real(Tg.sign(z)), z)

    assert without_places(error.value.message) == (
        'sign (z: c128[]): there is no gradient for x')
