# SPDX-License-Identifier: LGPL-2.1-or-later
"""The backend that is the default computes what the reference backend does, to the bit where no sum
is added, whichever instructions it uses."""

import hashlib
import math
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import gi

gi.require_version('Tg', '1')

import numpy as np
import pytest
from gi.repository import Gio, GLib, Tg
from references import OPS

ELEMENTWISE = sorted(name for name, op in OPS.items()
                     if op.get_form() == Tg.OpForm.ELEMENTWISE and not op.dup_parameter_names())
DTYPES = ['bool', 'int8', 'int32', 'int64', 'uint8', 'uint64', 'float16', 'float32', 'float64',
          'complex64', 'complex128']
LEVELS = ('x86-64', 'x86-64-v3', 'x86-64-v4')
REDUCTIONS = ['sum', 'mean', 'prod', 'max', 'min', 'any', 'all', 'logsumexp', 'vector_norm']
SELECTIONS = ['argmax', 'argmin']
SOFTMAX = ['softmax', 'log_softmax']
# A block has at most 512 elements.
N = 1100


def draw(rng, dtype, shape):
    """Values of all sizes, and those at which something ends."""
    dtype = np.dtype(dtype)
    if dtype.kind == 'c':
        parts = dtype.type().real.dtype
        result = np.empty(shape, dtype)
        result.real, result.imag = draw(rng, parts, shape), draw(rng, parts, shape)
        return result
    if dtype.kind == 'f':
        values = rng.normal(size=shape) * np.exp(rng.uniform(-30, 30, shape) * (
            rng.random(shape) < 0.3))
        limits = np.finfo(dtype)
        corners = np.array([0, -0.0, 1, -1, np.inf, -np.inf, np.nan, limits.max, limits.tiny,
                            -limits.smallest_subnormal, 0.5, 710, 20])
        with np.errstate(over='ignore'):
            return np.where(rng.random(shape) < 0.1, rng.choice(corners, shape),
                            values).astype(dtype)
    if dtype.kind == 'b':
        return rng.random(shape) < 0.5
    limits = np.iinfo(dtype)
    near = np.clip(rng.integers(-9, 9, shape), limits.min, limits.max)
    return np.where(rng.random(shape) < 0.5, near.astype(dtype),
                    rng.integers(limits.min, limits.max, shape, dtype, endpoint=True))


def make_symbols(dtypes, ndim):
    return [Tg.tensor(dtype, (None,) * ndim, f'x{i}') for i, dtype in enumerate(dtypes)]


def same_bits(x, y):
    return x.dtype == y.dtype and x.shape == y.shape and (
        np.array_equal(np.isnan(x), np.isnan(y)) and (
            np.where(np.isnan(x), 0, x).tobytes() == np.where(np.isnan(y), 0, y).tobytes())
        if x.dtype.kind in 'fc' else x.tobytes() == y.tobytes())


def along(name, dtype, ndim, axis, mode='cpu'):
    """A function of an operator that goes along one axis, or several."""
    [x] = make_symbols([dtype], ndim)
    return Tg.function([x], getattr(Tg, name)(x, axis=axis), mode=mode)


def build(name, dtype, ndim=1, mode='cpu'):
    """A function of an operator in a dtype, or None where it takes none such."""
    op = OPS[name]
    symbols = make_symbols([dtype] * len(op.dup_input_names()), ndim)
    try:
        return Tg.function(symbols, getattr(Tg, name)(*symbols), mode=mode)
    except GLib.Error:
        return None


DRAWS = ['random_uniform', 'random_normal']
STATES = [[5, 0, 0], [2**40 + 7, 3, 2**33 + 1], [-1, 2**32 - 1, 2**56 - 1]]


def make_draws(name, dtype, mode='cpu'):
    """Numbers of some states and shapes."""
    draws = [getattr(Tg, name)(np.array(state), shape, dtype)
             for state in STATES for shape in ((), (0,), (3, 5), (1023,), (1024,), (70_001,))]
    return [np.asarray(numbers) for numbers in Tg.function([], draws, mode=mode)()]
def make_digest(result):
    result = np.asarray(result)
    if result.dtype.kind in 'fc':
        result = np.where(np.isnan(result), 0, result)
    return hashlib.sha256(result.tobytes()).hexdigest()


def digest():
    """A line for each operator and dtype, with what it computes."""
    for name in DRAWS:
        for dtype in ('float32', 'float64'):
            drawn = b''.join(numbers.tobytes() for numbers in make_draws(name, dtype))
            print(name, dtype, hashlib.sha256(drawn).hexdigest())
    for name in ELEMENTWISE:
        for dtype in DTYPES:
            function = build(name, dtype)
            if function is None:
                continue
            rng = np.random.default_rng(sum(map(ord, name + dtype)))
            n_inputs = len(OPS[name].dup_input_names())
            result = function(*(draw(rng, dtype, N) for _ in range(n_inputs)))
            print(name, dtype, make_digest(result))
    for name in REDUCTIONS + SELECTIONS + SOFTMAX:
        for dtype in ('int8', 'float32', 'float64'):
            rng = np.random.default_rng(sum(map(ord, name + dtype)))
            value = draw(rng, dtype, (70, 900))
            if dtype != 'int8':
                value = rng.normal(size=value.shape).astype(dtype)
            for axis in (0, 1):
                print(name, dtype, axis, make_digest(along(name, dtype, 2, axis)(value)))
    for text in FOLDS:
        for axis in ('[0]', '[1]', 'all'):
            function = compile_graph(parse(text.replace('{}', axis)), Tg.Mode('cpu,exact'))
            x, y = np.random.default_rng(4).normal(size=(2, 70, 900))
            print(text, axis, make_digest(function(x, y)[0]))
    for dtype in ('float32', 'float64'):
        [x], [y] = make_symbols([dtype], 2), make_symbols([dtype], 1)
        function = Tg.function([x, y], [x @ y, x @ (y * y), y @ x.T])
        a, b = (np.random.default_rng(5).normal(size=shape).astype(dtype)
                for shape in ((75, 2123), 2123))
        for x in (a, np.asfortranarray(a)):
            print('products', dtype, *map(make_digest, function(x, b)))


@pytest.mark.parametrize('name', ELEMENTWISE)
def test_an_operator_computes_the_bits_of_the_reference(name):
    n_inputs = len(OPS[name].dup_input_names())
    n_dtypes = 0
    for dtype in DTYPES:
        function, reference = (build(name, dtype, mode=mode) for mode in ('cpu', 'reference'))
        if function is None:
            continue
        n_dtypes += 1
        rng = np.random.default_rng(7)
        for n in (0, 1, 7, N):
            values = [draw(rng, dtype, n) for _ in range(n_inputs)]
            assert same_bits(np.asarray(function(*values)), np.asarray(reference(*values))), (
                dtype, n)
    assert n_dtypes > 0


@pytest.mark.parametrize('dtype', ['float16', 'bfloat16', 'float32', 'float64'])
@pytest.mark.parametrize('name', DRAWS)
def test_draws_have_the_bits_of_the_reference(name, dtype):
    for found, expected in zip(make_draws(name, dtype), make_draws(name, dtype, 'reference')):
        assert same_bits(found, expected)


def test_a_draw_ends_soon_after_it_is_cancelled():
    script = '''
import time
import gi
gi.require_version('Tg', '1')
from gi.repository import GLib, Tg
streams = Tg.RandomStreams(3)
f = Tg.function([], streams.normal(30_000_000), mode='cpu')
before = streams.get_states()
future = f.call_async()
time.sleep(0.1)
future.cancel()
try:
    print(future.result())
except GLib.Error as error:
    print(error.message, (streams.get_states() == before).all())
'''
    process = subprocess.run([sys.executable, '-c', script], check=True, stdout=subprocess.PIPE,
                             env=os.environ | {'TG_CPU': 'x86-64'})
    assert process.stdout == b'function: the call was cancelled True\n'


def compute_digest(**environment):
    path = os.environ.get('PYTHONPATH', '') + os.pathsep + str(Path(__file__).parent)
    process = subprocess.run([sys.executable, __file__], env=os.environ | environment | {
        'PYTHONPATH': path}, stdout=subprocess.PIPE, check=True)
    assert process.stdout.count(b'\n') > 200
    return process.stdout


def test_all_instructions_compute_the_same_bits():
    assert len({compute_digest(TG_CPU=level) for level in LEVELS}) == 1


needs_compiler = pytest.mark.skipif(
    not Path(os.environ['TG_MODULE_DIR'], 'libtg-llvm-1.so').exists(),
    reason='it was built without LLVM')


@needs_compiler
def test_machine_code_computes_the_same_bits(tmp_path):
    (tmp_path / 'libtg').mkdir(mode=0o700)
    for _ in range(2):  # compiled, and from the cache
        assert compute_digest(TG_COMPILE='now', XDG_CACHE_HOME=str(tmp_path)) == compute_digest()
        assert len(list((tmp_path / 'libtg').iterdir())) > 200


@needs_compiler
@pytest.mark.parametrize('level', LEVELS)
def test_machine_code_of_any_instructions_computes_the_same_bits(level, tmp_path):
    environment = {'TG_COMPILE': 'now', 'TG_CPU': level, 'XDG_CACHE_HOME': str(tmp_path)}
    assert compute_digest(**environment) == compute_digest()


@needs_compiler
@pytest.mark.parametrize('when', ['now', 'later'])
def test_these_tests_pass_with_machine_code(when, tmp_path):
    environment = os.environ | {'TG_COMPILE': when, 'XDG_CACHE_HOME': str(tmp_path)}
    subprocess.run([sys.executable, '-m', 'pytest', '-q', '-p', 'no:cacheprovider', '-c',
                    str(Path(__file__).parent / 'pytest.ini'), __file__,
                    '-k', 'loops_of or very_many or written_to or outlives'],
                   check=True, env=environment)


@needs_compiler
def test_what_runs_often_is_compiled(tmp_path):
    script = '''
import os, sys, time
import numpy as np
from gi.repository import Tg
x = Tg.dvector('x')
f = Tg.function([x], Tg.exp(x) * x + 1, mode='cpu')
value = np.linspace(-3, 3, 100_001)
first = f(value)
end = time.monotonic() + 30
while not os.path.isdir(sys.argv[1]) or not os.listdir(sys.argv[1]):
    assert time.monotonic() < end
    f(value)
for _ in range(100):
    assert np.array_equal(f(value), first)
'''
    subprocess.run([sys.executable, '-c', script, str(tmp_path / 'libtg')], check=True,
                   env={name: value for name, value in os.environ.items() if name != 'TG_COMPILE'}
                   | {'XDG_CACHE_HOME': str(tmp_path)})


@needs_compiler
def test_processes_end_after_a_loop_was_compiled(tmp_path):
    script = '''
import os, sys
import numpy as np
from gi.repository import Tg
x = Tg.dvector('x')
f = Tg.function([x], Tg.exp(x) * x + Tg.tanh(x), mode='cpu')
value = np.linspace(-3, 3, 1_000_000)
for _ in range(1000):
    f(value)
    if os.path.isdir(sys.argv[1]):
        sys.exit(0)
sys.exit('nothing was compiled')
'''
    for number in range(5):
        subprocess.run([sys.executable, '-c', script, str(tmp_path / str(number) / 'libtg')],
                       check=True,
                       env={name: value for name, value in os.environ.items()
                            if name != 'TG_COMPILE'}
                       | {'XDG_CACHE_HOME': str(tmp_path / str(number))})


@needs_compiler
def test_processes_end_while_a_loop_is_compiled():
    script = '''
import os, sys
import numpy as np
from gi.repository import Tg
x = Tg.dvector('x')
value = np.linspace(-3, 3, 1_000_000)
for formula in (x * x + 1, Tg.exp(x) * Tg.sin(x) + Tg.tanh(x) * Tg.log1p(x * x)):
    f = Tg.function([x], formula, mode='cpu')
    for _ in range(4):
        f(value)
'''
    for _ in range(5):
        subprocess.run([sys.executable, '-c', script], check=True, env=os.environ | {
            'TG_COMPILE': 'later', 'XDG_CACHE_HOME': os.devnull})


@needs_compiler
def test_processes_fork_while_loops_are_compiled(tmp_path):
    script = '''
import os, sys, time
import numpy as np
from gi.repository import Tg
x = Tg.dvector('x')
value = np.linspace(0.1, 3, 100_000)
children = []
for number in range(12):
    y = x
    for _ in range(number + 1):
        y = Tg.exp(-y) * x
    f = Tg.function([x], y, mode='cpu')
    first = f(value)
    for _ in range(40 if number else 400):
        f(value)
    child = os.fork()
    if not child:
        assert np.array_equal(f(value), first)
        sys.exit(0)
    children.append(child)
for child in children:
    assert os.waitpid(child, 0)[1] == 0
end = time.monotonic() + 60
while not os.path.isdir(sys.argv[1]) or len(os.listdir(sys.argv[1])) < 10:
    assert time.monotonic() < end
    time.sleep(0.01)
'''
    subprocess.run([sys.executable, '-c', script, str(tmp_path / 'libtg')], check=True, timeout=120,
                   env=os.environ | {'TG_COMPILE': 'later', 'XDG_CACHE_HOME': str(tmp_path)})


FORMULAS = [
    't1 = x * y + exp(-x); t1 / (1 + t1)',
    't1 = tanh(x); (1 - t1 * t1) * y + t1',
    'where(x > y, sqrt(abs(x)), y) + astype(x, dtype=i64)',
    't1 = exp(x); t2 = t1 * y; t2 + sum(t2, axis=0, keepdims=true) * t1',
    't1 = x + 1; t2 = y * 2; t1 * exp(t2) - log1p(abs(t2))',
    'logical_and(x > 0, isfinite(y)) * x',
    't1 = exp(x); t2 = sum_of_products(t1, y, t1, x); t3 = sin(t2); t4 = cos(t2); t3 * t4 + t2',
]


def parse(text, kind='f64'):
    lets, _, result = text.rpartition(';')
    lets = ''.join(f'let {line.strip()}; ' for line in lets.split(';') if line)
    return Tg.parse_function(f'f(x: {kind}[?, ?], y: {kind}[?, ?]) = {lets}{result}')


def compile_graph(graph, mode):
    return Tg.function([graph.get_input(0), graph.get_input(1)],
                       [graph.get_output(i) for i in range(graph.get_n_outputs())], mode=mode)


SHAPES = [((30, 70), (30, 70)), ((1, 70), (30, 1)), ((30, 1), (30, 70)), ((1, 1), (3, 1000)),
          ((0, 5), (1, 5)), ((1, 1), (1, 1))]


@pytest.mark.parametrize('kind', ['f64', 'f32'])
@pytest.mark.parametrize('text', FORMULAS)
def test_loops_of_several_operators(text, kind):
    graph = parse(text, kind)
    function = compile_graph(graph, Tg.Mode('cpu,exact'))
    reference = compile_graph(graph, Tg.Mode('reference,exact'))
    rng = np.random.default_rng(3)
    for shapes in SHAPES:
        x, y = (rng.normal(size=shape).astype('f4' if kind == 'f32' else 'f8') for shape in shapes)
        for values in ((x, y), (x.T, y.T), (np.asfortranarray(x), y), (x[::-1], y[:, ::-1])):
            before = [value.copy() for value in values]
            [found], [expected] = function(*values), reference(*values)
            found, expected = np.asarray(found), np.asarray(expected)
            if 'sum(' in text:
                assert found.shape == expected.shape
                np.testing.assert_allclose(found, expected, 1e-6 if kind == 'f32' else 1e-14)
            else:
                assert same_bits(found, expected), shapes
            assert all(np.array_equal(a, b) for a, b in zip(values, before))


def test_a_loop_of_very_many_operators():
    x = Tg.dvector('x')
    y, parts = x, []
    for i in range(700):
        y = Tg.sin(y) + x * (i + 0.5)
        parts.append(y)
    total = sum(parts[::7], x)
    value = np.linspace(-1, 1, 2000)

    found, expected = (Tg.function([x], [y, total], mode=Tg.Mode(f'{backend},exact'))(value)
                       for backend in ('cpu', 'reference'))
    assert all(same_bits(np.asarray(a), np.asarray(b)) for a, b in zip(found, expected))


@pytest.mark.parametrize('dtype', ['bool', 'int8', 'float32', 'float64'])
@pytest.mark.parametrize('name', REDUCTIONS)
def test_reductions(name, dtype):
    rng = np.random.default_rng(5)
    [x] = make_symbols([dtype], 3)
    for axis in ((0,), (1,), (2,), (0, 2), (1, 2), (0, 1, 2)):
        try:
            outputs = getattr(Tg, name)(x, axis=list(axis))
        except GLib.Error:
            assert dtype == 'bool'
            return
        function, reference = (Tg.function([x], outputs, mode=mode)
                               for mode in ('cpu', 'reference'))
        for shape in ((4, 5, 6), (70, 3, 5), (2, 3, 300), (3, 600, 2), (1, 1, 1)):
            value = draw(rng, dtype, shape)
            if dtype.startswith('float'):
                value = rng.normal(size=shape).astype(dtype) + 1
            for array in (value, value.T, value[:, ::-1], np.swapaxes(value, 0, 1)):
                found, expected = np.asarray(function(array)), np.asarray(reference(array))
                assert found.dtype == expected.dtype and found.shape == expected.shape
                if found.dtype.kind == 'f':
                    np.testing.assert_allclose(found, expected,
                                               3e-7 if found.dtype == 'f4' else 1e-14, 1e-14)
                else:
                    assert np.array_equal(found, expected)


@pytest.mark.parametrize('dtype', ['bool', 'int8', 'int64', 'uint16', 'float32', 'float64'])
@pytest.mark.parametrize('name', SELECTIONS)
def test_selections_are_those_of_the_reference(name, dtype):
    rng = np.random.default_rng(6)
    for ndim, axes in ((1, (0,)), (2, (0, 1, None)), (3, (0, 1, 2))):
        for axis in axes:
            functions = [along(name, dtype, ndim, axis, mode) for mode in ('cpu', 'reference')]
            for size in (1, 5, 64, 700):
                shape = (4, 3, size)[-ndim:]
                plain, ties = draw(rng, dtype, shape), draw(rng, dtype, shape)
                if dtype.startswith('float'):
                    ties = rng.integers(-2, 3, shape).astype(dtype) * -0.0
                for value in (plain, ties, rng.integers(0, 2, shape).astype(dtype)):
                    for array in (value, value.T, value[..., ::-1], value[..., ::2]):
                        found, expected = (np.asarray(f(array)) for f in functions)
                        assert np.array_equal(found, expected), (shape, axis)


@pytest.mark.parametrize('name, place', [('argmax', 3000), ('argmin', 1000)])
def test_the_first_of_the_best_is_selected(name, place):
    function = along(name, 'float64', 1, 0)
    value = np.zeros(5000)
    value[place], value[place + 1], value[4000:] = 0, 0, 0
    assert function(value) == 0
    value[[place, place + 33, 4999]] = 1 if name == 'argmax' else -1
    assert function(value) == place
    value[[place + 90, place + 97]] = np.nan
    assert function(value) == place + 90


def compute_softmax(name, x, axis):
    x = x.astype('longdouble')
    axis = axis if axis is None else tuple(np.atleast_1d(axis))
    x = x - np.max(x, axis, keepdims=True, initial=-np.inf)
    others = np.sum(np.where(x == 0, 0, np.exp(x)), axis, keepdims=True)
    others += np.sum(x == 0, axis, keepdims=True) - 1
    with np.errstate(divide='ignore'):  # where there are no elements
        return np.exp(x) / (1 + others) if name == 'softmax' else x - np.log1p(others)


@pytest.mark.parametrize('dtype', ['int8', 'float16', 'float32', 'float64'])
@pytest.mark.parametrize('name', SOFTMAX)
def test_softmax(name, dtype):
    rng = np.random.default_rng(8)
    for axis in (0, 1, 2, [0, 2], [1, 2], None):
        function = along(name, dtype, 3, axis)
        for shape in ((4, 5, 6), (700, 3, 5), (2, 3, 900), (3, 600, 2), (40, 1, 70), (1, 1, 1),
                      (0, 3, 2), (300, 2, 70)):
            value = (3 * rng.normal(size=shape)).astype(dtype)
            for array in (value, value.T, value[:, ::-1], np.swapaxes(value, 0, 1)):
                found, expected = np.asarray(function(array)), compute_softmax(name, array, axis)
                assert found.dtype == ('float64' if dtype == 'int8' else dtype)
                assert found.shape == expected.shape
                # Of a float that is rounded from an exact one, and of a sum of 20,000 terms.
                np.testing.assert_allclose(found, expected.astype(found.dtype), {
                    'f2': 1e-3, 'f4': 1.2e-7, 'f8': 1e-14}[found.dtype.str[1:]])


@pytest.mark.parametrize('dtype', ['float16', 'float32', 'float64'])
@pytest.mark.parametrize('axis', [0, 1, None])
def test_softmax_shares_passes_with_its_logarithm(dtype, axis):
    x = Tg.tensor(dtype, (None, None), 'x')
    alone, other_axis = Tg.softmax(x, axis=axis), Tg.softmax(x, axis=(axis or 0) - 1)
    both = Tg.function([x], [Tg.log_softmax(x, axis=axis), alone, other_axis])
    for shape in ((600, 7), (5, 900), (1, 1), (0, 3)):
        value = np.random.default_rng(5).normal(size=shape).astype(dtype)
        for array in (value, value[:, ::-1]):
            found, *quotients = map(np.asarray, both(array))
            np.testing.assert_allclose(
                found, compute_softmax('log_softmax', array, axis).astype(dtype),
                {'f2': 1e-3, 'f4': 1.2e-7, 'f8': 1e-14}[found.dtype.str[1:]])
            for quotient, variable in zip(quotients, (alone, other_axis)):
                np.testing.assert_array_equal(quotient, Tg.function([x], variable)(array))


@pytest.mark.parametrize('dtype', ['float32', 'float64'])
@pytest.mark.parametrize('axis', [0, 1, None])
def test_elements_of_a_logarithm_of_softmax(dtype, axis):
    rows, columns, wrong = np.array([0, -1, 2, 2]), np.array([3, 0, -2, 3]), np.array([0, 7, 0, 0])
    x = Tg.tensor(dtype, (None, None), 'x')
    i, j = (Tg.tensor('int64', (None,), name) for name in 'ij')
    z = Tg.log_softmax(x, axis=axis)
    function = Tg.function([x, i, j], [
        z[i, j], Tg.take(z, i, axis=0), Tg.take_along_axis(z, Tg.stack([j, j, j], axis=0), axis=1),
        Tg.softmax(x, axis=axis)])
    for scale in (1, 100):  # of 100, some are near 0
        value = (scale * np.random.default_rng(4).normal(size=(3, 5))).astype(dtype)
        for array in (value, value[::-1], value[:, ::-1], np.asfortranarray(value)):
            expected = compute_softmax('log_softmax', array, axis)
            found = map(np.asarray, function(array, rows, columns))
            for each, truth in zip(found, (
                    expected[rows, columns], expected[rows],
                    np.take_along_axis(expected, np.stack(3 * [columns % 5]), 1),
                    compute_softmax('softmax', array, axis))):
                assert each.dtype == dtype
                np.testing.assert_allclose(each, truth.astype(dtype),
                                           1.2e-7 if dtype == 'float32' else 1e-15, 0)
    with pytest.raises(GLib.GError, match='index 7 is out of bounds for axis 1 of size 5'):
        function(value, rows, wrong)


@pytest.mark.parametrize('axis', [0, 1])
@pytest.mark.parametrize('name', SOFTMAX)
def test_softmax_of_extreme_numbers(name, axis):
    rows = np.zeros((8, 700))
    rows[1] = np.linspace(-1e300, 1e300, 700)
    rows[2], rows[3, 5], rows[4, 7], rows[5, 9] = -np.inf, np.inf, np.nan, -np.inf
    rows[6] = np.linspace(0, -800, 700)
    rows[7, 3] = 50
    value = rows if axis == 1 else np.ascontiguousarray(rows.T)
    found, expected = (np.asarray(along(name, 'float64', 2, axis, mode)(value))
                       for mode in ('cpu', 'reference'))
    np.testing.assert_allclose(found, expected, 2e-14, 0)


@pytest.mark.parametrize('formula', ['sum(x, axis=1)', 'max(x, axis=1)', 'logsumexp(x, axis=1)',
                                     'argmax(x, axis=1)', 'sum(exp(x), axis=1)'])
def test_a_reduction_is_left_when_its_call_is_cancelled(formula):
    """One of 2^34 elements, all of which are the same one in memory."""
    x, shape = Tg.dvector('x'), Tg.tensor('int64', (2,), 'shape')
    repeated = Tg.broadcast_to(x, shape)
    function = Tg.function([x, shape], Tg.parse(formula, x=repeated), mode='cpu,exact')
    cancellable = Gio.Cancellable.new()
    timer = threading.Timer(0.05, cancellable.cancel)
    cancellable.push_current()
    timer.start()
    begin = time.monotonic()
    with pytest.raises(GLib.Error, match='cancelled'):
        function(np.ones(1), [2 ** 17, 2 ** 17])
    cancellable.pop_current()
    assert time.monotonic() - begin < 5


def test_long_sums_are_right_to_the_last_bits():
    """Of numbers with one sign.  Eight are added at a time before what is lost is kept: of numbers
    that cancel, that may lose a bit of the largest, as any order of plain additions does."""
    rng = np.random.default_rng(2)
    x, y = Tg.dvector('x'), Tg.fvector('y')
    total = Tg.function([x], Tg.sum(x), mode='cpu')
    shifted = Tg.function([x], Tg.sum(x - 1), mode='cpu,exact')
    single = Tg.function([y], Tg.sum(y), mode='cpu')
    for n in (20, 1000, 100_003, 400_000):
        values = rng.normal(size=n) * np.exp(rng.uniform(-20, 20, n))
        for numbers in (values, abs(values)):
            exact = math.fsum(numbers)
            lost = 2 ** -54 * abs(values).sum() if numbers is values else 0
            for array in (numbers, np.repeat(numbers, 2)[::2]):
                assert abs(total(array) - exact) <= 2e-16 * abs(exact) + lost
            assert abs(shifted(numbers) - math.fsum(numbers - 1)) <= 2e-16 * abs(exact) + 2 * lost
        short = values.astype('f4')
        assert np.float32(short.astype('f8').sum()) == pytest.approx(single(short), 2e-7)
    big = np.append(2.0 ** 53, np.ones(100_000))
    for array in (big, np.repeat(big, 2)[::2]):
        assert abs(int(total(array)) - 2 ** 53 - 100_000) <= 8


@pytest.mark.parametrize('dtype', ['float32', 'float64'])
@pytest.mark.parametrize('name', ['max', 'min'])
def test_the_best_may_be_nan_or_a_zero(name, dtype):
    rng = np.random.default_rng(3)
    for axis in (0, 1):
        functions = [along(name, dtype, 2, axis, mode) for mode in ('cpu', 'reference')]
        x, y = make_symbols([dtype] * 2, 2)
        last = Tg.function([x, y], getattr(Tg, name)(x * y, axis=axis), mode='cpu,exact')
        functions.append(lambda array, f=last: f(array, np.ones_like(array)))
        for shape in ((3, 5), (9, 70), (70, 9), (130, 300)):
            numbers = rng.normal(size=shape)
            sign = -1 if name == 'max' else 1
            zeros = np.where(rng.random(shape) < 0.5, 0.0, -0.0)
            nans = np.where(rng.random(shape) < 0.02, np.nan, numbers)
            for value in (numbers, zeros, nans, np.where(numbers > 1, zeros, sign * abs(numbers)),
                          zeros * 0 - 0.0, np.full(shape, sign * np.inf), np.where(
                              rng.random(shape) < 0.02, np.nan, zeros)):
                for array in (value.astype(dtype), np.asfortranarray(value.astype(dtype))):
                    found, expected, last = (np.asarray(f(array)) for f in functions)
                    for result in (found, last):
                        assert np.array_equal(result, expected, equal_nan=True)
                        assert np.array_equal(np.signbit(result)[expected == 0],
                                              np.signbit(expected)[expected == 0])


FOLDS = [
    'sum(exp(x) * y, axis={})', 'mean(x * y, axis={}, keepdims=true)', 'any(x > y + 2, axis={})',
    'sum(exp(-x), axis={}) + sum(exp(-x) * y, axis={})', 'prod(1 + x * y / 100, axis={})',
    't1 = x + y; sum(t1, axis={}) * sum(abs(t1))', 'sum(astype(x * y * 9, dtype=i32) * 2, axis={})',
    'sum(astype(x, dtype=f32) * y, axis={})', 'logsumexp(x * y, axis={})',
    'all(x < y + 9, axis={})', 'max(x * y, axis={})', 'min(minimum(x * y, 1), axis={}) * 2',
]


@pytest.mark.parametrize('kind', ['f64', 'f32'])
@pytest.mark.parametrize('axis', ['0', '1', 'all'])
@pytest.mark.parametrize('text', FOLDS)
def test_reductions_of_what_a_loop_computes(text, axis, kind):
    axis = axis if axis == 'all' else f'[{axis}]'
    graph = parse(text.replace('{}', axis), kind)
    function, reference = (compile_graph(graph, Tg.Mode(f'{backend},exact'))
                           for backend in ('cpu', 'reference'))
    rng = np.random.default_rng(9)
    for shapes in [*SHAPES, ((70, 900), (70, 1)), ((3, 0), (3, 0))]:
        if 0 in shapes[0] and text.startswith(('max', 'min')):
            continue
        x, y = (rng.normal(size=shape).astype('f4' if kind == 'f32' else 'f8') for shape in shapes)
        for values in ((x, y), (x.T, y.T), (np.asfortranarray(x), y), (x[::-1], y[:, ::-1])):
            [found], [expected] = (np.asarray(f(*values)) for f in (function, reference))
            assert found.dtype == expected.dtype and found.shape == expected.shape
            np.testing.assert_allclose(found, expected, 1e-5 if kind == 'f32' else 1e-12,
                                       1e-4 if kind == 'f32' else 1e-11)


PRODUCTS = [
    ('x @ y', (3, 4), (4, 5)), ('x @ y', (30, 4), (4,)), ('x @ y', (4,), (4, 50)),
    ('x @ y', (9,), (9,)), ('x @ y', (7, 3, 4), (4, 5)), ('x @ y', (7, 3, 4), (7, 4, 5)),
    ('x @ y', (2, 1, 3, 4), (5, 4, 3)), ('x @ y', (1, 3, 4), (5, 4, 3)),
    ('x @ y', (1, 1), (1, 9)), ('x @ y', (60, 1), (1, 9)), ('x @ y', (3, 0), (0, 5)),
    ('outer(x, y)', (9,), (8,)), ('dot(x, y)', (2, 3, 4), (4, 5)),
    ('einsum(x, y, subscripts="ik,kj->ji")', (6, 7), (7, 8)),
    ('einsum(x, y, subscripts="ijk,kjl->il")', (6, 7, 3), (3, 7, 4)),
    ('einsum(x, y, subscripts="bik,bjk->bij")', (2, 6, 7), (2, 4, 7)),
    ('einsum(x, y, subscripts="ab,cb->ca")', (6, 7), (4, 7)),
]


@pytest.mark.parametrize('dtype', ['float64', 'float32', 'int64', 'complex128'])
@pytest.mark.parametrize('text, x_shape, y_shape', PRODUCTS)
def test_products(text, x_shape, y_shape, dtype):
    rng = np.random.default_rng(4)
    [x] = make_symbols([dtype], len(x_shape))
    [y] = make_symbols([dtype], len(y_shape))
    function, reference = (Tg.function([x, y], Tg.parse(text, x=x, y=y), mode=mode)
                           for mode in ('cpu', 'reference'))
    a, b = (rng.integers(-9, 9, shape).astype(dtype) if dtype == 'int64'
            else rng.normal(size=shape).astype(dtype) for shape in (x_shape, y_shape))
    for values in ((a, b), (np.asfortranarray(a), b), (a, np.asfortranarray(b)),
                   (a[::-1], b[..., ::-1]), (np.repeat(a, 2, -1)[..., ::2], b)):
        found, expected = np.asarray(function(*values)), np.asarray(reference(*values))
        assert found.dtype == expected.dtype and found.shape == expected.shape
        np.testing.assert_allclose(found, expected, 1e-4 if dtype == 'float32' else 1e-12, 1e-5
                                   if dtype == 'float32' else 1e-13)


def test_arguments_and_shared_values_are_never_written_to():
    x, w = Tg.dvector('x'), Tg.shared(np.arange(9.), 'w')
    f = Tg.function([x], [Tg.exp(x + 1) * 2, x * w], updates=[(w, w + x)], mode='cpu')
    value = np.ones(9)
    held = w.get_value()
    for _ in range(3):
        f(value)

    assert np.array_equal(value, np.ones(9)) and np.array_equal(held, np.arange(9.))
    assert np.array_equal(w.get_value(), np.arange(9.) + 3)


def test_a_result_outlives_further_calls():
    x = Tg.dvector('x')
    f = Tg.function([x], [Tg.exp(x), Tg.exp(x) + 1], mode='cpu')
    first = f(np.zeros(100_000))
    second = f(np.ones(100_000))

    assert np.all(np.asarray(first[0]) == 1) and np.all(np.asarray(first[1]) == 2)
    assert np.all(np.asarray(second[1]) == np.e + 1)


def test_errors_are_those_of_the_operator():
    x, y = Tg.dvector('x'), Tg.dvector('y')
    f = Tg.function([x, y], Tg.exp(x + 1) * (y - 1) + 2, mode='cpu')
    with pytest.raises(GLib.Error, match=r'f64\[3\].*f64\[4\].*broadcast'):
        f(np.zeros(3), np.zeros(4))


@pytest.mark.parametrize('positions', [
    [[0, 1], [2, 4], [2, -1]],  # they rise
    [[2, 4], [0, 1], [2, 4]], [[0, 1], [0, 1], [0, 2]], np.zeros((0, 2)),
    [[i, i] for i in range(20)], [[0, 1], [2, 40], [2, -1]]])
def test_zeros_with_a_few_elements(positions):
    positions = np.array(positions, 'int64')
    x, y, z = (Tg.tensor('float64', (None, None), name) for name in 'xyz')
    v, w = (Tg.tensor('float64', (None,), name) for name in 'vw')
    i = Tg.tensor('int64', (None, 2), 'i')
    few, others = Tg.untake_nd(v, Tg.shape(x), i), Tg.untake_nd(w * w, Tg.shape(x), i)
    outputs = [
        Tg.exp(few) - 2 * x * Tg.sum(few, axis=1, keepdims=True),  # what x is multiplied by is new
        Tg.mean(others), Tg.sum(others, axis=0), Tg.tanh(others) + y, few * z * 3, others / few,
        Tg.argmax(others, axis=1), Tg.max(few, axis=0), Tg.var(others)]
    inputs = [x, y, z, v, w, i]
    functions = [Tg.function(inputs, outputs[a:b], mode=mode, on_unused_input='ignore')
                 for a, b in ((0, 4), (0, 6), (3, 4), (4, 5), (6, 9))
                 for mode in ('cpu', 'reference')]
    rng = np.random.default_rng(3)
    n = len(positions)
    values = (rng.normal(size=(30, 40)), rng.normal(size=(40, 30)).T[:, ::-1],
              rng.normal(size=(1, 1)), rng.normal(size=n), rng.normal(size=n), positions)
    for cpu, reference in zip(functions[::2], functions[1::2]):
        for array in values[0], values[0][:1]:
            results = []
            for function in (cpu, reference):
                try:
                    found = function(array, values[1][:len(array)], *values[2:])
                    results.append(found if isinstance(found, list) else [found])
                except GLib.GError as error:
                    results.append(error.message)
            if isinstance(results[1], str):
                assert results[0] == results[1]
                continue
            for found, expected in zip(*results, strict=True):
                np.testing.assert_allclose(found, expected, 1e-14, 1e-15)


if __name__ == '__main__':
    digest()
