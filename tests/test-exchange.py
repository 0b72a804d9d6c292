# SPDX-License-Identifier: LGPL-2.1-or-later
"""Values that others see: without copies, by DLPack, as views, by pickle, and as drawings."""

import copy
import ctypes
import gc
import os
import pickle
import subprocess
import sys
import weakref
import xml.etree.ElementTree as ElementTree

import gi

gi.require_version('Tg', '1')

import numpy as np
import pytest
from gi.repository import GLib, Tg
from hypothesis import given
from hypothesis import strategies as st
from sizes import examples

DTYPES = [dtype.value_nick for dtype in Tg.DType.__enum_values__.values()
          if dtype.value_nick != 'bfloat16']
NUMBERS = [dtype for dtype in DTYPES if dtype != 'bool']
with_extension = pytest.mark.skipif('TG_PYTHON_NO_EXTENSION' in os.environ,
                                    reason='arrays are copied')


def get_address(array):
    return array.__array_interface__['data'][0]


class Watched(bytearray):
    """Memory of arrays that can be watched while it dies."""


def make_watched(n=10):
    """An array, and a list that is no longer empty once its memory is gone."""
    memory, released = Watched(np.arange(float(n)).tobytes()), []
    weakref.finalize(memory, released.append, True)
    return np.frombuffer(memory), released


# DLPack

@with_extension
@pytest.mark.parametrize('dtype', NUMBERS)
def test_numpy_takes_what_is_lent(dtype):
    tensor = Tg.as_tensor(np.arange(24).astype(dtype).reshape(2, 3, 4))

    for lent in (tensor, tensor.T, tensor[::-1, 1, ::2], tensor[0, 0, 0], tensor[:, 3:]):
        array = np.from_dlpack(lent)
        np.testing.assert_array_equal(array, np.asarray(lent))
        assert array.dtype == dtype and array.shape == lent.shape
        if array.size:
            assert not array.flags.writeable
            assert get_address(array) == lent.get_address()


@pytest.mark.parametrize('dtype', NUMBERS)
def test_what_numpy_lends_is_taken(dtype):
    array = np.arange(24).astype(dtype).reshape(2, 3, 4)

    for lent in (array, array.T, array[::-1, 1, ::2], array[:, 3:], np.array(5, dtype)):
        tensor = Tg.from_dlpack(lent)
        np.testing.assert_array_equal(np.asarray(tensor), lent)
        assert tensor.dtype == dtype and tensor.shape == lent.shape
        if lent.size and not Tg.as_tensor(lent).get_address() != get_address(lent):
            assert tensor.get_address() == get_address(lent)


def test_numpy_does_not_lend_what_is_read_only():
    array = np.arange(3.)
    array.flags.writeable = False

    with pytest.raises(BufferError):
        Tg.from_dlpack(array)


def test_tensors_lend_to_tensors_every_dtype():
    for dtype in DTYPES:
        tensor = Tg.as_tensor(np.array([[0, 1], [1, 0]], dtype))
        if dtype == 'bool' and 'TG_PYTHON_NO_EXTENSION' in os.environ:
            continue
        assert Tg.from_dlpack(tensor).equal(tensor)
        assert Tg.from_dlpack(tensor).dtype == dtype


def test_bfloat16_goes_wherever_it_is_known():
    tensor = Tg.as_tensor([[1.5, -2], [3, 4]]).astype(Tg.DType.BFLOAT16)

    assert tensor[:, 0].tolist() == [1.5, 3] and float(tensor[0, 1]) == -2
    assert np.asarray(tensor).dtype == 'float32' and np.asarray(tensor).tolist() == tensor.tolist()
    assert pickle.loads(pickle.dumps(tensor)).equal(tensor)
    if 'TG_PYTHON_NO_EXTENSION' not in os.environ:
        assert Tg.from_dlpack(tensor).equal(tensor)
        with pytest.raises((BufferError, RuntimeError, TypeError)):
            np.from_dlpack(tensor)


@with_extension
def test_what_is_lent_lives_as_long_as_either_side_uses_it():
    array, released = make_watched()
    lent = np.from_dlpack(Tg.as_tensor(array)[2:])
    back = Tg.from_dlpack(Tg.as_tensor(array))
    del array
    gc.collect()
    assert released == [] and lent.tolist() == [2, 3, 4, 5, 6, 7, 8, 9]

    del lent
    gc.collect()
    assert released == [] and back.tolist() == list(range(10))
    del back
    gc.collect()
    assert released == [True]


@with_extension
def test_a_capsule_that_nobody_takes_releases_the_memory():
    for version in (None, (1, 0)):
        array, released = make_watched()
        capsule = Tg.as_tensor(array).__dlpack__(max_version=version)
        del array
        gc.collect()
        assert released == []
        del capsule
        gc.collect()
        assert released == [True]


@with_extension
def test_a_capsule_is_taken_once():
    from gi import _tg
    capsule = Tg.as_tensor([1., 2.]).__dlpack__()

    assert _tg.tensor_from_dlpack(capsule).tolist() == [1, 2]
    with pytest.raises(ValueError, match='not used before'):
        _tg.tensor_from_dlpack(capsule)
    for wrong in (None, 1, np.ones(2)):
        with pytest.raises((TypeError, ValueError)):
            _tg.tensor_from_dlpack(wrong)
        with pytest.raises(TypeError):
            _tg.tensor_to_dlpack(wrong, False)


class Lent(ctypes.Structure):
    """The structures of DLPack 1.0, written down once more."""
    _fields_ = [('data', ctypes.c_void_p), ('device_type', ctypes.c_int32),
                ('device_id', ctypes.c_int32), ('ndim', ctypes.c_int32), ('code', ctypes.c_uint8),
                ('bits', ctypes.c_uint8), ('lanes', ctypes.c_uint16),
                ('shape', ctypes.POINTER(ctypes.c_int64)),
                ('strides', ctypes.POINTER(ctypes.c_int64)), ('byte_offset', ctypes.c_uint64)]


DELETER = ctypes.CFUNCTYPE(None, ctypes.c_void_p)


class Versioned(ctypes.Structure):
    _fields_ = [('major', ctypes.c_uint32), ('minor', ctypes.c_uint32),
                ('context', ctypes.c_void_p), ('deleter', DELETER), ('flags', ctypes.c_uint64),
                ('lent', Lent)]


@with_extension
@pytest.mark.parametrize('dtype, code', [('bool', 6), ('int32', 0), ('float64', 2)])
def test_versioned_capsules_say_that_they_are_read_only(dtype, code):
    get_pointer = ctypes.pythonapi.PyCapsule_GetPointer
    get_pointer.restype, get_pointer.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
    tensor = Tg.as_tensor(np.ones((2, 3), dtype))[:, ::2]
    capsule = tensor.__dlpack__(max_version=(1, 1))
    made = Versioned.from_address(get_pointer(capsule, b'dltensor_versioned'))

    assert (made.major, made.flags & 1) == (1, 1)
    assert made.lent.data == tensor.get_address()
    assert (made.lent.code, made.lent.bits, made.lent.lanes) == (
        code, 8 * np.dtype(dtype).itemsize, 1)
    assert tensor.__dlpack_device__() == (made.lent.device_type, made.lent.device_id) == (1, 0)
    assert (made.lent.shape[0], made.lent.shape[1]) == (2, 2)
    assert (made.lent.strides[0], made.lent.strides[1]) == (3, 2)


@pytest.mark.parametrize('change, message', [
    ({'device_type': 2}, 'device'), ({'ndim': 33}, 'dimensions'), ({'ndim': -1}, 'dimensions'),
    ({'code': 9}, 'none of the dtypes'), ({'bits': 4}, 'none of the dtypes'),
    ({'lanes': 2}, 'none of the dtypes'), ({'major': 2}, 'version 2.0 is not known'),
    ({'shape': (ctypes.c_int64 * 1)(-2)}, 'shape'), ({'data': None}, 'no memory'),
    ({'strides': (ctypes.c_int64 * 1)(2**62)}, 'stride'), ({}, None),
])
def test_what_cannot_be_taken_is_released(change, message):
    memory = (ctypes.c_double * 4)(1, 2, 3, 4)
    deleted = []
    made = Versioned(1, 0, None, DELETER(deleted.append), 0, Lent(
        ctypes.addressof(memory), 1, 0, 1, 2, 64, 1, (ctypes.c_int64 * 1)(3), None, 8))
    for name, value in change.items():
        setattr(made if name == 'major' else made.lent, name, value)
    if 'data' in change:
        made.lent.byte_offset = 0

    if message is None:
        tensor = Tg.Tensor.new_from_dlpack(ctypes.addressof(made), True)
        assert tensor.tolist() == [2, 3, 4] and deleted == []
        del tensor
    else:
        with pytest.raises(GLib.Error, match=message):
            Tg.Tensor.new_from_dlpack(ctypes.addressof(made), True)
    assert deleted == [ctypes.addressof(made)]


def test_what_lending_does_not_know():
    tensor = Tg.as_tensor(1.)

    with pytest.raises(ValueError, match='streams'):
        tensor.__dlpack__(stream=1)
    with pytest.raises(BufferError, match='device'):
        tensor.__dlpack__(dl_device=(2, 0))
    with pytest.raises(AttributeError):
        Tg.from_dlpack(1.)


# No copies

@with_extension
@pytest.mark.parametrize('dtype', DTYPES)
def test_arrays_are_looked_at_in_place(dtype):
    array = np.ones((20, 30), dtype)

    for view in (array, array[1:, ::2], array.T, array[::-1]):
        assert Tg.as_tensor(view).get_address() == get_address(view)
        assert get_address(np.asarray(Tg.as_tensor(view))) == get_address(view)


CALL = r'''
import re
import numpy as np
from gi.repository import Tg

def get_peak():
    with open('/proc/self/status', encoding='ascii') as status:
        return int(re.search(r'VmHWM:\s+(\d+) kB', status.read())[1])

x = Tg.dvector('x')
f = Tg.function([x], x.sum())
array = np.ones(8 << 20)
f(array[:10])
before = get_peak()
assert f(array) == f(array[::-1]) == 8 << 20
print(get_peak() - before)
'''


@with_extension
def test_a_call_with_64_mebibytes_takes_no_memory_for_them():
    result = subprocess.run([sys.executable, '-c', CALL], capture_output=True, text=True,
                            check=False)

    assert result.returncode == 0, result.stderr
    assert int(result.stdout) < 8 << 10


@with_extension
def test_shared_values_and_constants_can_be_borrowed():
    array, released = make_watched()
    w = Tg.shared(array, shape=(None,), borrow=True)
    assert get_address(w.get_value(borrow=True)) == get_address(array)
    assert get_address(w.get_value()) != get_address(array)
    w.set_value(array[::2], borrow=True)
    assert get_address(w.get_value(borrow=True)) == get_address(array)
    constant = Tg.Constant.new(Tg.as_tensor(array))
    assert get_address(constant.value) == get_address(array)

    view = w.get_value(borrow=True)[1:]
    del array, w, constant
    gc.collect()
    assert released == [] and view.tolist() == [2, 4, 6, 8]
    del view
    gc.collect()
    assert released == [True]


def test_outputs_are_the_memory_of_the_result():
    x = Tg.dvector('x')
    f = Tg.function([x], [x * 2])
    tensor, = Tg.Function.call(f, [Tg.as_tensor(np.arange(1000.))])
    array = np.asarray(tensor)

    assert get_address(array) == tensor.get_address()
    del tensor, f, x
    gc.collect()
    assert array.sum() == 999000


def test_functions_can_be_called_without_lists():
    """As they are from languages whose bindings have none of tensors."""
    x = Tg.dscalar('x')
    double, five = Tg.function([x], x * 2, name='double'), Tg.function([], Tg.constant(5))
    pair = Tg.function([x], [x, x], name='pair')

    assert double.call_single(Tg.as_tensor(3.)).item() == 6
    assert five.call_single(None).item() == 5
    for wrong, value, message in ((double, None, 'double: '), (five, Tg.as_tensor(1.), 'inputs'),
                                  (pair, Tg.as_tensor(1.), 'pair: it has 2 outputs, not one')):
        with pytest.raises(GLib.Error, match=message):
            wrong.call_single(value)


# Views

BOUND = st.one_of(st.none(), st.integers(-7, 7), st.sampled_from([-2**70, 2**70]))
STEP = st.one_of(st.none(), st.integers(-3, 3).filter(bool))
KEY = st.lists(st.one_of(st.integers(-3, 2), st.builds(slice, BOUND, BOUND, STEP), st.none(),
                         st.just(...)), max_size=5).filter(
    lambda key: sum(item is ... for item in key) < 2
    and sum(item is not None and item is not ... for item in key) < 4)


@examples(300, derandomize=False)
@given(KEY)
def test_indexing_is_that_of_numpy(key):
    array = np.arange(60.).reshape(3, 4, 5)
    tensor = Tg.as_tensor(array)
    view, expected = tensor[tuple(key)], array[tuple(key)]

    np.testing.assert_array_equal(np.asarray(view), expected)
    assert view.shape == expected.shape
    if expected.size:
        assert view.get_address() - tensor.get_address() == (
            get_address(expected) - get_address(array)
            if isinstance(expected, np.ndarray) else 8 * int(expected))


def test_wrong_indices():
    tensor = Tg.as_tensor([[1., 2.], [3., 4.]])

    with pytest.raises(IndexError, match='3 indices .* 2 dimensions'):
        tensor[0, 0, 0]
    with pytest.raises(IndexError, match='2 times'):
        tensor[..., ...]
    for key in (2, -3, (0, 2)):
        with pytest.raises(IndexError, match='out of bounds'):
            tensor[key]
    for key in (1.5, 'a', [0, 1], np.array([0, 1])):
        with pytest.raises(TypeError):
            tensor[key]
    with pytest.raises(ValueError):
        tensor[::0]
    with pytest.raises(TypeError):
        tensor[0] = 1


def test_tensors_are_sequences():
    tensor = Tg.as_tensor([[1., 2.], [3., 4.], [5., 6.]])
    a, b, c = tensor

    assert len(tensor) == 3 and tensor.size == 6
    assert b.tolist() == [3, 4] and [float(x) for x in c] == [5, 6]
    assert tensor.T.tolist() == [[1, 3, 5], [2, 4, 6]]
    assert 3 in tensor and 7 not in tensor
    for use in (len, list):
        with pytest.raises(TypeError, match='no length'):
            use(Tg.as_tensor(1.))


def test_single_numbers():
    assert float(Tg.as_tensor([[2.5]])) == 2.5 and int(Tg.as_tensor(2.5)) == 2
    assert complex(Tg.as_tensor(2)) == 2 and [5, 6, 7][Tg.as_tensor(1)] == 6
    assert Tg.as_tensor(True) and not Tg.as_tensor(0.)
    assert type(Tg.as_tensor(2**53 + 1).item()) is int and Tg.as_tensor(2**53 + 1).item() % 2 == 1
    for use in (float, int, bool, complex):
        with pytest.raises(ValueError, match=r'\(2,\) is not a single number'):
            use(Tg.as_tensor([1, 2]))
    for value in (1.5, [1]):
        with pytest.raises(TypeError):
            [5, 6][Tg.as_tensor(value)]


# pickle

VALUES = [np.array(1.5), np.arange(6, dtype='int32').reshape(2, 3), np.array([True, False]),
          np.zeros((0, 2), 'float32'), np.arange(6.).reshape(2, 3).T]


@pytest.mark.parametrize('value', VALUES, ids=str)
@pytest.mark.parametrize('protocol', [2, pickle.HIGHEST_PROTOCOL])
def test_values_can_be_pickled(value, protocol):
    def renew(what):
        return pickle.loads(pickle.dumps(what, protocol))

    tensor = renew(Tg.as_tensor(value))
    assert isinstance(tensor, Tg.Tensor) and tensor.equal(Tg.as_tensor(value))

    shared = renew(Tg.shared(value, 'w', shape=(None,) * value.ndim))
    assert shared.name == 'w' and shared.dtype == value.dtype
    assert shared.type.shape == (None,) * value.ndim
    np.testing.assert_array_equal(shared.get_value(), value)

    constant = renew(Tg.constant(value, 'c'))
    assert constant.name == 'c' and constant.type == Tg.as_tensor(value).dup_tensor_type()
    np.testing.assert_array_equal(constant.value, value)


def test_types_and_weak_constants_can_be_pickled():
    kind = Tg.tensor('int32', (2, None)).type
    x = Tg.fscalar('x')

    assert pickle.loads(pickle.dumps(kind)) == kind and kind != x.type
    assert {kind: 1}[pickle.loads(pickle.dumps(kind))] == 1
    for value in (2.5, 3, True):
        weak = pickle.loads(pickle.dumps(Tg.as_variable(value)))
        assert weak.is_weak() and (x + weak).dtype == 'float32'
    strong = pickle.loads(pickle.dumps(Tg.constant(2.5)))
    assert not strong.is_weak() and (x + strong).dtype == 'float64'


def test_expressions_cannot_be_pickled():
    for what in (Tg.dscalar('x'), Tg.dscalar('x') + 1):
        with pytest.raises(TypeError):
            pickle.dumps(what)


def test_functions_can_be_pickled():
    x = Tg.dscalar('x')
    assert pickle.loads(pickle.dumps(Tg.function([], [])))() == []
    assert pickle.loads(pickle.dumps(Tg.function([x], x + 1)))(2) == 3


def test_values_go_to_other_processes():
    """One that has not loaded Tg yet; it is done without a warning."""
    data = pickle.dumps([Tg.as_tensor([1., 2.]), Tg.shared(3, 'n'), Tg.dvector('x').type])
    result = subprocess.run(
        [sys.executable, '-c', f'import pickle; print(pickle.loads({data!r}))'],
        capture_output=True, text=True, check=False)

    assert (result.stdout, result.stderr) == ('[array([1., 2.]), n, f64[?]]\n', '')


def test_copies():
    array = np.arange(3.)
    tensor, shared = Tg.as_tensor(array), Tg.shared(array, 'w')
    same, other = copy.copy(tensor), copy.deepcopy({'a': [tensor, tensor]})['a']
    other_shared = copy.deepcopy(shared)

    assert same.get_address() == tensor.get_address()
    assert other[0] is other[1] and other[0].get_address() != tensor.get_address()
    other_shared.set_value([7, 8, 9])
    array[:] = 5
    assert other[0].tolist() == [0, 1, 2] and shared.get_value().tolist() == [0, 1, 2]


# Notebooks

def test_graphs_draw_themselves():
    x = Tg.dvector('x')
    y = Tg.exp(x) + 1
    function = Tg.function([x], y)

    for what in (y, Tg.Graph.new([x], [y]), function):
        root = ElementTree.fromstring(what._repr_svg_())
        labels = {text.text for text in root.iter('{http://www.w3.org/2000/svg}text')}
        assert root.tag == '{http://www.w3.org/2000/svg}svg'
        assert {'x', 'exp', 'add', '1'} <= labels


def test_without_graphviz_there_is_no_drawing(tmp_path, monkeypatch):
    x = Tg.dvector('x')
    monkeypatch.setenv('PATH', str(tmp_path))
    assert x._repr_svg_() is None

    (tmp_path / 'dot').write_text('#!/bin/sh\nexit 1\n', encoding='utf-8')
    (tmp_path / 'dot').chmod(0o755)
    assert x._repr_svg_() is None


def test_a_drawing_that_takes_too_long_is_given_up(tmp_path, monkeypatch):
    (tmp_path / 'dot').write_text('#!/bin/sh\nexec /bin/sleep 60\n', encoding='utf-8')
    (tmp_path / 'dot').chmod(0o755)
    monkeypatch.setenv('PATH', str(tmp_path))
    monkeypatch.setattr(sys.modules['gi.overrides.Tg.exchange'], '_DRAWING_SECONDS', 0.2)

    assert Tg.dvector('x')._repr_svg_() is None
