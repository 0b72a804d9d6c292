# SPDX-License-Identifier: LGPL-2.1-or-later
"""Random streams, with the arguments of Theano's, or else of numpy's Generator."""

import operator
import os

from .base import Tg, np, ops, override
from .operators import as_ints
from .values import as_array, as_dtype, as_tensor
from .variables import as_variable

__all__ = ['MRG_RandomStreams', 'RandomStreams']


def _as_shape(size, ndim, *parameters):
    """The shape `size` or, for None, that of the parameters together."""
    if size is None and any(parameter.ndim > 0 for parameter in parameters):
        shape = ops.broadcast_shape(parameters)
    else:
        shape = as_ints(() if size is None else size)
    length = shape.type.shape[0]
    if ndim is not None and length != ndim:
        raise ValueError(f'size: expected {ndim} elements, as ndim says, not {length}')
    return shape


def _without_last(x):
    """The first of the elements along the last axis; it has the shape of the other axes."""
    if x.ndim == 0:
        raise ValueError('probabilities need an axis, not 0 dimensions')
    return ops.zeros(x.shape[:-1]) if x.ndim > 1 else as_variable(0)


class RandomStreams(Tg.RandomStreams):
    """Makes random variables: each is one draw a call, and independent of the others.

    A draw has the shape `size` or, by default, that of its parameters, which are broadcast.
    """

    def __new__(cls, seed=None):
        return Tg.RandomStreams.new(int.from_bytes(os.urandom(8), 'big') if seed is None else seed)

    def __init__(self, seed=None):
        """A seed, 0 or more, makes the same numbers again; without one they are new each time."""

    def _draw(self, name, shape, *parameters):
        """A new variable; its state is also its attribute `rng`, as in Theano."""
        draw = getattr(super(), name)(shape, *parameters)
        draw.rng = self.find_state(draw)
        return draw

    def _draw_of(self, name, size, ndim, dtype, *parameters):
        parameters = [as_variable(parameter) for parameter in parameters]
        return self._draw(name, _as_shape(size, ndim, *parameters), *parameters, as_dtype(dtype))

    # Continuous distributions

    def uniform(self, size=None, low=0.0, high=1.0, ndim=None, dtype='float64'):
        """Numbers from the uniform distribution over `low`, with it, to `high`, without it."""
        return self._draw_of('uniform', size, ndim, dtype, low, high)

    def normal(self, size=None, avg=0.0, std=1.0, ndim=None, dtype='float64'):
        """Numbers from the normal distribution of mean `avg` and standard deviation `std`."""
        return self._draw_of('normal', size, ndim, dtype, avg, std)

    def truncated_normal(self, size=None, avg=0.0, std=1.0, low=-2.0, high=2.0, ndim=None,
                         dtype='float64'):
        """Likewise, but only between `low` and `high` standard deviations from the mean."""
        return self._draw_of('truncated_normal', size, ndim, dtype, avg, std, low, high)

    def exponential(self, size=None, scale=1.0, ndim=None, dtype='float64'):
        """Numbers from the exponential distribution of mean `scale`."""
        return self._draw_of('exponential', size, ndim, dtype, scale)

    def gamma(self, size=None, shape=1.0, scale=1.0, ndim=None, dtype='float64'):
        """Numbers from the gamma distribution with the parameters `shape` and `scale`."""
        return self._draw_of('gamma', size, ndim, dtype, shape, scale)

    def beta(self, size=None, a=1.0, b=1.0, ndim=None, dtype='float64'):
        """Numbers from the beta distribution with the parameters `a` and `b`."""
        return self._draw_of('beta', size, ndim, dtype, a, b)

    def chisquare(self, size=None, df=1.0, ndim=None, dtype='float64'):
        """Numbers from the chi-square distribution of `df` degrees of freedom."""
        return self._draw_of('chisquare', size, ndim, dtype, df)

    # Discrete distributions

    def bernoulli(self, size=None, p=0.5, ndim=None, dtype='int64'):
        """1 with the probability `p`, and else 0."""
        return self._draw_of('bernoulli', size, ndim, dtype, p)

    def binomial(self, size=None, n=1, p=0.5, ndim=None, dtype='int64'):
        """How many of `n` trials succeed, each with the probability `p`."""
        return self._draw_of('binomial', size, ndim, dtype, n, p)

    def poisson(self, size=None, lam=1.0, ndim=None, dtype='int64'):
        """Numbers from the Poisson distribution of mean `lam`."""
        return self._draw_of('poisson', size, ndim, dtype, lam)

    def integers(self, low, high=None, size=None, dtype='int64', endpoint=False):
        """Integers from `low`, or 0, up to `high`, which is one of them if `endpoint`.

        `low` is left out where there is one number, as in numpy.
        """
        low, high = map(as_variable, (0, low) if high is None else (low, high))
        return self._draw('integers', _as_shape(size, None, low, high), low, high, endpoint,
                          as_dtype(dtype))

    def random_integers(self, size=None, low=0, high=1, ndim=None, dtype='int64'):
        """Integers from `low` to `high`, both of which are among them."""
        low, high = as_variable(low), as_variable(high)
        return self._draw('integers', _as_shape(size, ndim, low, high), low, high, True,
                          as_dtype(dtype))

    def categorical(self, size=None, p=(0.5, 0.5), ndim=None, dtype='int64'):
        """Positions along the last axis of `p`, as likely as the numbers there."""
        p = as_variable(p)
        return self._draw('categorical', _as_shape(size, ndim, _without_last(p)), p,
                          as_dtype(dtype))

    def multinomial(self, size=None, n=1, pvals=(0.5, 0.5), ndim=None, dtype='int64'):
        """How often each position along the last axis of `pvals` comes up in `n` draws."""
        n, pvals = as_variable(n), as_variable(pvals)
        return self._draw('multinomial', _as_shape(size, ndim, n, _without_last(pvals)), n, pvals,
                          as_dtype(dtype))

    # Choices and orders

    def choice(self, size=None, a=2, replace=True, p=None, ndim=None, dtype='int64'):
        """Integers below `a`, or parts of the array `a` along its first axis.

        They have the probabilities `p`; none of them is drawn twice unless `replace`.
        """
        shape, a = _as_shape(() if size is None else size, ndim), as_variable(a)
        n, dtype = (a, dtype) if a.ndim == 0 else (a.shape[0], 'int64')
        if p is None and replace:
            draw = self._draw('integers', shape, as_variable(0), n, False, as_dtype(dtype))
        else:
            p = ops.full([n], 1 / n) if p is None else as_variable(p)
            draw = self._draw('categorical' if replace else 'choice', shape, p, as_dtype(dtype))
        if a.ndim == 0:
            return draw
        result = ops.take(a, draw)
        result.rng = draw.rng
        return result

    def permutation(self, size=None, n=1, ndim=None, dtype='int64'):
        """Permutations of the integers below `n`, along a last axis behind the shape `size`."""
        items = [] if size is None else list(size) if np.iterable(size) else [size]
        shape = _as_shape([*items, n], None if ndim is None else ndim + 1)
        return self._draw('permutation', shape, as_dtype(dtype))

    def shuffle(self, x, axis=0):
        """The parts of `x` along `axis` in a random order."""
        return self._draw('shuffle', as_variable(x), operator.index(axis), True)

    def shuffle_row_elements(self, input):
        """`input` with the elements along its last axis in a random order, each row in its own."""
        return self._draw('shuffle', as_variable(input), -1, False)

    # States

    def seed(self, seed=None):
        """Begins all streams anew, those there are and those to come."""
        super().seed(int.from_bytes(os.urandom(8), 'big') if seed is None else seed)

    def get_states(self):
        """The states of all streams, an array with a row for each: seed, stream and next draw."""
        return as_array(self.dup_states()).copy()

    def set_states(self, states):
        """Makes all streams go on from what `get_states` has returned."""
        super().set_states(as_tensor(np.array(states)))


RandomStreams = override(RandomStreams)
MRG_RandomStreams = RandomStreams
