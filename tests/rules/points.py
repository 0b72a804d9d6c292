# SPDX-License-Identifier: LGPL-2.1-or-later
"""Numbers that rules are tried at: of all binades, near each other, and at corners."""

import itertools
import math

import numpy as np

from .instances import FLOATS, INF

# Neighbours at each place: a comparison of errors looks at the worst of them.
GROUP = 6
CORNERS = (0.0, -0.0, 1.0, -1.0, 0.5, 2.0, 3.0, -2.0, INF, -INF, math.nan)


def get_limits(dtype):
    """The exponents of the smallest and of the largest number."""
    info = np.finfo(dtype)
    return int(np.log2(float(info.smallest_subnormal))), int(info.maxexp) - 1


class Sampler:
    """Draws numbers that lie where an instance says that they do."""

    def __init__(self, seed, widest=None):
        self.random = np.random.default_rng(seed)
        self.widest = widest     # no exponent is larger, where the truth is slow
        self.is_moderate = False

    def draw_exponents(self, dtype, n):
        """One binade for each group, in ranges from moderate to all."""
        low, high = get_limits(dtype)
        if self.widest:
            low, high = max(low, -6 * self.widest), min(high, self.widest)
        scopes = np.array([(low, high), (max(low, -40), min(high, 12)), (-4, 3), (-3, 8),
                           (max(low, -60), 0)])
        scopes = scopes[2:3] if self.is_moderate else scopes
        chosen = scopes[self.random.integers(len(scopes), size=n)]
        return np.repeat(np.floor(self.random.uniform(chosen[:, 0], chosen[:, 1] + 1)), GROUP)

    def draw_floats(self, dtype, n, others):
        """Groups of numbers of one binade; some are near a number of another letter, or near one,
        or small and whole."""
        size = n * GROUP
        sign = np.repeat(self.random.choice([-1.0, 1.0], n), GROUP)
        x = sign * self.random.uniform(1, 2, size) * np.exp2(self.draw_exponents(dtype, n))
        kind = np.repeat(self.random.random(n), GROUP)
        bits = np.finfo(dtype).nmant + 1
        nearness = np.exp2(-np.repeat(self.random.integers(1, bits + 1, n), GROUP).astype(float))
        x = np.where(kind < 0.12, sign * (1 + nearness * self.random.uniform(-1, 1, size)), x)
        x = np.where(kind < 0.06, np.repeat(self.random.integers(-4, 5, n), GROUP) / 2, x)
        if others:
            near = others[self.random.integers(len(others))]
            turned = np.repeat(self.random.choice([-1.0, 1.0, 1.0], n), GROUP)
            x = np.where(kind > 0.6, turned * near * (1 + nearness * self.random.uniform(
                -1, 1, size)), x)
            x = np.where(kind > 0.97, near, x)
        return x

    def draw_integers(self, dtype, size):
        if dtype == 'bool':
            return self.random.integers(0, 2, size).astype(bool)
        low = 0 if dtype == 'uint8' else -9
        return self.random.integers(low, 10, size).astype(dtype)

    def draw_letter(self, letter, n, others):
        if letter.dtype == 'complex128':
            return self.draw_floats('float64', n, []) + 1j * self.draw_floats('float64', n, [])
        if letter.dtype not in FLOATS:
            return fit_integers(self.draw_integers(letter.dtype, n * GROUP), letter)
        x = self.draw_floats(letter.dtype, n, [np.real(each).astype(float) for each in others])
        with np.errstate(over='ignore', invalid='ignore'):
            return self.fit(np.array(x, 'float64'), letter).astype(letter.dtype)

    def fit(self, x, letter):
        """Numbers moved into the range of the letter."""
        low, high = letter.low, letter.high
        if (low, high) == (-INF, INF):
            pass
        elif low > -INF and high < INF:
            u = np.abs(x) - np.floor(np.abs(x)) if low < high else 0
            x = np.where((x >= low) & (x <= high), x, low + (high - low) * u)
        elif low > -INF:
            x = np.where(x < low, low + np.abs(x - low), x)
        else:
            x = np.where(x > high, high - np.abs(x - high), x)
        inside = min(max(1.0, low), high) if high > 0 else max(-1.0, low)
        return np.where((x == 0) & letter.nonzero, inside, x)

    def draw(self, instance, n):
        """Groups of numbers for all letters."""
        values = {}
        for name, letter in instance.letters:
            if letter.constant is None:
                values[name] = self.draw_letter(letter, n, list(values.values()))
        return values

    def draw_plain(self, instance, most):
        """Small numbers, and the smallest and largest ones, of all letters together."""
        letters = {name: letter for name, letter in instance.letters if letter.constant is None}
        plain = [list_plain(letter.dtype, self.widest) for letter in letters.values()]
        places = choose_places([len(x) for x in plain], most, self.random)
        places = np.resize(places, (-(-len(places) // GROUP) * GROUP, len(plain)))
        values = {}
        for i, (name, letter) in enumerate(letters.items()):
            x = plain[i][places[:, i]]
            values[name] = x if letter.dtype not in FLOATS else self.fit(
                x.astype('float64'), letter).astype(letter.dtype)
            if letter.dtype not in FLOATS and letter.dtype != 'complex128':
                values[name] = fit_integers(x, letter)
        return values


def list_plain(dtype, widest):
    if dtype == 'bool':
        return np.array([False, True])
    if dtype == 'uint8':
        return np.array([0, 1, 2, 3, 7], dtype)
    numbers = [-2, -1, 0, 1, 2, 3]
    if dtype in FLOATS:
        info = np.finfo(dtype)
        numbers += [-0.5, 0.5] + ([] if widest else [info.max, -info.max, info.smallest_subnormal])
    return np.array(numbers, dtype)


def choose_places(sizes, most, random):
    """All combinations of so many things, or some of them."""
    if math.prod(sizes) <= most:
        return np.array(list(itertools.product(*map(range, sizes))), int).reshape(-1, len(sizes))
    return np.stack([random.integers(0, size, most) for size in sizes], axis=1)


def fit_integers(x, letter):
    if letter.low > -INF or letter.high < INF:
        low = letter.low if letter.low > -INF else letter.high - 9
        high = letter.high if letter.high < INF else letter.low + 9
        x = np.clip(x.astype(float), low, high).astype(x.dtype)
    return np.where((x == 0) & letter.nonzero, np.array(letter.high if letter.high < 0 else max(
        letter.low, 1)).astype(x.dtype), x)


def is_flat(instance):
    """Whether all letters are vectors of one unknown length, of which each element is a point."""
    return all(letter.constant is not None or letter.shape == (None,)
               for _, letter in instance.letters)


def get_shape(letter):
    """A shape with a size for the dimensions that are not known."""
    return tuple(3 if size is None else size for size in letter.shape)


def cut(instance, values):
    """An array of the shape of each letter, out of so many numbers."""
    arrays = {}
    for name, flat in values.items():
        shape = get_shape(instance.get(name))
        arrays[name] = np.resize(flat, shape)
    return arrays


def list_corners(letter):
    """Numbers at which exact rules must hold too."""
    if letter.dtype == 'bool':
        return np.array([False, True])
    if letter.dtype == 'complex128':
        parts = [0.0, -0.0, 1.5, -2.0, INF, math.nan, 1e300]
        return np.array([complex(x, y) for x in parts for y in parts])
    if letter.dtype not in FLOATS:
        info = np.iinfo(letter.dtype)
        return np.unique(np.array([0, 1, 2, 3, info.min, info.max, info.max - 1], letter.dtype))
    info = np.finfo(letter.dtype)
    small, least, most = info.smallest_subnormal, info.tiny, info.max
    sizes = (small, 7 * small, least - small, least, least + small, 1 + info.eps, 1 - info.epsneg,
             most, most / 2, most - most * info.epsneg)
    return np.array([*CORNERS, *sizes, *(-x for x in sizes)], letter.dtype)


def lies_within(x, letter):
    if letter.dtype == 'complex128':
        return np.full(x.shape, True)
    inside = (x >= letter.low) & (x <= letter.high) & ~((x == 0) & letter.nonzero)
    is_free = (letter.low, letter.high, letter.nonzero) == (-INF, INF, False)
    return np.full(x.shape, True) if is_free else inside


def draw_corners(instance, random, most=4000):
    """All corners of all letters together, or so many of them."""
    letters = {name: letter for name, letter in instance.letters if letter.constant is None}
    corners = [x[lies_within(x, letter)] for letter in letters.values()
               for x in [list_corners(letter)]]
    places = choose_places([len(x) for x in corners], most, random)
    return {name: x[places[:, i]] for i, (name, x) in enumerate(zip(letters, corners))}
