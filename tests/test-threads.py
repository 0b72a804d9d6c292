# SPDX-License-Identifier: LGPL-2.1-or-later
"""Calls compute the same bits however many threads work for them, whoever else calls or forks."""

import asyncio
import math
import multiprocessing
import os
import subprocess
import sys
import threading
import time

import gi

gi.require_version('Tg', '1')

import numpy as np
import pytest
from gi.repository import GLib, Tg

COUNTS = (1, 2, 3, 8)
# The last of them are not worth more than one thread.
SHAPES = [((257, 1031), (257, 1031)), ((1, 1031), (523, 1)), ((1, 100_003), (7, 1)),
          ((100_003, 3), (1, 3)), ((300_007, 1), (1, 1)), ((0, 1031), (1, 1031)), ((3, 5), (3, 5))]
FORMULAS = ['1 / (1 + exp(-x * y))', 'tanh(x * 0.5 + y) * exp(-(x * x)) + log1p(y * y)',
            'where(x > y, x, y) * (x + 1)', 't1 = sin(x * 1e9) + y; t1 * t1 - x']
INTEGER_FORMULAS = ['x * y + 3', 'floor_divide(x, y) + remainder(x, y)', 'minimum(x, y) - 2 * y']


def parse(text, dtypes, ndim=2):
    lets, _, result = text.rpartition(';')
    lets = ''.join(f'let {line.strip()}; ' for line in lets.split(';') if line)
    parameters = ', '.join(f'{name}: {dtype}[{", ".join("?" * ndim)}]'
                           for name, dtype in zip('xy', dtypes))
    return Tg.parse_function(f'f({parameters}) = {lets}{result}')


def build(graph, mode):
    inputs = [graph.get_input(i) for i in range(graph.get_n_inputs())]
    return Tg.function(inputs, graph.get_output(0), mode=Tg.Mode(mode))


def build_for_each_count(graph):
    return [build(graph, f'cpu,exact,threads={count}') for count in COUNTS]


def layouts(values):
    """The same numbers, or others, as they may lie in memory."""
    yield values
    yield tuple(np.asfortranarray(value) for value in values)
    yield tuple(value.T for value in values)
    yield tuple(value[::-1, ::-1] for value in values)
    yield tuple(np.repeat(value, 2, axis=-1)[..., ::2] for value in values)


def compute_bits(function, values):
    result = np.asarray(function(*values))
    return result.dtype, result.shape, result.tobytes()


def assert_same_bits(functions, values):
    expected = compute_bits(functions[0], values)
    for count, function in zip(COUNTS[1:], functions[1:]):
        for _ in range(2):
            assert compute_bits(function, values) == expected, (count, [v.shape for v in values])


def draw(rng, dtype, shape):
    if dtype.startswith('f'):
        return rng.normal(size=shape).astype(dtype)
    return rng.integers(-9, 9, shape).astype(dtype)


@pytest.mark.parametrize('text, dtype',
                         [(text, dtype) for text in FORMULAS for dtype in ('f64', 'f32')]
                         + [(text, dtype) for text in INTEGER_FORMULAS for dtype in ('i64', 'i8')])
def test_elementwise_operators(text, dtype):
    graph = parse(text, (dtype, dtype))
    functions, reference = build_for_each_count(graph), build(graph, 'reference,exact')
    rng = np.random.default_rng(1)
    numpy_dtype = f'{dtype[0]}{int(dtype[1:]) // 8}'
    for shapes in SHAPES:
        for values in layouts(tuple(draw(rng, numpy_dtype, shape) for shape in shapes)):
            assert_same_bits(functions, values)
        assert compute_bits(functions[2], values) == compute_bits(reference, values)


PRODUCTS = [
    ('x @ y', (1001, 300), (300, 517)), ('x @ y', (300, 129), (129, 1030)),
    ('x @ y', (4003, 517), (517,)), ('x @ y', (517,), (517, 4003)),
    ('x @ y', (1_000_003,), (1_000_003,)),
    ('x @ y', (9, 130, 140), (9, 140, 150)), ('x @ y', (5003, 4, 6), (5003, 6, 5)),
    ('x @ y', (7, 300, 200), (200, 300)), ('outer(x, y)', (1009,), (1013,)),
    ('einsum(x, y, subscripts="ijk,kjl->il")', (300, 7, 40), (40, 7, 300)),
    ('einsum(x, y, subscripts="bik,bjk->bji")', (6, 260, 70), (6, 270, 70)),
    ('x @ y', (300, 0), (0, 500)), ('x @ y', (0, 300), (300, 500)),
]


def build_products(text, x_shape, y_shape, dtype):
    symbols = [Tg.tensor(dtype, (None,) * len(shape), name)
               for name, shape in (('x', x_shape), ('y', y_shape))]
    output = Tg.parse(text, x=symbols[0], y=symbols[1])
    return ([Tg.function(symbols, output, mode=f'cpu,exact,threads={count}') for count in COUNTS],
            Tg.function(symbols, output, mode='reference'))


@pytest.mark.parametrize('dtype', ['float64', 'float32'])
@pytest.mark.parametrize('text, x_shape, y_shape', PRODUCTS)
def test_products(text, x_shape, y_shape, dtype):
    functions, reference = build_products(text, x_shape, y_shape, dtype)
    rng = np.random.default_rng(2)
    a, b = (rng.normal(size=shape).astype(dtype) for shape in (x_shape, y_shape))
    for values in ((a, b), (np.asfortranarray(a), b), (a, np.asfortranarray(b)),
                   (a[::-1], b[..., ::-1]), (np.repeat(a, 2, -1)[..., ::2], b)):
        assert_same_bits(functions, values)
    found, expected = np.asarray(functions[1](a, b)), np.asarray(reference(a, b))
    tolerance = 1e-3 if dtype == 'float32' else 1e-11
    assert found.shape == expected.shape
    np.testing.assert_allclose(found, expected, tolerance, tolerance)


@pytest.mark.parametrize('dtype', ['int64', 'complex128'])
def test_products_of_other_numbers(dtype):
    functions, _ = build_products('x @ y', (1, 1), (1, 1), dtype)
    rng = np.random.default_rng(2)
    assert_same_bits(functions, [rng.integers(-9, 9, (65, 65)).astype(dtype) for _ in range(2)])


REDUCTIONS = ['sum', 'mean', 'prod', 'max', 'min', 'any', 'all', 'logsumexp', 'vector_norm',
              'argmax', 'argmin']


@pytest.mark.parametrize('dtype', ['bool', 'int8', 'int64', 'float32', 'float64'])
@pytest.mark.parametrize('name', REDUCTIONS)
def test_reductions(name, dtype):
    rng = np.random.default_rng(5)
    x = Tg.tensor(dtype, (None,) * 3, 'x')
    for axis in ((0,), (1,), (2,), (0, 2), (1, 2), (0, 1, 2)):
        try:
            output = getattr(Tg, name)(x, axis=axis[0] if name.startswith('arg') else list(axis))
        except GLib.Error:
            assert dtype == 'bool'
            return
        functions = [Tg.function([x], output, mode=f'cpu,threads={count}') for count in COUNTS]
        reference = Tg.function([x], output, mode='reference')
        for shape in ((3, 401, 331), (1, 1, 300_001), (1009, 7, 41), (2, 501, 301), (3, 257, 513)):
            if dtype.startswith('f'):
                value = abs(rng.normal(size=shape)) ** (0.0001 if name == 'prod' else 1)
            else:
                value = rng.integers(0, 2 if dtype == 'bool' else 9, shape)
            value = value.astype(dtype)
            for array in (value, value.T, value[:, ::-1]):
                assert_same_bits(functions, (array,))
            found, expected = (np.asarray(f(value)) for f in (functions[1], reference))
            assert found.dtype == expected.dtype and found.shape == expected.shape
            if found.dtype.kind == 'f':
                np.testing.assert_allclose(found, expected, 3e-7 if found.dtype == 'f4' else 1e-13)
            else:
                assert np.array_equal(found, expected)


@pytest.mark.parametrize('text', [
    'sum(exp(x) * y, axis={})', 't1 = x * y; mean(t1 + 1, axis={})', 'any(x > y + 9, axis={})',
    'prod(1 + x * y / 1000000, axis={})', 'sum(astype(x * y * 9, dtype=i32), axis={})',
    't1 = x + y; sum(t1, axis={}) + sum(abs(t1))', 'max(x * y, axis={})'])
def test_reductions_of_what_a_loop_computes(text):
    rng = np.random.default_rng(7)
    for dtype in ('f64', 'f32'):
        for axis in ('[0]', '[1]', 'all'):
            graph = parse(text.replace('{}', axis), (dtype, dtype))
            functions, reference = build_for_each_count(graph), build(graph, 'reference,exact')
            for shapes in (SHAPES[0], SHAPES[3], ((513, 2051), (513, 1)), ((2, 200_003), (2, 1))):
                x, y = (draw(rng, f'{dtype[0]}{int(dtype[1:]) // 8}', shape) for shape in shapes)
                for values in ((x, y), (x.T, y.T), (x[::-1, ::-1], y)):
                    assert_same_bits(functions, values)
                found, expected = (np.asarray(f(*values)) for f in (functions[1], reference))
                assert found.dtype == expected.dtype and found.shape == expected.shape
                tolerance = (1e-4 if dtype == 'f32' else 1e-11) * max(1, np.abs(expected).max())
                np.testing.assert_allclose(found, expected, 0, tolerance)


@pytest.mark.parametrize('name', ['argmax', 'argmin'])
def test_the_first_of_the_best_is_selected(name):
    rng = np.random.default_rng(8)
    x = Tg.dmatrix('x')
    for axis in (0, 1, None):
        functions = [Tg.function([x], getattr(Tg, name)(x, axis=axis), mode=f'cpu,threads={count}')
                     for count in COUNTS]
        for shape in ((3, 200_003), (200_003, 3), (1, 300_001), (700, 701)):
            value = rng.integers(0, 4, shape).astype(float)
            for array in (value, np.where(rng.random(shape) < 1e-5, np.nan, value)):
                assert_same_bits(functions, (array,))
                assert_same_bits(functions, (array[::-1, ::2],))
                assert np.array_equal(functions[1](array), getattr(np, name)(array, axis))


def test_sums_of_chunks_are_right_to_the_last_bits():
    x, y = Tg.dvector('x'), Tg.dmatrix('y')
    total = Tg.function([x], [Tg.sum(x), Tg.mean(x), Tg.sum(x + 1)], mode='threads=2')
    rows = Tg.function([y], Tg.sum(y, axis=[1]), mode='threads=2')
    rng = np.random.default_rng(6)
    for n in (300_000, 1_000_001):
        value = np.exp(rng.uniform(-20, 20, n))
        exact, (found, mean, larger) = math.fsum(value), total(value)
        assert abs(found - exact) <= 2e-16 * exact
        assert abs(mean * n - exact) <= 4e-16 * exact
        assert abs(larger - math.fsum(value + 1)) <= 2e-16 * exact
        assert abs(rows(np.stack([value, value])) - exact).max() <= 2e-16 * exact
    assert total(np.full(300_000, 1e308))[0] == np.inf
    assert total(np.append(np.ones(300_000), -np.inf))[0] == -np.inf
    assert np.isnan(total(np.append(np.full(300_000, 1e308), -np.inf))[0])


@pytest.mark.parametrize('when', ['never', 'now'])
def test_machine_code(when, tmp_path):
    script = '''
import gi
gi.require_version('Tg', '1')
import numpy as np
from gi.repository import Tg
x = Tg.dmatrix('x')
values = np.linspace(-3, 3, 300_003).reshape(3, -1)
results = {np.asarray(Tg.function([x], Tg.exp(x) * x + 1, mode=f'cpu,threads={n}')(v)).tobytes()
           for n in (1, 2, 3, 8) for v in (values, values[:, ::-1][:, ::-1])}
assert len(results) == 1
'''
    subprocess.run([sys.executable, '-c', script], check=True,
                   env=os.environ | {'TG_COMPILE': when, 'XDG_CACHE_HOME': str(tmp_path)})


def test_a_call_is_cancelled_within_an_operator():
    x = Tg.dvector('x')
    y = x
    for _ in range(200):
        y = Tg.sin(y) + x
    value = np.linspace(0, 1, 1_000_000)

    async def call(function):
        begin = time.monotonic()
        task = asyncio.ensure_future(function.call_async(value))
        await asyncio.sleep(0.02)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return time.monotonic() - begin

    for count in COUNTS:
        function = Tg.function([x], y, mode=f'cpu,exact,threads={count}')
        asyncio.run(call(function))
        # The threads are free again.
        assert function(np.zeros(100_000)) == pytest.approx(0)


def test_errors_are_the_same():
    x, y = Tg.dvector('x'), Tg.dvector('y')
    messages = set()
    for count in COUNTS:
        function = Tg.function([x, y], Tg.exp(x + 1) * (y - 1), mode=f'cpu,threads={count}')
        with pytest.raises(GLib.Error) as caught:
            function(np.zeros(300_000), np.zeros(300_001))
        messages.add(caught.value.message.partition(' (made')[0])
    assert len(messages) == 1


def test_threads_of_a_program_share_them():
    x = Tg.dmatrix('x')
    outputs = [Tg.exp(x) * x, Tg.sum(x, axis=[0]), x @ x.T]
    functions = [Tg.function([x], [part + i for part in outputs], mode='threads=3')
                 for i in range(2)]
    value = np.linspace(-2, 2, 200 * 500).reshape(200, 500)
    expected = [[np.asarray(part).tobytes() for part in function(value)] for function in functions]
    failures = []

    def call_often(number):
        for i in range(20):
            which = (number + i) % 2
            results = [np.asarray(part).tobytes() for part in functions[which](value)]
            if results != expected[which]:
                failures.append(number)

    threads = [threading.Thread(target=call_often, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


def call_and_send(function, value, queue):
    queue.put(np.asarray(function(value)).tobytes())


def test_processes_that_fork_go_on():
    x = Tg.dvector('x')
    function = Tg.function([x], Tg.exp(x) * x, mode='threads=3')
    value = np.linspace(-2, 2, 300_001)
    expected = np.asarray(function(value)).tobytes()
    context = multiprocessing.get_context('fork')
    stop = threading.Event()

    def keep_busy():
        while not stop.is_set():
            function(value)

    busy = threading.Thread(target=keep_busy)
    busy.start()
    try:
        for _ in range(5):
            queue = context.Queue()
            process = context.Process(target=call_and_send, args=(function, value, queue))
            process.start()
            assert queue.get(timeout=60) == expected
            process.join(60)
            assert process.exitcode == 0
            assert np.asarray(function(value)).tobytes() == expected
    finally:
        stop.set()
        busy.join()


def count_threads(**environment):
    script = '''
import os
import gi
gi.require_version('Tg', '1')
import numpy as np
from gi.repository import Tg
x = Tg.dvector('x')
f = Tg.function([x], Tg.exp(x) * x)
before = len(os.listdir('/proc/self/task'))
f(np.zeros(10))
assert len(os.listdir('/proc/self/task')) == before
f(np.zeros(1_000_000))
print(len(os.listdir('/proc/self/task')) - before + 1)
'''
    result = subprocess.run([sys.executable, '-c', script], env=os.environ | environment,
                            capture_output=True, text=True, check=True)
    return int(result.stdout), result.stderr


def test_the_environment_says_how_many_there_are():
    assert count_threads(TG_NUM_THREADS='5') == (5, '')
    assert count_threads(TG_NUM_THREADS='1') == (1, '')
    assert count_threads(TG_NUM_THREADS='') == (len(os.sched_getaffinity(0)), '')
    assert 'TG_NUM_THREADS: expected a number from 1 to 1024, not “many”' in count_threads(
        TG_NUM_THREADS='many', G_DEBUG='')[1]


def test_a_mode_says_how_many_there_are():
    mode = Tg.Mode('cpu,exact,threads=3')
    assert mode.n_threads == 3 and mode.to_string() == 'cpu,exact,threads=3'
    assert Tg.Mode(n_threads=2).n_threads == 2 and Tg.Mode().n_threads == 0
    for text in ('threads=0', 'threads=-1', 'threads=', 'threads=two', 'threads=1025'):
        with pytest.raises(GLib.Error, match='there is no mode'):
            Tg.Mode(text)
