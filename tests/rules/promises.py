# SPDX-License-Identifier: LGPL-2.1-or-later
"""Whether two sides are what a rule promises of them: the same bits, or the same real numbers."""

from dataclasses import dataclass

import mpmath
import numpy as np
from gi.repository import GLib
from mpmath import mp

from . import points, truth
from .algebra import Tg
from .instances import FLOATS

# Digits in which sides agree that are equal, digits in which they differ for certain, and the
# most that are tried; in bits.
AGREEMENT, DIFFERENCE, MOST_BITS = 100, 50, 9000
LEAST_BITS = 700
# The most bits that an error has: what is not a number where it should be one has as many.
MAX_ERROR = 64
# So many bits more may the second side of a stable rule be wrong by.  What is wrong by no more than
# 4 units in the last place, as kernels may be, is right.
SLACK, RIGHT = 1, np.log2(1 + 4)


@dataclass(frozen=True)
class Counterexample:
    """Where two sides are not what is promised."""
    rule: str
    reason: str
    before: str
    after: str
    types: str
    inputs: dict
    left: str
    right: str

    def __str__(self):
        inputs = ', '.join(f'{name} = {value}' for name, value in self.inputs.items())
        return (f'{self.rule}: {self.reason}\n  {self.before} => {self.after}\n'
                f'  of {self.types}\n  at {inputs}\n'
                f'  {self.left} against {self.right}')


@dataclass
class Sides:
    """Both sides of a rule as the library made them for one instance."""
    algebra: object
    instance: object
    symbols: dict
    before: Tg.Variable
    after: Tg.Variable

    def __post_init__(self):
        self.function = Tg.function(list(self.symbols.values()), [self.before, self.after],
                                    mode='reference', on_unused_input='ignore')
        self.dtype = self.before.dtype

    def compute(self, values):
        """What the library makes of both."""
        with np.errstate(all='ignore'):
            left, right = self.function(*(values[name] for name in self.symbols))
        return np.asarray(left), np.broadcast_to(right, np.shape(left))

    def takes(self, values):
        """Whether shapes that were not known fit each other."""
        try:
            self.compute(values)
        except GLib.GError as error:
            if error.domain != GLib.quark_to_string(Tg.ShapeError.quark()):
                raise
            return False
        return True

    def compute_truth(self, values):
        """What both are, at the precision of mpmath."""
        left = truth.evaluate(self.before, values)
        return left, np.broadcast_to(truth.evaluate(self.after, values), left.shape)

    def refuse(self, reason, values, place, left, right):
        inputs = {name: show(value[place] if self.is_flat else value)
                  for name, value in values.items()}
        return Counterexample(self.algebra.place, reason, self.before.to_string(),
                              self.after.to_string(), self.instance.describe(), inputs,
                              show(left[place]), show(right[place]))

    @property
    def is_flat(self):
        """Whether each element of the vectors is a point of its own."""
        return self.algebra.is_elementwise and points.is_flat(self.instance)

    @property
    def operators(self):
        return truth.list_operators(self.before) | truth.list_operators(self.after)


def show(value):
    """Numbers in as many digits as tell them apart."""
    if isinstance(value, (mpmath.mpf, mpmath.mpc)):
        return mpmath.nstr(value, 25)
    if isinstance(value, np.ndarray) and value.ndim > 0:
        return '[' + ', '.join(show(one) for one in value.ravel()) + ']'
    value = value[()] if isinstance(value, np.ndarray) else value
    return repr(value.item() if hasattr(value, 'item') else value)


# The same bits

def as_bits(x):
    """Integers that are the same for the same bits; a nan is a nan."""
    x = np.ascontiguousarray(x)
    if x.dtype.kind == 'c':
        return np.stack([as_bits(x.real), as_bits(x.imag)], axis=-1)
    if x.dtype.kind != 'f':
        return x.astype('int64')
    return np.where(np.isnan(x), np.array(np.nan, x.dtype), x).view(f'i{x.dtype.itemsize}')


def find_other_bits(sides, values):
    """A place at which two sides differ in bits."""
    left, right = sides.compute(values)
    if left.dtype != right.dtype:
        return sides.refuse('another dtype', values, (), np.array(left.dtype.name),
                            np.array(right.dtype.name))
    differ = as_bits(left) != as_bits(right)
    if differ.ndim > left.ndim:
        differ = differ.any(axis=-1)
    if not differ.any():
        return None
    place = tuple(np.argwhere(differ)[0])
    return sides.refuse('not the same bits', values, place, left, right)


# The same real numbers

EQUAL, UNDEFINED, UNKNOWN, DIFFERENT, UNSETTLED = range(5)


def agree(left, right, bits):
    return abs(left - right) <= mpmath.ldexp(max(abs(left), abs(right)), -bits)


def compare(left, right):
    """What is known of two numbers at one precision."""
    if truth.is_nan(left):
        return UNDEFINED
    if truth.is_unknown(left) or truth.is_unknown(right):
        return UNKNOWN
    if isinstance(left, bool) or isinstance(right, bool):
        return EQUAL if bool(left) == bool(right) else UNSETTLED
    if truth.is_nan(right):
        return UNSETTLED
    return EQUAL if agree(left, right, AGREEMENT) else UNSETTLED


def is_settled(x, finer):
    if truth.is_nan(x) or truth.is_nan(finer):
        return truth.is_nan(x) and truth.is_nan(finer)
    if truth.is_unknown(x) or truth.is_unknown(finer):
        return False
    return x == finer if isinstance(x, bool) else agree(x, finer, DIFFERENCE + 10)


def compare_again(coarse, fine):
    """The same from numbers at two precisions that did not agree at either."""
    if all(map(is_settled, coarse, fine)):
        return DIFFERENT
    if any(truth.is_nan(x) or truth.is_unknown(x) or isinstance(x, bool) for x in coarse + fine):
        return UNSETTLED
    # What is nothing but rounding errors on both sides is zero.
    if max(map(abs, fine)) <= mpmath.ldexp(max(map(abs, coarse)), -LEAST_BITS // 2):
        return EQUAL
    return UNSETTLED


def find_precision(values):
    """Bits that are likely to do: those between the smallest and the largest number, twice."""
    exponents = [abs(mpmath.mag(x)) for array in values.values() for x in array.ravel()
                 if isinstance(x, mpmath.mpf) and x and mpmath.isfinite(x)]
    return LEAST_BITS + int(1.2 * max([e for e in exponents if e > 100], default=0))


@dataclass
class Settled:
    """For each element of an array what is known, and both numbers."""
    kinds: np.ndarray
    left: np.ndarray
    right: np.ndarray


def settle(sides, values, most_bits=MOST_BITS):
    """Compares the sides as real numbers, in as many bits as it takes."""
    exact = {name: truth.as_numbers(array) for name, array in values.items()}
    precision = find_precision(exact)
    previous = None
    while True:
        with mp.workprec(precision):
            left, right = sides.compute_truth(exact)
            kinds = np.array(np.frompyfunc(compare, 2, 1)(left, right), int)
            if previous is not None:
                for place in np.argwhere(kinds == UNSETTLED):
                    place = tuple(place)
                    kinds[place] = compare_again(
                        (previous[0][place], previous[1][place]), (left[place], right[place]))
        precision *= 2
        if not (kinds == UNSETTLED).any() or precision > most_bits:
            return Settled(kinds, left, right)
        previous = left, right


def find_other_number(sides, values, settled):
    """A place at which two sides are not equal as real numbers."""
    places = np.argwhere(settled.kinds == DIFFERENT)
    if len(places) == 0:
        return None
    return sides.refuse('not equal as real numbers', values, tuple(places[0]), settled.left,
                        settled.right)


# What is computed

def round_to(dtype, number):
    """A real number as the nearest float."""
    with np.errstate(over='ignore'):
        return np.array(float(number), dtype)


def measure(value, number, dtype):
    """The bits that a float is wrong by: the logarithm of one plus the units in the last place.  Of
    what is smaller than the normal floats only so much is asked that it is as small."""
    info = np.finfo(dtype)
    nearest = float(round_to(dtype, number))
    if not np.isfinite(nearest):
        return 0.0 if value == nearest else MAX_ERROR
    if not np.isfinite(value):
        return MAX_ERROR
    exponent = mpmath.mag(number) - 1 if number else -mpmath.inf
    unit = mpmath.ldexp(1, int(exponent) - info.nmant) if exponent >= info.minexp else mp.mpf(
        float(info.tiny))
    units = abs(mpmath.mpf(float(value)) - number) / unit
    return min(MAX_ERROR, float(mpmath.log(1 + units, 2)))


def measure_all(sides, values, settled):
    """The errors of both sides at each element; nan where there is no truth."""
    errors = np.full((2, *settled.kinds.shape), np.nan)
    computed = sides.compute(values)
    with mp.workprec(200):
        for place in map(tuple, np.argwhere(settled.kinds == EQUAL)):
            for side, found in enumerate(computed):
                errors[(side, *place)] = measure(found[place], settled.left[place], sides.dtype)
    return errors, computed


def find_other_integer(sides, values, settled):
    """A place at which the second side is wrong where the first is right."""
    left, right = sides.compute(values)
    for place in map(tuple, np.argwhere(settled.kinds == EQUAL)):
        if left[place] == settled.left[place] and right[place] != settled.left[place]:
            return sides.refuse('computed wrongly', values, place, left, right)
    return None


def find_lost_number(sides, values, errors, computed):
    """A place at which what was right is no number any more."""
    left, right = computed
    for place in map(tuple, np.argwhere((errors[0] <= 2) & np.isfinite(left) & np.isnan(right))):
        return sides.refuse('a number becomes nan', values, place, left, right)
    return None


def group_errors(sides, errors):
    """The largest error of each side among neighbours, or in an array."""
    if sides.is_flat:
        errors = errors.reshape(2, -1, points.GROUP)
    else:
        errors = errors.reshape(2, 1, -1)
    known = ~np.isnan(errors).any(axis=(0, 2))
    return np.where(known, np.nan_to_num(errors).max(axis=2, initial=0), np.nan), known


def find_larger_error(sides, values, errors, computed):
    """A place at which the second side is farther from the real number than the first."""
    worst, known = group_errors(sides, errors)
    allowed = np.maximum(worst[0] + SLACK, RIGHT)
    for group in np.flatnonzero(known & (worst[1] > allowed)):
        several = errors[1].reshape(len(known), -1)
        place = np.unravel_index(
            group * several.shape[1] + several[group].argmax(), errors.shape[1:])
        return sides.refuse(f'wrong by {worst[1, group]:.1f} bits, not {worst[0, group]:.1f}',
                            values, place, *computed)
    return None


def is_float(sides):
    return sides.dtype in FLOATS
