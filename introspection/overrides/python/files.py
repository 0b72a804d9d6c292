# SPDX-License-Identifier: LGPL-2.1-or-later
"""Files of tensors, in NumPy's formats .npy and .npz, and of functions."""

import os

from .base import Tg
from .functions import load_functions
from .values import as_tensor

__all__ = ['load', 'save', 'savez', 'savez_compressed']


def _with_suffix(file, suffix):
    file = os.fsdecode(file)
    return file if file.endswith(suffix) else file + suffix


def load(file, mmap_mode=None, mode=None):
    """The Tg.Tensor in a .npy file, a dictionary of those in a .npz file, or what is in a .tg file.

    Shapes and dtypes are those in the file.  With the `mmap_mode` 'r', a .npy file is mapped into
    memory instead of being read; it must not change as long as the tensor is there.

    A .tg file has a function, or several, which come as a list and share what they shared when they
    were saved.  They are compiled in the `mode`.
    """
    if mmap_mode not in (None, 'r'):
        raise ValueError(f"mmap_mode: expected 'r' or None, not {mmap_mode!r}")
    file = os.fsdecode(file)
    if file.endswith('.tg'):
        functions = load_functions(file, mode)
        return functions[0] if len(functions) == 1 else functions
    with open(file, 'rb') as stream:
        is_archive = stream.read(2) == b'PK'
    if is_archive:
        tensors, names = Tg.load_npz(file)
        return dict(zip(names, tensors))
    return Tg.Tensor.map(file) if mmap_mode else Tg.Tensor.load(file)


def save(file, value):
    """Writes a tensor, or what becomes one, to a .npy file, for `load` and for NumPy's.

    The value has any shape and dtype.  A name without the ending .npy is given it, as by NumPy.
    A function, a list of them, or a Tg.Graph is written to a .tg file in the same way.
    """
    functions = [value] if isinstance(value, Tg.Function) else value
    if isinstance(value, Tg.Graph):
        value.save(_with_suffix(file, '.tg'))
        return
    if isinstance(functions, (list, tuple)) and functions and all(
            isinstance(function, Tg.Function) for function in functions):
        Tg.save_functions(_with_suffix(file, '.tg'), functions)
        return
    as_tensor(value).save(_with_suffix(file, '.npy'))


def _save_all(file, values, named, compress):
    tensors = {f'arr_{i}': value for i, value in enumerate(values)}
    for name in tensors.keys() & named.keys():
        raise ValueError(f'the name {name!r} is there twice')
    tensors |= named
    Tg.save_npz(_with_suffix(file, '.npz'), list(tensors),
                [as_tensor(value) for value in tensors.values()], compress)


def savez(file, *values, **named):
    """Writes tensors of any shapes and dtypes to a .npz file, under names or as arr_0, arr_1, …"""
    _save_all(file, values, named, False)


def savez_compressed(file, *values, **named):
    """Does as `savez`, and makes the file smaller; the values have any shapes and dtypes."""
    _save_all(file, values, named, True)
