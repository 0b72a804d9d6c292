# SPDX-License-Identifier: LGPL-2.1-or-later
"""Random streams."""

import os

from .base import Tg, override
from .operators import as_ints
from .values import as_dtype
from .variables import as_variable

__all__ = ['RandomStreams']


class RandomStreams(Tg.RandomStreams):
    """Makes random variables: each is one draw a call, and independent of the others."""

    def __new__(cls, seed=None):
        return Tg.RandomStreams.new(int.from_bytes(os.urandom(8), 'big') if seed is None else seed)

    def __init__(self, seed=None):
        """A seed, 0 or more, makes the same numbers again; without one they are new each time."""

    def uniform(self, size=(), low=0.0, high=1.0, dtype='float64'):
        """Numbers from the uniform distribution between `low` and `high`, in the shape `size`."""
        return super().uniform(as_ints(size), as_variable(low), as_variable(high), as_dtype(dtype))

    def normal(self, size=(), avg=0.0, std=1.0, dtype='float64'):
        """Numbers from the normal distribution of mean `avg` and standard deviation `std`."""
        return super().normal(as_ints(size), as_variable(avg), as_variable(std), as_dtype(dtype))


RandomStreams = override(RandomStreams)
