# SPDX-License-Identifier: LGPL-2.1-or-later
"""The Python binding: its import, arrays, names, operators with numpy, methods and indexing."""

import inspect
import subprocess
import sys

import gi

gi.require_version('Tg', '1')

import numpy as np
import pytest
from gi.repository import GLib, Tg
from hypothesis import given
from hypothesis import strategies as st
from sizes import examples


# The import

def test_the_import_waits_with_what_is_slow():
    program = """
import sys
from gi.repository import Gio
before = set(sys.modules)
import gi
gi.require_version('Tg', '1')
from gi.repository import Tg
x = Tg.dvector('x')
Tg.exp(2 * x)
slow = {'numpy', 'asyncio', 'concurrent.futures', 'inspect', 'threading'}
print(slow & (set(sys.modules) - before))
with open('/proc/self/maps') as maps:
    print('llvm' in maps.read().lower())
import numpy
f = Tg.function([x], x + numpy.ones(2))
print(f([1, 2]), f(numpy.zeros(2)), Tg.as_tensor([1]).tolist(), f.call_async([3, 4]).result())
"""
    process = subprocess.run([sys.executable, '-c', program], check=True, capture_output=True,
                             text=True)
    assert process.stdout == 'set()\nFalse\n[2. 3.] [1. 1.] [1] [4. 5.]\n'


# Arrays

def get_address(array):
    return array.__array_interface__['data'][0]


def test_arrays_go_in_without_a_copy():
    array = np.arange(12.).reshape(3, 4)

    for view in (array, array.T, array[::-1, ::2], array[1:1]):
        tensor = Tg.as_tensor(view)
        assert tensor.shape == view.shape
        np.testing.assert_array_equal(np.asarray(tensor), view)
        if view.size:
            assert tensor.get_address() == get_address(view)
            assert tuple(tensor.get_strides()) == view.strides


def test_arrays_come_out_without_a_copy():
    tensor = Tg.as_tensor([[1., 2.], [3., 4.]])
    w = Tg.shared(np.ones(3))

    assert get_address(np.asarray(tensor)) == tensor.get_address()
    assert not np.asarray(tensor).flags.writeable
    assert get_address(w.get_value(borrow=True)) == get_address(w.get_value(borrow=True))
    assert get_address(w.get_value()) != get_address(w.get_value(borrow=True))
    assert w.get_value().flags.writeable


def test_results_cannot_be_written():
    x = Tg.dvector('x')
    result = Tg.function([x], x * 2)([1, 2])

    assert not result.flags.writeable
    with pytest.raises(ValueError):
        result[0] = 1
    with pytest.raises(ValueError):
        result.flags.writeable = True


def test_what_is_kept_is_a_copy():
    array = np.ones(3)
    w = Tg.shared(array)
    x = Tg.dvector('x')
    f = Tg.function([x], x * 1 + array)
    assign = Tg.function([x], [], updates=[(w, x)])

    array[:] = 7
    assert w.get_value().tolist() == [1, 1, 1]
    assert f(np.zeros(3)).tolist() == [1, 1, 1]
    w.set_value(array)
    array[:] = 8
    assert w.get_value().tolist() == [7, 7, 7]
    assign(array)
    array[:] = 9
    assert w.get_value().tolist() == [8, 8, 8]


def test_a_result_is_no_view_of_an_argument():
    x = Tg.dmatrix('x')
    f = Tg.function([x], [x, x.T, x[0]])
    array = np.ones((2, 2))

    results = f(array)
    array[:] = 5

    for result in results:
        assert np.all(result == 1)


def test_a_result_is_no_view_of_a_shared_value_that_changes():
    w = Tg.shared(np.zeros(2))
    step = Tg.function([], w, updates={w: w + 1})

    first, second = step(), step()

    assert first.tolist() == [0, 0] and second.tolist() == [1, 1]


@pytest.mark.parametrize('dtype', ['bool', 'int32', 'int64', 'float32', 'float64'])
def test_dtypes_survive(dtype):
    for shape in ((), (0,), (2, 3)):
        array = np.ones(shape, dtype)
        assert Tg.as_tensor(array).dtype == dtype
        assert np.asarray(Tg.as_tensor(array)).dtype == dtype
        assert Tg.shared(array).dtype == dtype
        assert Tg.shared(array).get_value().shape == shape
        x = Tg.tensor(dtype, (None,) * len(shape))
        assert Tg.function([x], x.reshape(shape))(array).dtype == dtype


def test_other_byte_orders_and_alignments():
    swapped = np.arange(3, dtype='>f8')
    unaligned = np.frombuffer(b'\0' + np.arange(3.).tobytes(), 'f8', offset=1)
    x = Tg.dvector('x')
    f = Tg.function([x], x + 1)

    for array in (swapped, unaligned):
        assert np.asarray(Tg.as_tensor(array)).tolist() == [0, 1, 2]
        assert f(array).tolist() == [1, 2, 3]


def test_dtypes_have_many_names():
    for name in ('float32', 'f4', np.float32, np.dtype('float32'), Tg.DType.FLOAT32):
        assert Tg.as_dtype(name) == Tg.DType.FLOAT32
        assert Tg.zeros(3, name).dtype == 'float32'
    assert Tg.as_dtype(float) == Tg.DType.FLOAT64
    assert Tg.as_dtype(complex) == Tg.DType.COMPLEX128
    with pytest.raises(TypeError, match='float128 is none of the dtypes bool, int8, int16'):
        Tg.as_dtype(np.longdouble)


# Symbols, names and text

def test_symbols():
    for prefix, dtype in {'': 'float64', 'b': 'int8', 'w': 'int16', 'i': 'int32', 'l': 'int64',
                          'f': 'float32', 'd': 'float64', 'c': 'complex64',
                          'z': 'complex128'}.items():
        for kind, shape in {'scalar': (), 'vector': (None,), 'matrix': (None,) * 2,
                            'row': (1, None), 'col': (None, 1), 'tensor3': (None,) * 3,
                            'tensor4': (None,) * 4, 'tensor7': (None,) * 7}.items():
            symbol = getattr(Tg, prefix + kind)('v')
            assert (symbol.name, symbol.dtype, symbol.ndim) == ('v', dtype, len(shape))
            assert symbol.type.shape == shape
            assert getattr(Tg, prefix + kind)().name is None
            plural = 'matrices' if kind == 'matrix' else kind + 's'
            assert [v.name for v in getattr(Tg, prefix + plural)('a', 'b')] == ['a', 'b']
    assert Tg.matrix('m', dtype='int32').dtype == 'int32'


def test_tensor_has_a_shape_or_a_pattern():
    assert Tg.tensor('bool', (2, None), 'x').type.shape == (2, None)
    assert Tg.tensor(dtype='float32', broadcastable=(True, False)).type.shape == (1, None)
    assert Tg.tensor().type.shape == ()


def test_names_can_change():
    x = Tg.dscalar('x')
    x.name = 'y'

    assert x.name == 'y' and repr(x) == 'y'


def test_text():
    x, y = Tg.dscalars('x', 'y')

    assert repr(1 / (1 + Tg.exp(-x))) == str(1 / (1 + Tg.exp(-x))) == '1 / (1 + exp(-x))'
    assert repr(Tg.parse('x * y + 2', x, y)) == 'x * y + 2'
    assert repr(Tg.parse('a * b', a=x, b=y)) == 'x * y'
    assert repr(Tg.parse('x * b', x, b=y)) == 'x * y'
    assert repr(Tg.as_tensor([[1, 2], [3, 4]])) == repr(np.array([[1, 2], [3, 4]]))
    assert 'digraph' in (x * y).to_dot()
    assert repr(Tg.Graph.new([x, y], [x * y])) == Tg.Graph.new([x, y], [x * y]).to_string()


def test_names_that_a_text_needs():
    assert Tg.parse_names('y * exp(x, x=1) + true - inf + y') == ['y', 'x']
    assert Tg.parse_names('let e = sum(x, axis=0); let x = e + w; x * e') == ['x', 'w']
    assert Tg.parse_names('astype(n, dtype=float32) + 1e3') == ['n']
    assert Tg.parse_names('f(x: f64[]) = x') == Tg.parse_names('1 + 2') == []
    with pytest.raises(GLib.Error, match='1:5: expected an expression, not the end'):
        Tg.parse_names('x + ')


def test_a_graph_is_a_list():
    x = Tg.dscalar('x')
    graph = Tg.Graph.new([x], [Tg.exp(x) + 1])

    assert [type(v).__name__ for v in graph] == ['Variable', 'Variable', 'Constant', 'Variable']


# Operators as functions

def test_operators_of_the_table_can_be_applied():
    x = Tg.dmatrix('x')
    total = Tg.Op.lookup('sum').apply([x], GLib.Variant('a{sv}', {'axis': GLib.Variant('x', 1)}))

    assert str(total) == 'sum(x, axis=1)'
    assert total.get_op().get_name() == 'sum'


def test_every_operator_is_a_documented_function():
    for op in Tg.Op.list():
        function = getattr(Tg, op.get_name())
        parameters = inspect.signature(function).parameters
        assert inspect.isfunction(function)
        assert function.__doc__
        if function.__module__ == 'gi.repository.Tg':
            assert function.__doc__.startswith(op.get_summary())
            assert list(parameters) == op.dup_input_names() + op.dup_parameter_names()


def test_signatures_are_those_of_numpy():
    assert str(inspect.signature(Tg.max)) == '(x, axis=None, keepdims=False)'
    assert str(inspect.signature(Tg.zeros)) == "(shape, dtype='float64')"
    assert str(inspect.signature(Tg.concat)) == '(xs, axis=0)'
    assert str(inspect.signature(Tg.arange)) == '(start, stop=None, step=1, dtype=None)'
    with pytest.raises(TypeError, match=r"^sum\(\) got an unexpected keyword argument 'axes'"):
        Tg.sum(Tg.dvector(), axes=0)


@pytest.mark.parametrize('alias, name', [
    ('neg', 'negative'), ('sub', 'subtract'), ('mul', 'multiply'), ('true_div', 'divide'),
    ('int_div', 'floor_divide'), ('mod', 'remainder'), ('sqr', 'square'), ('inv', 'reciprocal'),
    ('eq', 'equal'), ('neq', 'not_equal'), ('lt', 'less'), ('le', 'less_equal'),
    ('gt', 'greater'), ('ge', 'greater_equal'), ('and_', 'bitwise_and'), ('or_', 'bitwise_or'),
    ('xor', 'bitwise_xor'), ('invert', 'bitwise_invert'), ('switch', 'where'), ('cast', 'astype'),
    ('arcsin', 'asin'), ('arccos', 'acos'), ('arctan', 'atan'), ('arctan2', 'atan2'),
    ('arcsinh', 'asinh'), ('arccosh', 'acosh'), ('arctanh', 'atanh'), ('concatenate', 'concat'),
    ('as_tensor_variable', 'as_variable'),
])
def test_aliases(alias, name):
    assert getattr(Tg, alias) is getattr(Tg, name)


def test_arguments_may_be_numbers_lists_and_arrays():
    assert Tg.add(1, [1, 2]).eval().tolist() == [2, 3]
    assert Tg.maximum(np.array([1., 5.]), 3).eval().tolist() == [3, 5]
    assert Tg.exp(0).eval() == 1
    x = Tg.dscalar('x')
    assert Tg.sum([[x, 1], [2, x]]).eval({x: 3}) == 9


def test_axes_may_be_written_in_many_ways():
    x = Tg.tensor3('x')
    value = np.arange(24.).reshape(2, 3, 4)

    for axis in (None, 0, -1, (0, 2), [1], (), np.int64(1)):
        expected = value.sum(axis=tuple(axis) if isinstance(axis, list) else axis)
        np.testing.assert_array_equal(Tg.sum(x, axis=axis).eval({x: value}), expected)
        np.testing.assert_array_equal(x.sum(axis=axis).eval({x: value}), expected)


def test_shapes_may_be_symbolic():
    x, n = Tg.dmatrix('x'), Tg.iscalar('n')
    value = np.arange(6.).reshape(2, 3)

    for shape in (6, (6,), [3, 2], (-1, 2), (x.shape[1], -1), (n, 3), np.array([3, 2]),
                  Tg.stack([x.shape[1], x.shape[0]])):
        result = Tg.function([x, n], x.reshape(shape), on_unused_input='ignore')(value, 2)
        assert result.ravel().tolist() == value.ravel().tolist()
    assert Tg.zeros((n, n + 1)).eval({n: 2}).shape == (2, 3)
    assert Tg.broadcast_to(x, (4,) + tuple(x.shape)).eval({x: value}).shape == (4, 2, 3)


def test_the_like_functions():
    x = Tg.fmatrix('x')
    value = np.ones((2, 3), 'float32')

    for result, expected in ((Tg.zeros_like(x), np.zeros_like(value)),
                             (Tg.ones_like(x, 'int32'), np.ones_like(value, 'int32')),
                             (Tg.full_like(x, 7), np.full_like(value, 7)),
                             (Tg.alloc(np.float32(2), 2, 3), np.full_like(value, 2))):
        array = Tg.function([x], result, on_unused_input='ignore')(value)
        np.testing.assert_array_equal(array, expected)
        assert array.dtype == expected.dtype


def test_constants():
    assert Tg.constant(2).dtype == 'int64' and Tg.constant(2., dtype='float32').dtype == 'float32'
    assert Tg.constant([1, 2], 'c').name == 'c'
    assert Tg.constant([1, 2]).value.tolist() == [1, 2]


# Operators with Python's signs

def test_signs():
    x, y = Tg.dvectors('x', 'y')
    a, b = np.array([1.5, -2, 3]), np.array([2., 3, -0.5])

    for expression in ('x + y', 'x - y', 'x * y', 'x / y', 'x // y', 'x % y', 'abs(x) ** y', '-x',
                       '+x', 'abs(x)', 'x < y', 'x <= y', 'x > y', 'x >= y', '~(x < y)',
                       '(x < y) & (y > 0)', '(x < y) | (y > 0)', '(x < y) ^ (y > 0)', 'x @ y',
                       '2 + x', '2 - x', '2 * x', '2 / x', '2 // x', '7 % x', '2 ** x', '2 < x'):
        result = Tg.function([x, y], eval(expression), on_unused_input='ignore')(a, b)
        np.testing.assert_allclose(result, eval(expression, {'x': a, 'y': b}), rtol=1e-14)


@pytest.mark.parametrize('left', [np.array([1., 2, 4]), np.float64(2), np.float32(3), np.int32(2),
                                  np.array(2.)])
def test_numpy_on_the_left(left):
    x = Tg.dvector('x')
    right = np.array([2., 3, 5])

    for expression in ('left + x', 'left - x', 'left * x', 'left / x', 'left // x', 'left % x',
                       'left ** x', 'left < x', 'left >= x') + ('left @ x',) * left.ndim:
        symbolic = eval(expression, {'left': left, 'x': x})
        assert isinstance(symbolic, Tg.Variable)
        np.testing.assert_allclose(symbolic.eval({x: right}),
                                   eval(expression, {'left': left, 'x': right}), rtol=1e-14)


def test_python_numbers_are_weak():
    x, n, i = Tg.fvector('x'), Tg.ivector('n'), Tg.lscalar('i')

    assert (x * 2.0).dtype == (x + 1).dtype == (True + x).dtype == 'float32'
    assert (n + 1).dtype == (n * True).dtype == 'int32'
    assert (n + 0.5).dtype == 'float64'
    assert (x * np.float64(2)).dtype == (x * np.array(2.)).dtype == 'float64'
    assert (n + np.int64(1)).dtype == 'int64' and (n + i).dtype == 'int64'


def test_equality_is_identity():
    x, y = Tg.dscalars('x', 'y')

    assert x == x and x != y and hash(x) == hash(x)
    assert {x: 1, y: 2}[y] == 2 and [x, y].index(y) == 1
    assert Tg.eq(x, y).eval({x: 1, y: 1}) == np.True_


@pytest.mark.parametrize('use, message', [
    (bool, 'no truth value'), (len, r'no length .*use x.shape\[0\]'), (list, 'first dimension'),
    (np.asarray, 'no elements'), (float, 'float'), (lambda x: 3 in x, 'no elements'),
])
def test_what_a_symbol_cannot_do(use, message):
    with pytest.raises(TypeError, match=message):
        use(Tg.dvector('x'))


def test_ufuncs_are_refused():
    with pytest.raises(TypeError, match='does not support ufuncs'):
        np.exp(Tg.dvector('x'))


def test_a_known_first_dimension_can_be_iterated_over():
    a, b = Tg.tensor('float64', (2, None), 'x')

    assert a.ndim == b.ndim == 1
    assert len(list(Tg.constant([1, 2, 3]))) == 3


# Methods and properties

def test_properties():
    x = Tg.fmatrix('x')
    value = np.zeros((2, 3), 'float32')

    assert (x.ndim, x.dtype) == (2, 'float32')
    assert [v.tolist() for v in Tg.function([x], [x.shape, x.size])(value)] == [[2, 3], 6]
    assert x.T.eval({x: value}).shape == (3, 2)
    assert x.type.dtype == 'float32' and x.type.ndim == 2


def test_methods():
    x = Tg.dmatrix('x')
    value = np.arange(6.).reshape(2, 3) + 1

    for expression in ('x.sum()', 'x.mean(axis=0)', 'x.max(axis=1, keepdims=True)', 'x.min()',
                       'x.prod(axis=(0, 1))', 'x.argmax(axis=1)', 'x.dot(x.T)', 'x.transpose()',
                       'x.transpose(1, 0)', 'x.transpose((0, 1))', 'x.transpose(None)',
                       'x.reshape((3, 2))', 'x.reshape(3, -1)', 'x.reshape(-1)', 'x.flatten()',
                       'x.ravel()', 'x.astype("int32")', '(x > 2).any(axis=0)', '(x > 0).all()'):
        result = eval(expression, {'x': x}).eval({x: value})
        expected = eval(expression, {'x': value})
        np.testing.assert_allclose(result, expected, rtol=1e-15)
        assert result.dtype == expected.dtype and result.shape == expected.shape


@pytest.mark.parametrize('pattern, shape', [
    ((1, 0), (3, 2)), (('x', 0, 1), (1, 2, 3)), ((0, 'x', 1), (2, 1, 3)), ((1, 0, 'x'), (3, 2, 1)),
])
def test_dimshuffle(pattern, shape):
    x = Tg.dmatrix('x')
    value = np.arange(6.).reshape(2, 3)
    axes = [axis for axis in pattern if axis != 'x']

    for shuffled in (x.dimshuffle(*pattern), x.dimshuffle(pattern), Tg.dimshuffle(x, pattern)):
        result = shuffled.eval({x: value})
        np.testing.assert_array_equal(result, value.transpose(axes).reshape(shape))


def test_dimshuffle_drops_axes_of_size_1():
    x = Tg.tensor('float64', (1, None, 1), 'x')

    assert x.dimshuffle(1).eval({x: np.ones((1, 4, 1))}).shape == (4,)
    assert x.dimshuffle('x', 1, 0).eval({x: np.ones((1, 4, 1))}).shape == (1, 4, 1)


# Indexing

BOUND = st.one_of(st.none(), st.integers(-7, 7))
STEP = st.one_of(st.none(), st.integers(-3, 3).filter(bool))
KEY = st.lists(st.one_of(st.integers(-3, 2), st.builds(slice, BOUND, BOUND, STEP), st.none(),
                         st.just(...)), max_size=5).filter(
    lambda key: sum(item is ... for item in key) < 2
    and sum(item is not None and item is not ... for item in key) < 4).map(tuple)


@examples(300, derandomize=False)
@given(KEY)
def test_indexing_is_that_of_numpy(key):
    x = Tg.tensor3('x')
    value = np.arange(60.).reshape(3, 4, 5)

    np.testing.assert_array_equal(Tg.function([x], x[key] * 1)(value), value[key])


@examples(100, derandomize=False)
@given(KEY)
def test_indexing_by_symbols_is_that_of_numpy(key):
    """The same, with a symbol in the place of each integer but steps, of two dtypes."""
    x = Tg.tensor3('x')
    value = np.arange(60.).reshape(3, 4, 5)
    symbols = {}

    def make_symbol(number):
        if number is None:
            return None
        symbol = (Tg.iscalar if len(symbols) % 2 else Tg.lscalar)(f'n{len(symbols)}')
        symbols[symbol] = number
        return symbol

    symbolic = tuple(
        slice(make_symbol(item.start), make_symbol(item.stop), item.step) if isinstance(item, slice)
        else make_symbol(item) if isinstance(item, int) else item for item in key)

    result = Tg.function([x, *symbols], x[symbolic] * 1)(value, *symbols.values())
    np.testing.assert_array_equal(result, value[key])


def test_static_shapes_go_through_indices():
    x = Tg.tensor('float64', (5, None), 'x')

    assert x[1:4].type.shape == (3, None)
    assert x[::-2, None].type.shape == (3, 1, None)
    assert x[0].type.shape == (None,)


def test_gradient_of_an_index():
    x = Tg.dmatrix('x')
    value = np.arange(12.).reshape(3, 4)

    gradient = Tg.function([x], Tg.grad((x[1:, ::-2] * x[0, 1]).sum(), x))(value)

    expected = np.zeros((3, 4))
    expected[1:, ::-2] = value[0, 1]
    expected[0, 1] += value[1:, ::-2].sum()
    np.testing.assert_array_equal(gradient, expected)


def test_wrong_indices():
    x = Tg.dmatrix('x')

    with pytest.raises(IndexError, match='3 indices .* 2 dimensions'):
        x[0, 0, 0]
    with pytest.raises(IndexError, match='2 times'):
        x[..., ...]
    for key in (True, 1.5, [0.5], 'a', ([0], [0], [0])):
        with pytest.raises((TypeError, IndexError, GLib.Error)):
            x[key]
    with pytest.raises(TypeError):
        x[0] = 1
