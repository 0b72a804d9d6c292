# SPDX-License-Identifier: LGPL-2.1-or-later
"""Dtypes, and tensors that look at the memory of numpy arrays."""

import numpy as np
from gi.repository import GLib

from .base import Tg, _tg, override

__all__ = ['Tensor', 'TensorType', 'as_dtype', 'as_tensor']


def numpy_dtype(dtype):
    """The numpy dtype of that name.  For bfloat16, which numpy has not, it is float32."""
    return np.dtype('float32' if dtype == 'bfloat16' else dtype)


_DTYPES = {np.dtype(dtype.value_nick): dtype for dtype in Tg.DType.__enum_values__.values()
           if dtype != Tg.DType.BFLOAT16}


def as_dtype(value):
    """The Tg.DType that `value` stands for: a name, a numpy dtype or one of Python's types."""
    if isinstance(value, Tg.DType):
        return value
    if str(value) == 'bfloat16':  # the name, or the dtype that ml_dtypes adds to numpy
        return Tg.DType.BFLOAT16
    dtype = np.dtype(value)
    if dtype not in _DTYPES:
        raise TypeError(f'{dtype} is none of the dtypes {", ".join(map(str, _DTYPES))}')
    return _DTYPES[dtype]


def as_tensor(value):
    """A Tg.Tensor of the numbers in `value`; it looks at the memory of a numpy array."""
    if isinstance(value, Tg.Tensor):
        return value
    array = np.asarray(value)
    if array.dtype.name == 'bfloat16':
        return as_tensor(array.astype('float32')).astype(Tg.DType.BFLOAT16)
    if array.dtype.kind not in 'biufc':
        raise TypeError(f'expected a number or an array, not {type(value).__name__}')
    native = array.dtype.newbyteorder('=')
    dtype = as_dtype(native)
    array = np.require(array, native, 'A')
    if _tg:
        return _tg.array_to_tensor(array)
    return Tg.Tensor.new(dtype, array.shape, GLib.Bytes.new(array.tobytes()))


def own(value):
    """The value, copied if it is an array, which others may change."""
    return np.array(value) if isinstance(value, np.ndarray) else value


class Tensor(Tg.Tensor):
    """A value: numbers of one dtype in n dimensions.  `numpy.asarray` looks at its memory."""

    dtype = property(lambda self: self.get_dtype().value_nick, doc='The name of the dtype.')
    ndim = property(lambda self: self.get_ndim(), doc='The number of dimensions.')
    shape = property(lambda self: tuple(self.get_shape()), doc='The size of each dimension.')

    @property
    def __array_interface__(self):
        if self.get_dtype() == Tg.DType.BFLOAT16:
            raise AttributeError('numpy has no bfloat16')
        return {
            'version': 3,
            'shape': self.shape,
            'typestr': numpy_dtype(self.dtype).str,
            'strides': tuple(self.get_strides()),
            'data': (self.get_address(), True),
        }

    def __repr__(self):
        return self.to_string()


Tensor = override(Tensor)
_look = _tg.tensor_to_array if _tg else np.asarray


def as_array(tensor):
    """An array that looks at the memory of a tensor; of bfloat16 a copy in float32."""
    if tensor.get_dtype() == Tg.DType.BFLOAT16:
        tensor = tensor.astype(Tg.DType.FLOAT32)
    return _look(tensor)


class TensorType(Tg.TensorType):
    """A dtype and a shape, whose dimensions are None where they are unknown."""

    dtype = property(lambda self: self.get_dtype().value_nick, doc='The name of the dtype.')
    ndim = property(lambda self: self.get_ndim(), doc='The number of dimensions.')
    shape = property(lambda self: tuple(None if size < 0 else size for size in self.get_shape()),
                     doc='The size of each dimension.')

    def __repr__(self):
        return self.to_string()


TensorType = override(TensorType)


def make_type(dtype, shape):
    return Tg.TensorType.new(as_dtype(dtype), [-1 if size is None else size for size in shape])
