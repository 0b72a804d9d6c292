# SPDX-License-Identifier: LGPL-2.1-or-later
"""Dtypes, and tensors that look at the memory of numpy arrays."""

import operator

from gi.repository import GLib

from .base import Tg, _tg, describe, np, override
from .exchange import Reference, lend

__all__ = ['Tensor', 'TensorType', 'as_dtype', 'as_tensor']


def numpy_dtype(dtype):
    """The numpy dtype of that name.  For bfloat16, which numpy has not, it is float32."""
    return np.dtype('float32' if dtype == 'bfloat16' else dtype)


DTYPES = {dtype.value_nick: dtype for dtype in Tg.DType.__enum_values__.values()}


def as_dtype(value):
    """The Tg.DType that `value` stands for: a name, a numpy dtype or one of Python's types."""
    if isinstance(value, Tg.DType):
        return value
    if isinstance(value, str) and value == 'floatX':
        from .debugging import config
        value = config.floatX
    name = value if isinstance(value, str) and value in DTYPES else str(np.dtype(value))
    if name not in DTYPES:
        raise TypeError(f'{name} is none of the dtypes {", ".join(DTYPES)}')
    return DTYPES[name]


def as_tensor(value):
    """A Tg.Tensor of the numbers in `value`; it looks at the memory of a numpy array."""
    if isinstance(value, Tg.Tensor):
        return value
    array = np.asarray(value)
    if array.dtype.name == 'bfloat16':
        return as_tensor(array.astype('float32')).astype(Tg.DType.BFLOAT16)
    if array.dtype.kind not in 'biufc':
        raise TypeError(f'expected a number or an array, not {describe(value)}')
    native = array.dtype.newbyteorder('=')
    dtype = as_dtype(native)
    array = np.require(array, native, 'A')
    if _tg:
        return _tg.array_to_tensor(array)
    return Tg.Tensor.new(dtype, array.shape, GLib.Bytes.new(array.tobytes()))


def _get_bounds(item, size):
    """Start, stop and step of a slice, with the first two as libtg's slices understand them."""
    start, stop, step = item.indices(size)
    # Less than 0 is before the first element, and not counted from the end.
    return tuple(-2**63 if bound < 0 else bound for bound in (start, stop)) + (step,)


def _index(tensor, axis, position):
    try:
        return tensor.index(axis, operator.index(position))
    except GLib.Error as error:
        if not error.matches(Tg.shape_error_quark(), Tg.ShapeError.INDEX):
            raise
        raise IndexError(error.message) from None


def own(value):
    """The value, copied if it is an array, which others may change."""
    return np.array(value) if isinstance(value, np.ndarray) else value


class Tensor(Tg.Tensor):
    """A value: numbers of one dtype in n dimensions.  `numpy.asarray` looks at its memory."""

    dtype = property(lambda self: self.get_dtype().value_nick, doc='The name of the dtype.')
    ndim = property(lambda self: self.get_ndim(), doc='The number of dimensions.')
    shape = property(lambda self: tuple(self.get_shape()), doc='The size of each dimension.')
    size = property(lambda self: self.get_n_elements(), doc='The number of elements.')
    T = property(lambda self: self.permute_dims(range(self.ndim)[::-1]),
                 doc='It, with its axes in reverse order.')

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

    def __array__(self, dtype=None):
        """What numpy takes where it does not know the dtype."""
        return np.asarray(as_array(self), dtype)

    def __dlpack__(self, *, stream=None, max_version=None, dl_device=None, copy=None):
        """A capsule of DLPack, which lends the memory to another library for reading."""
        return lend(self, stream, max_version, dl_device, copy)

    def __dlpack_device__(self):
        """DLPack's numbers of the processor, in whose memory the elements are."""
        return 1, 0

    def __getitem__(self, key):
        """Indexing by integers, slices, ... and None, as in numpy; the result looks at the same
        memory."""
        keys = key if isinstance(key, tuple) else (key,)
        n_axes = sum(item is not None and item is not ... for item in keys)
        n_ellipses = sum(item is ... for item in keys)
        if n_axes > self.ndim or n_ellipses > 1:
            raise IndexError(
                f'{n_axes} indices and {n_ellipses} times ... for {self.ndim} dimensions')
        result, axis = self, 0
        for item in keys:
            if item is ...:
                axis += self.ndim - n_axes
            elif item is None:
                result = result.reshape([*result.shape[:axis], 1, *result.shape[axis:]])
                axis += 1
            elif isinstance(item, slice):
                result = result.slice(axis, *_get_bounds(item, result.shape[axis]))
                axis += 1
            else:
                result = _index(result, axis, item)
        return result

    def __len__(self):
        if self.ndim == 0:
            raise TypeError('a tensor without dimensions has no length')
        return self.shape[0]

    def __iter__(self):
        return (self[i] for i in range(len(self)))

    def __contains__(self, value):
        return value in as_array(self)

    def tolist(self):
        """The elements as numbers, in lists as deep as there are dimensions."""
        return as_array(self).tolist()

    def item(self):
        """The only element as a number of Python's."""
        if self.size != 1:
            raise ValueError(f'a tensor of the shape {self.shape} is not a single number')
        return self.reshape([]).tolist()

    def __bool__(self):
        return bool(self.item())

    def __int__(self):
        return int(self.item())

    def __float__(self):
        return float(self.item())

    def __complex__(self):
        return complex(self.item())

    def __index__(self):
        if self.ndim > 0:
            raise TypeError(f'a tensor of the shape {self.shape} is no index')
        return operator.index(self.item())

    @staticmethod
    def _from_npy(data):
        return Tg.Tensor.new_from_npy(GLib.Bytes.new(data))

    def __reduce__(self):
        return Reference('Tensor', '_from_npy'), (self.dup_npy().get_data(),)

    def __copy__(self):
        return self

    def __deepcopy__(self, memo=None):
        return self._from_npy(self.dup_npy().get_data())

    def __repr__(self):
        return self.to_string()


Tensor = override(Tensor)


def as_array(tensor):
    """An array that looks at the memory of a tensor; of bfloat16 a copy in float32."""
    if tensor.get_dtype() == Tg.DType.BFLOAT16:
        tensor = tensor.astype(Tg.DType.FLOAT32)
    return _tg.tensor_to_array(tensor) if _tg else np.asarray(tensor)


class TensorType(Tg.TensorType):
    """A dtype and a shape, whose dimensions are None where they are unknown.

    In a shape, Theano's patterns may stand too: True is 1, and False is unknown.
    """

    def __new__(cls, dtype, shape=()):
        return make_type(dtype, [(1 if size else None) if isinstance(size, bool) else size
                                 for size in shape])

    def __init__(self, dtype, shape=()):
        """It never changes; calling it makes a symbol of the type."""

    def __call__(self, name=None):
        """A symbol of this type."""
        return Tg.Variable.new_with_type(name, self)

    dtype = property(lambda self: self.get_dtype().value_nick, doc='The name of the dtype.')
    ndim = property(lambda self: self.get_ndim(), doc='The number of dimensions.')
    shape = property(lambda self: tuple(None if size < 0 else size for size in self.get_shape()),
                     doc='The size of each dimension.')
    broadcastable = property(lambda self: tuple(size == 1 for size in self.shape),
                             doc='Of each dimension, whether its size is known to be 1.')

    def __eq__(self, other):
        return isinstance(other, Tg.TensorType) and self.equal(other)

    def __hash__(self):
        return hash((self.dtype, self.shape))

    def __reduce__(self):
        return Reference('TensorType', 'new'), (int(self.get_dtype()), self.get_shape())

    def __repr__(self):
        return self.to_string()


TensorType = override(TensorType)


def make_type(dtype, shape):
    return Tg.TensorType.new(as_dtype(dtype), [-1 if size is None else size for size in shape])
