# SPDX-License-Identifier: LGPL-2.1-or-later
"""Values that go to other libraries by DLPack, to other processes by pickle, and to notebooks."""

import functools
import importlib
import subprocess

import gi

from .base import Tg, _tg, np

__all__ = ['from_dlpack']

_CPU = (1, 0)  # DLPack's numbers of the processor
_DRAWING_SECONDS = 10


def lend(tensor, stream=None, max_version=None, dl_device=None, copy=None):
    """The capsule of DLPack that `__dlpack__` returns."""
    if stream is not None:
        raise ValueError('the memory of a processor has no streams')
    if dl_device not in (None, _CPU):
        raise BufferError(f'the memory is that of the processor, not of the device {dl_device}')
    if not _tg:
        return np.array(tensor).__dlpack__()
    tensor = tensor.__deepcopy__() if copy else tensor
    return _tg.tensor_to_dlpack(tensor, max_version is not None and max_version[0] >= 1)


def from_dlpack(x):
    """A Tg.Tensor of the shape and dtype of `x`, an array of another library that knows DLPack.

    It looks at the memory of `x`, which must not be changed as long as the tensor is there.
    """
    if x.__dlpack_device__()[0] != _CPU[0]:
        raise BufferError(f'{type(x).__name__} is not in the memory of the processor')
    if not _tg:
        from .values import as_tensor
        return as_tensor(np.from_dlpack(x))
    try:
        capsule = x.__dlpack__(max_version=(1, 0))
    except TypeError:  # from a library of the time before DLPack 1.0
        capsule = x.__dlpack__()
    return _tg.tensor_from_dlpack(capsule)


class _Version:
    def __reduce__(self):
        return gi.require_version, ('Tg', Tg._version)


class Reference:
    """Something in Tg as pickle can write it: the override's modules cannot be imported alone."""

    def __init__(self, *names):
        self._names = names

    def __call__(self, *args):
        from gi.repository import Tg
        return functools.reduce(getattr, self._names, Tg)(*args)

    def __reduce__(self):
        if self._names:
            return getattr, (Reference(*self._names[:-1]), self._names[-1])
        # The second argument, which is None, import_module () ignores, but pickle computes.
        return importlib.import_module, ('gi.repository.Tg', _Version())


def run_dot(graph, format):
    """The drawing of a graph, as bytes of one of the formats that Graphviz knows."""
    result = subprocess.run(['dot', f'-T{format}'], input=graph.to_dot().encode(),
                            capture_output=True, timeout=_DRAWING_SECONDS, check=True)
    return result.stdout


def draw(graph):
    """The drawing of a graph as SVG, or None where Graphviz is not there or takes too long."""
    try:
        text = run_dot(graph, 'svg').decode()
    except (OSError, subprocess.SubprocessError):
        return None
    return text[text.index('<svg'):]
