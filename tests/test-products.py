# SPDX-License-Identifier: LGPL-2.1-or-later
"""Products of matrices and vectors, and what the cpu backend makes of those around them."""

import gi

gi.require_version('Tg', '1')

import numpy as np
import pytest
from gi.repository import GLib, Tg

# Few rows and many, whole vectors and what is left over, more than stays in the cache.
SHAPES = [(1, 1), (1, 100), (100, 1), (7, 9), (8, 16), (23, 65), (15, 2049), (2051, 17), (3, 5000),
          (0, 40), (40, 0)]


def layouts(values):
    """The same numbers, or others, as they may lie in memory."""
    yield values
    yield np.asfortranarray(values)
    yield values[..., ::-1]
    yield np.repeat(values, 2, axis=-1)[..., ::2]
    yield np.repeat(values, 2, axis=0)[::2]
    yield np.broadcast_to(values[:1], values.shape)


def draw(rng, dtype, *shape):
    """Whole numbers, whose sums of products are exact."""
    return rng.integers(-9, 10, shape).astype(dtype)


def make_symbols(dtype, *ndims):
    return [Tg.tensor(dtype, (None,) * ndim, f'x{i}') for i, ndim in enumerate(ndims)]


@pytest.mark.parametrize('dtype', ['float32', 'float64'])
@pytest.mark.parametrize('shape', SHAPES)
def test_a_matrix_and_a_vector(shape, dtype):
    rng = np.random.default_rng(1)
    x, y, z = make_symbols(dtype, 2, 1, 1)
    function = Tg.function([x, y, z], [x @ y, z @ x])
    matrix, right, left = (draw(rng, dtype, *s) for s in (shape, shape[1:], shape[:1]))
    for a in layouts(matrix):
        for b, c in zip(layouts(right), layouts(left)):
            found = function(a, b, c)
            for result, expected in zip(found, (a @ b, c @ a)):
                assert result.dtype == expected.dtype
                np.testing.assert_array_equal(result, expected)


@pytest.mark.parametrize('subscripts', ['bij,bj->bi', 'bij,bi->bj', 'bij,bj->ib', 'bij,bi->jb',
                                        'bij,bj->i', 'bij,bi->j', 'bij,j->bi', 'bij,i->bj'])
def test_many_matrices_and_vectors(subscripts):
    rng = np.random.default_rng(2)
    operands = subscripts.partition('->')[0].split(',')
    sizes = dict(zip('bij', (5, 70, 90)))
    x, y = make_symbols('float64', *map(len, operands))
    function = Tg.function([x, y], Tg.einsum(subscripts, x, y))
    a, b = (draw(rng, 'float64', *(sizes[letter] for letter in operand)) for operand in operands)
    for a in layouts(a):
        for b in layouts(b):
            np.testing.assert_array_equal(function(a, b), np.einsum(subscripts, a, b))


def test_infinite_factors_are_factors_of_their_row_alone():
    x, y = make_symbols('float64', 2, 1)
    function = Tg.function([x, y], [x @ y, y @ x.T])
    a, b = np.ones((19, 45)), np.ones(45)
    a[3, 44], a[8, 0] = np.inf, np.nan
    for a in layouts(a):
        for found in function(a, b):
            np.testing.assert_array_equal(found, a @ b)


@pytest.mark.parametrize('text', ['x @ y + z', 'exp(x) @ y * z', 'z + 1', 'outer(x[0], z) + z',
                                  'einsum(x, y, subscripts="ij,jk->ki") - z'])
def test_what_only_its_shape_is_needed_of(text):
    x, y, z, given = make_symbols('float64', 2, 2, 1, 1)
    value = Tg.parse(text, x=x, y=y, z=z)
    outputs = [Tg.shape(value), Tg.size(value, axis=0), Tg.broadcast_to(given, Tg.shape(value))]
    function, reference = (Tg.function([x, y, z, given], outputs, mode=mode,
                                       on_unused_input='ignore') for mode in ('cpu', 'reference'))
    for n, m, k, size in ((5, 5, 5, 5), (3, 4, 1, 1), (3, 1, 1, 3), (0, 2, 1, 1), (2, 0, 2, 2)):
        values = np.ones((n, m)), np.ones((m, k)), np.ones(size), np.ones(1)
        try:
            expected = reference(*values)
        except GLib.Error:
            with pytest.raises(GLib.Error):
                function(*values)
            continue
        for found, result in zip(function(*values), expected):
            np.testing.assert_array_equal(found, result)


def test_a_hessian_times_a_vector_computes_no_gradient():
    x, y, w, v = make_symbols('float64', 2, 1, 1, 1)
    product = Tg.hvp(Tg.sum(Tg.exp(x @ w) * y) + Tg.sum(w ** 4), w, v)
    function = Tg.function([x, y, w, v], product)
    assert 'only shapes: ' in function.explain()
    a, b, c, d = (np.random.default_rng(3).normal(size=size) for size in ((30, 9), 30, 9, 9))
    np.testing.assert_allclose(function(a, b, c, d),
                               a.T @ (np.exp(a @ c) * b * (a @ d)) + 12 * c ** 2 * d, 1e-11)
