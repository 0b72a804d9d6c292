# SPDX-License-Identifier: LGPL-2.1-or-later
"""Tg.Tensor.to_string() prints what numpy does."""

import gi

gi.require_version('Tg', '1')

import numpy as np
import pytest
from gi.repository import GLib, Tg

DTYPES = {dtype.value_nick: dtype for dtype in Tg.DType.__enum_values__.values()
          if dtype != Tg.DType.BFLOAT16}
FLOATS = ['float16', 'float32', 'float64']
LEAST = {'float16': -24, 'float32': -149, 'float64': -1074}
SHAPES = [(), (1,), (3,), (40,), (2, 3), (1, 1), (3, 30), (40, 2), (2, 3, 4), (2, 1, 25),
          (1, 2, 2, 2)]
LARGE = [(1001,), (40, 30), (2, 600), (600, 2), (11, 10, 10), (4, 300, 2), (3, 3, 200), (1, 1100)]
EMPTY = [(0,), (0, 3), (3, 0), (2, 0, 5), (0, 0)]


def check(array):
    array = np.asarray(array)
    data = GLib.Bytes.new(array.tobytes())

    tensor = Tg.Tensor.new(DTYPES[array.dtype.name], list(array.shape), data)

    assert tensor.to_string() == repr(array)


def generator(*seed):
    return np.random.default_rng(list(str(seed).encode()))


def numbers(rng, dtype, shape):
    """Random numbers, with few or many digits, of similar or of very different size."""
    if dtype == 'bool':
        return rng.random(shape) < 0.5
    if np.dtype(dtype).kind in 'iu':
        info = np.iinfo(dtype)
        shift = int(rng.integers(0, info.bits - 1))
        return rng.integers(info.min >> shift, info.max >> shift, shape, dtype)
    if np.dtype(dtype).kind == 'c':
        part = 'float32' if dtype == 'complex64' else 'float64'
        values = np.empty(shape, dtype)
        values.real, values.imag = numbers(rng, part, shape), numbers(rng, part, shape)
        return values

    spread = 10 ** rng.uniform(-1, 1.5)
    values = rng.normal(size=shape) * 10 ** (rng.normal(size=shape) * spread * rng.integers(0, 2))
    values = values * 10.0 ** rng.integers(-6, 9)
    if rng.random() < 0.5:
        values = np.round(values, rng.integers(0, 6))
    with np.errstate(over='ignore'):
        return np.asarray(values, dtype)


@pytest.fixture(scope='module', autouse=True)
def default_options():
    with np.printoptions(precision=8, threshold=1000, edgeitems=3, linewidth=75, suppress=False):
        yield


@pytest.mark.parametrize('dtype', DTYPES)
@pytest.mark.parametrize('shape', SHAPES + LARGE, ids=str)
def test_random_numbers(dtype, shape):
    rng = generator(dtype, shape)

    for _ in range(4 if shape in LARGE else 40):
        check(numbers(rng, dtype, shape))


@pytest.mark.parametrize('dtype', DTYPES)
@pytest.mark.parametrize('shape', EMPTY, ids=str)
def test_no_elements(dtype, shape):
    check(np.zeros(shape, dtype))


@pytest.mark.parametrize('dtype', FLOATS)
@pytest.mark.parametrize('special', [[np.nan], [np.inf], [-np.inf], [np.nan, -np.inf], [-0.0],
                                     [np.nan, np.inf, -0.0]])
def test_special_numbers_among_others(dtype, special):
    rng = generator(dtype, special)

    for n in [0, 1, 2, 5, 30]:
        for _ in range(10):
            values = np.append(numbers(rng, dtype, n), np.asarray(special, dtype))
            check(rng.permutation(values.astype(dtype)))
    check(np.asarray(special[0], dtype))


@pytest.mark.parametrize('dtype', FLOATS)
def test_powers_of_two(dtype):
    least = LEAST[dtype]

    for exponent in range(least, 128, 3):
        check(np.ldexp(np.ones(1, dtype), exponent))
        check(np.ldexp(np.ones((), dtype), exponent))
        check(np.ldexp(np.ones(5, dtype), np.arange(exponent, exponent - 5, -1)))


@pytest.mark.parametrize('dtype', FLOATS)
def test_limits_of_notation(dtype):
    limits = np.asarray([1e-5, 1e-4, 0.1, 0.999999995, 1, 9.99999999, 1000, 99999.995, 99999999,
                         1e8], dtype)

    for value in np.concatenate([limits, np.nextafter(limits, 0), np.nextafter(limits, np.inf)]):
        check(np.asarray([value], dtype))
        check(np.asarray([value, 1], dtype))
        check(np.asarray([value, -1], dtype))


@pytest.mark.parametrize('dtype', FLOATS)
def test_largest_and_least_numbers(dtype):
    info = np.finfo(dtype)

    for value in [info.max, info.min, info.tiny, info.smallest_subnormal, info.eps]:
        check(np.asarray(value, dtype))
        check(np.asarray([value, 1], dtype))


@pytest.mark.parametrize('dtype', ['int32', 'int64'])
def test_largest_and_least_integers(dtype):
    info = np.iinfo(dtype)

    check(np.asarray([info.max, info.min, 0], dtype))
    check(np.asarray(info.min, dtype))


@pytest.mark.parametrize('n', range(1, 30))
def test_lines_end_where_those_of_numpy_do(n):
    check(np.ones(n))
    check(np.ones(n, 'float32'))
    check(np.ones((2, n), 'int32'))
    check(np.full((1, 1, n), 123.5))
    check(np.full((2, 3), '1' * min(n, 18)).astype('int64'))
    check(np.ones(n, bool))


def test_strides():
    array = np.arange(24.).reshape(2, 3, 4)
    tensor = Tg.Tensor.new(Tg.DType.FLOAT64, [2, 3, 4], GLib.Bytes.new(array.tobytes()))

    view = tensor.permute_dims([2, 0, 1]).slice(0, GLib.MAXINT64, GLib.MININT64, -2)

    assert view.to_string() == repr(array.transpose(2, 0, 1)[::-2])
