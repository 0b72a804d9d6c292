# SPDX-License-Identifier: LGPL-2.1-or-later
"""Products of matrices and vectors, and what the cpu backend makes of those around them."""

import threading

import gi

gi.require_version('Tg', '1')

import numpy as np
import pytest
from gi.repository import Gio, GLib, Tg

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
    assert 'products: matmul (2 times), einsum\n' in function.explain()
    a, b, c, d = (np.random.default_rng(3).normal(size=size) for size in ((30, 9), 30, 9, 9))
    np.testing.assert_allclose(function(a, b, c, d),
                               a.T @ (np.exp(a @ c) * b * (a @ d)) + 12 * c ** 2 * d, 1e-11)


@pytest.mark.parametrize('dtype', ['float32', 'float64'])
def test_two_products_of_one_matrix(dtype):
    rng = np.random.default_rng(6)
    x, y, z = make_symbols(dtype, 2, 1, 1)
    later = Tg.broadcast_to(z, Tg.shape(y))
    outputs = [x @ y, x @ later, x.T @ Tg.exp(x @ y), (x @ later) @ x]
    functions = [Tg.function([x, y, z], outputs, mode=f'cpu,threads={count}')
                 for count in (1, 2, 8)]
    alone = [Tg.function([x, y, z], output, mode='cpu', on_unused_input='ignore')
             for output in outputs]
    for m, n in (*SHAPES, (1500, 700)):
        matrix = draw(rng, dtype, m, n)
        for a in layouts(matrix):
            for b in layouts(draw(rng, dtype, n) / 9):
                for c in (draw(rng, dtype, n) / 9, np.ones(1, dtype), b):
                    expected = [np.asarray(f(a, b, c)).tobytes() for f in alone]
                    for function in functions:
                        assert [np.asarray(r).tobytes() for r in function(a, b, c)] == expected
        np.testing.assert_allclose(functions[0](matrix, b, c)[0], matrix @ b, 1e-3, 1e-3)


UPDATES = [('w - 0.1 * (x @ y)', lambda w, p: w - 0.1 * p),
           ('w + (x @ y) * 3', lambda w, p: w + p * 3),
           ('w - z * (x @ y)', lambda w, p: w - 0.5 * p)]


@pytest.mark.parametrize('dtype', ['float32', 'float64'])
@pytest.mark.parametrize('text, compute', UPDATES)
def test_a_product_that_is_scaled_and_added_to_something(text, compute, dtype):
    rng = np.random.default_rng(4)
    x, y, w, z = make_symbols(dtype, 2, 2, 2, 0)
    functions = [Tg.function([x, y, w, z], Tg.parse(text, x=x, y=y, w=w, z=z),
                             mode=f'cpu,threads={count}', on_unused_input='ignore')
                 for count in (1, 2, 8)]
    tolerance = 1e-4 if dtype == 'float32' else 1e-12
    for m, k, n in ((70, 30, 50), (1100, 40, 600), (700, 2, 1), (1, 9, 8), (5, 0, 6), (0, 5, 6)):
        a, b = draw(rng, dtype, m, k), draw(rng, dtype, k, n)
        for addend in (draw(rng, dtype, m, n), draw(rng, dtype, m, 1), draw(rng, dtype, 1, n)):
            before = addend.copy()
            expected = compute(addend, a @ b)
            for a, b in zip(layouts(a), layouts(b)):
                found = [np.asarray(f(a, b, addend, 0.5)) for f in functions]
                assert found[0].dtype == dtype and found[0].shape == expected.shape
                assert all(np.array_equal(found[0], others) for others in found[1:])
                np.testing.assert_allclose(found[0], compute(addend, a @ b), tolerance, tolerance)
                assert np.array_equal(addend, before)


def test_what_a_product_is_added_to_may_be_anything():
    x, y, w = make_symbols('float64', 2, 2, 2)
    product, other = x @ y, y @ w
    outputs = [w - 0.1 * product, product, w.T - 0.1 * (y @ x), Tg.exp(w) - 0.1 * (x @ w),
               w - w * (w @ y), w - other * other]
    function = Tg.function([x, y, w], outputs, mode='cpu,exact')
    a, b, c = np.random.default_rng(5).normal(size=(3, 40, 40))
    for found, expected in zip(function(a, b, c), [
            c - 0.1 * (a @ b), a @ b, c.T - 0.1 * (b @ a), np.exp(c) - 0.1 * (a @ c),
            c - c * (c @ b), c - (b @ c) ** 2]):
        np.testing.assert_allclose(found, expected, 1e-11, 1e-11)


def make_step(shape):
    x, w = Tg.dmatrix('x'), Tg.shared(np.arange(float(np.prod(shape))).reshape(shape), 'w')
    return w, Tg.function([x], updates=[(w, w - 0.5 * (x.T @ x))])


def test_an_update_by_a_product_leaves_the_value_before_alone():
    w, step = make_step((40, 40))
    held = w.get_value()
    for _ in range(2):
        step(np.ones((7, 40)))
    assert np.array_equal(held, np.arange(1600.).reshape(40, 40))
    assert np.array_equal(w.get_value(), held - 7)


def test_an_update_by_a_product_of_another_shape_fails():
    w, step = make_step((30, 40))
    with pytest.raises(GLib.Error, match='30'):
        step(np.ones((7, 40)))
    assert np.array_equal(w.get_value(), np.arange(1200.).reshape(30, 40))


def test_an_update_by_a_product_may_be_cancelled():
    w, step = make_step((1500, 1500))
    cancellable = Gio.Cancellable.new()
    timer = threading.Timer(0.05, cancellable.cancel)
    cancellable.push_current()
    try:
        timer.start()
        with pytest.raises(GLib.Error, match='the call was cancelled'):
            step(np.ones((8000, 1500)))
    finally:
        cancellable.pop_current()
        timer.join()
    assert np.array_equal(w.get_value(), np.arange(1500. ** 2).reshape(1500, 1500))


@pytest.mark.parametrize('dtype', ['float32', 'float64', 'int32', 'float16'])
@pytest.mark.parametrize('shape', [(), (1,), (7,), (5, 1), (1, 7), (5, 7), (1, 1), (3, 5, 1),
                                   (1, 1, 7)])
def test_sums_to_a_shape(shape, dtype):
    x, to = Tg.tensor(dtype, (None,) * 3, 'x'), Tg.tensor('int64', (len(shape),), 'to')
    function, reference = (Tg.function([x, to], Tg.sum_to(x, to), mode=mode)
                           for mode in ('cpu', 'reference'))
    rng = np.random.default_rng(7)
    for size in ((3, 5, 7), (1, 5, 7), (0, 5, 7), (40, 5, 7), (1, 1, 1)):
        values = rng.integers(0, 2, size).astype(dtype)
        for value in layouts(values):
            try:
                expected = reference(value, list(shape))
            except GLib.Error as error:
                with pytest.raises(GLib.Error) as found:
                    function(value, list(shape))
                assert str(found.value) == str(error)
                continue
            found = np.asarray(function(value, list(shape)))
            assert found.dtype == np.asarray(expected).dtype
            np.testing.assert_array_equal(found, expected)
