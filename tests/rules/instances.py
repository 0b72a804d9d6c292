# SPDX-License-Identifier: LGPL-2.1-or-later
"""Typed instances of the left side of a rule: dtypes, shapes, constants, axes and ranges."""

import ast
import fractions
import itertools
import math
import random
from dataclasses import dataclass, replace

import numpy as np
from gi.repository import GLib

from .algebra import PARAMETER, SIGNED, Tg, substitute

DTYPES = ('float64', 'float32', 'int64', 'int32', 'uint8', 'bool', 'complex128', 'float16')
FLOATS = {'float64', 'float32', 'float16'}
INTEGERS = {'int64', 'int32', 'uint8'}
INF = math.inf
# Ends of ranges, and whether zero is left out.
RANGES = ((-INF, INF, True), (0, INF, True), (0, INF, False), (-INF, 0, True), (-INF, 0, False),
          (0.125, 0.75, False), (2, 3, False), (4, 7, False), (-3, -2, False), (0, 0, False),
          (1, 1, False))
CONSTANTS = ('2.0', '3.0', '0.25', '-4.0', '1.0', '-1.0', '0.0', '2.5', '0.5')
# For each kind of parameter the values that are tried.
VALUES = {
    'axes': ('[0]', 'all', '[1]', '[0, 1]'),
    'ints': ('[1, 0]', '[0, 1]', '[1, 2, 0]', '[2, 0, 1]', '[0]', '[1]'),
    'int': ('0', '1'),
    'bool': ('false', 'true'),
    'dtype': ('float64', 'float32', 'int64', 'bool'),
}
STATIC = ((2, 3), (None, None), (3,), (), (None,), (3, 2), (1, 3), (3, 3), (1, 1), (2, 1))
# For each kind of input that is integers, shapes and places among them, those that are tried.
TARGETS = {
    'ints': ('[2, 3]', '[3, 2]', '[1, 2, 3]', '[6]', '[3]', '[4, 3]', '[0]', '[1]'),
    'int': ('0', '1'),
    'positions': ('i64([0, 1])', 'i64([[0], [1]])', 'i64([[0, 1]])'),
}
# Words of conditions by what they are about.
ABOUT_SHAPES = {'scalar', 'vector', 'matrix'}
ABOUT_NUMBERS = {'constant', 'number', 'power_of_two', 'whole', 'even', 'counts', 'shares',
                 'normal', 'exact_difference'}


@dataclass(frozen=True)
class Letter:
    """What an expression that a letter stands for is like."""
    dtype: str = 'float64'
    shape: tuple = ()
    low: float = -INF
    high: float = INF
    nonzero: bool = False
    constant: str = None     # the text of a number, or of a list of integers
    reused: bool = False     # whether something else is computed of it too

    @property
    def number(self):
        return float(self.constant)

    def write(self, name):
        """The letter in the notation."""
        if self.constant is not None:
            text = f'({self.constant})' if self.constant.startswith('-') else self.constant
            for size in () if '[' in text else reversed(self.shape):
                text = '[' + ', '.join([text.strip('()')] * (size or 1)) + ']'
            return text
        known = [f'low={self.low!r}' if self.low > -INF else '',
                 f'high={self.high!r}' if self.high < INF else '',
                 'nonzero=true' if self.nonzero else '']
        known = ', '.join(filter(None, known))
        return f'assume({name}, {known})' if known else name

    def with_range(self, low, high, nonzero):
        return replace(self, low=low, high=high, nonzero=nonzero)


@dataclass(frozen=True)
class Instance:
    """What each letter of a rule stands for."""
    letters: tuple           # pairs of a name and a Letter
    attributes: tuple        # pairs of a name and a text

    def get(self, name):
        return dict(self.letters)[name]

    def get_attribute(self, name):
        return dict(self.attributes)[name]

    def make_symbols(self):
        return {name: Tg.tensor(letter.dtype, letter.shape, name)
                for name, letter in self.letters if letter.constant is None}

    def write(self, text):
        """A side of the rule, or a condition, with what the letters stand for."""
        values = {name: letter.write(name) for name, letter in self.letters}
        return substitute(substitute_attributes(text, dict(self.attributes)), values)

    def describe(self):
        parts = [f'{name}: {letter.dtype}{list(letter.shape)}' if letter.constant is None else
                 f'{name} = {letter.constant}' for name, letter in self.letters]
        return ', '.join(parts + [f'{name} = {value}' for name, value in self.attributes])


def substitute_attributes(text, values):
    return PARAMETER.sub(
        lambda match: f'{match[1]}={values.get(match[2], match[2])}', text)


# What the words of conditions mean, said once more and apart from the library.

def get_dtype(letter):
    """A number that is written has the dtype of floats."""
    return letter.dtype if letter.constant is None else 'float64'


def read_list(text):
    return [int(part) for part in text.strip('[]').split(',') if part.strip()]


def read_axes(text, ndim):
    return range(ndim) if text == 'all' else read_list(text)


def is_lossless(dtype, other):
    return np.can_cast(dtype, other, 'safe') and not (dtype == 'int64' and other == 'float64')


def passes(x, by, to):
    """Integers wrap around where floats do not."""
    integers = ['int' in dtype for dtype in (x.dtype, by, to)]
    return is_lossless(x.dtype, by) and (integers != [True, False, True]
                                         or is_lossless(x.dtype, to))


def power_of_two(x):
    return (x.constant is not None and x.number != 0 and math.frexp(abs(x.number))[0] == 0.5
            and abs(math.frexp(x.number)[1]) < 120)


def normal(c, d, x):
    if c.constant is None or d.constant is None:
        return False
    product, dtype = abs(c.number * d.number), np.dtype(get_dtype(x))
    return product == 0 or dtype.kind != 'f' or bool(
        np.finfo(dtype).tiny <= product <= np.finfo(dtype).max)


def exact_difference(c, d, x):
    if c.constant is None or d.constant is None or get_dtype(x) not in ('float32', 'float64'):
        return False
    difference = fractions.Fraction(c.number) - fractions.Fraction(d.number)
    return fractions.Fraction(float(np.dtype(get_dtype(x)).type(float(difference)))) == difference


def has_shape(x, s):
    return s.constant is not None and list(x.shape) == read_list(s.constant)


def same_shape(x, y):
    """Dimensions that are not known are of two symbols, and may differ."""
    return x.shape == y.shape and None not in x.shape


def count(x, a):
    sizes = [x.shape[axis] for axis in read_axes(a, len(x.shape))]
    return None if None in sizes else math.prod(sizes)


WORDS = {
    'constant': lambda x: x.constant is not None,
    'number': lambda x: x.constant is not None,
    'once': lambda x: not x.reused,
    'scalar': lambda x: len(x.shape) == 0,
    'vector': lambda x: len(x.shape) == 1,
    'matrix': lambda x: len(x.shape) == 2,
    'float': lambda x: get_dtype(x) in FLOATS,
    'inexact': lambda x: get_dtype(x) in FLOATS | {'complex128'},
    'real': lambda x: get_dtype(x) != 'complex128',
    'integer': lambda x: get_dtype(x) in INTEGERS,
    'boolean': lambda x: get_dtype(x) == 'bool',
    'power_of_two': power_of_two,
    'whole': lambda x: x.constant is not None and x.number == math.floor(x.number),
    'even': lambda x: x.constant is not None and x.number % 2 == 0,
    'same_shape': same_shape,
    'same_dtype': lambda x, y: get_dtype(x) == get_dtype(y),
    'same_ndim': lambda x, y: len(x.shape) == len(y.shape),
    'unit_axes': lambda x, a: all(x.shape[axis] == 1 for axis in read_axes(a, len(x.shape))),
    'counts': lambda c, x, a: c.constant is not None and c.number == count(x, a),
    'shares': lambda c, x, a: (c.constant is not None and count(x, a) is not None
                               and c.number * count(x, a) == 1),
    'normal': normal,
    'exact_difference': exact_difference,
    'identity': lambda a: read_list(a) == sorted(read_list(a)),
    'inverse': lambda a, b: [read_list(a)[i] for i in read_list(b)] == sorted(read_list(a)),
    'dtype': lambda x, d: x.dtype == d,
    'passes': passes,
    'has_shape': has_shape,
}


def list_corners(letter):
    """Numbers of a range that conditions are tried at."""
    if letter.constant is not None:
        return [letter.number]
    low, high = max(letter.low, -1e3), min(letter.high, 1e3)
    numbers = {low, high, (low + high) / 2} | {
        x for x in (-2.0, -1.0, -1e-3, 0.0, 1e-3, 0.5, 1.0, 2.0) if low <= x <= high}
    return sorted(x for x in numbers if x != 0 or not letter.nonzero)


def try_comparison(condition, instance):
    """Whether a comparison holds at each of many points of the ranges."""
    names = condition.letters
    grid = np.array(list(itertools.product(*(list_corners(instance.get(name)) for name in names))))
    check = compile_comparison(condition.text, names)
    with np.errstate(all='ignore'):
        return check(*grid.T)


_comparisons = {}


def compile_comparison(text, names):
    if text not in _comparisons:
        symbols = [Tg.dvector(name) for name in names]
        _comparisons[text] = Tg.function(
            symbols, Tg.parse(text, **dict(zip(names, symbols))), mode='reference')
    return _comparisons[text]


def holds(condition, instance):
    """True, False, or None for what is only taken for granted."""
    if condition.word is not None:
        return bool(WORDS[condition.word](*(
            dict(instance.letters + instance.attributes)[name] for name in condition.letters)))
    found = try_comparison(condition, instance)
    if not condition.assumed:
        return bool(found.all())
    return True if found.all() else None if found.any() else False


def is_asked(algebra, name, words):
    """Whether a condition by one of these words, None for a comparison, is about the letter."""
    return any(condition.word in words and name in condition.letters
               for condition in algebra.conditions)


def list_numbers(algebra, name):
    """Constants that a letter may be, where conditions ask for one: they name it first."""
    is_number = any(condition.word in ABOUT_NUMBERS and condition.letters[0] == name
                    for condition in algebra.conditions)
    return CONSTANTS if is_number else ()


def list_ranges(algebra, name):
    """Ranges that a letter may lie in, where a comparison is about it: also those that end where
    it is compared with a number."""
    if not is_asked(algebra, name, {None}):
        return [(-INF, INF, False)]
    ends = {float(number) for condition in algebra.conditions
            if condition.word is None and condition.letters == (name,)
            for number in SIGNED.findall(condition.text)} - {0.0}
    return [(-INF, INF, False), *((end, INF, False) for end in sorted(ends)),
            *((-INF, end, False) for end in sorted(ends)), *RANGES]


def vary_values(algebra, base):
    """The ways in which letters of conditions are constants, or lie in ranges."""
    choices = []
    for name in algebra.letters:
        letter = base.get(name)
        if name in algebra.shapes:
            choices.append([letter])
        else:
            static = tuple(size or 1 for size in letter.shape)
            choices.append([replace(letter, constant=number, shape=static)
                            for number in list_numbers(algebra, name)]
                           + [letter.with_range(*ends) for ends in list_ranges(algebra, name)]
                           + [replace(letter, reused=True)] * is_asked(algebra, name, {'once'}))
    for letters in itertools.product(*choices):
        yield Instance(tuple(zip(algebra.letters, letters)), base.attributes)


def list_shapes(algebra):
    """Shapes for the letters together."""
    letters = [name for name in algebra.letters if name not in algebra.shapes]
    n = len(letters)
    if algebra.is_elementwise:
        several = [(2, 3), (3,), (2, 1), ()]
        yield from ([(None,)] * n, [()] * n, several[:n] + [()] * (n - 4), [(2, 3)] * n,
                    ([(3,), (2, 3)] * n)[:n], ([(None, None), (None,)] * n)[:n],
                    ([(1,), (None,)] * n)[:n], [()] * (n - 1) + [(None,)])
        return
    static = STATIC
    if 'size (' in algebra.left:   # which is a constant where shapes are known
        static = sorted(STATIC, key=lambda shape: None not in shape)
    counts = {condition.letters[0] for condition in algebra.conditions
              if condition.word in ('counts', 'shares')}
    yield from ([() if name in counts else shape for name in letters] for shape in static)
    if n > 1:
        mixed = [list(shapes) for shapes in itertools.product(STATIC[:7], repeat=n)
                 if len(set(shapes)) > 1]
        random.Random(1).shuffle(mixed)
        yield from mixed


def list_dtypes(algebra):
    letters = [name for name in algebra.letters if name not in algebra.shapes]
    n = len(letters)
    yield from ([dtype] * n for dtype in DTYPES)
    if n > 1:
        yield from ((list(pair) * n)[:n] for pair in (
            ('float64', 'float32'), ('float32', 'float64'), ('int64', 'float64'),
            ('float32', 'int64'), ('bool', 'float64'), ('int64', 'bool'),
            ('complex128', 'float64'), ('float64', 'complex128'), ('uint8', 'int32')))


def make_instance(algebra, dtypes, shapes, attributes, targets):
    letters, place = [], 0
    for name in algebra.letters:
        if name in algebra.shapes:
            target = targets[list(algebra.shapes).index(name)]
            shape = np.shape(ast.literal_eval(target.removeprefix('i64(').removesuffix(')')))
            letters.append((name, Letter('int64', shape, constant=target)))
        else:
            letters.append((name, Letter(dtypes[place], tuple(shapes[place]))))
            place += 1
    return Instance(tuple(letters), tuple(zip(algebra.attributes, attributes)))


def is_admitted(algebra, instance):
    """Whether the library takes the left side with these types, and it is not empty."""
    try:
        left = Tg.parse(instance.write(algebra.left), **instance.make_symbols())
    except GLib.GError:
        return False
    return 0 not in left.get_tensor_type().get_shape()


def list_layouts(algebra):
    """Shapes, parameters and what letters that are shapes are; each with a frame that has it."""
    attributes = itertools.product(*(VALUES[kind] for kind in algebra.attributes.values()))
    targets = list(itertools.product(*(TARGETS[kind] for kind in algebra.shapes.values())))
    n = len(algebra.letters)
    for layout in itertools.product(list_shapes(algebra), list(attributes), targets):
        for dtype in ('float64', 'bool', 'int64'):
            frame = make_instance(algebra, [dtype] * n, *layout)
            if is_admitted(algebra, frame):
                yield frame, layout
                break


def put_into(algebra, frame, pattern):
    """The types of one instance with the constants and ranges of another, and what shapes it has
    that conditions ask for."""
    letters = []
    for name, letter in frame.letters:
        like = pattern.get(name)
        if name not in algebra.shapes:
            keeps = like.constant is not None or is_asked(algebra, name, ABOUT_SHAPES)
            letter = replace(like, dtype=letter.dtype, shape=like.shape if keeps else letter.shape)
        letters.append((name, letter))
    return Instance(tuple(letters), frame.attributes)


@dataclass(frozen=True)
class Candidate:
    """An instance, and for each condition of the rule whether it holds."""
    instance: Instance
    conditions: tuple

    @property
    def is_positive(self):
        return False not in self.conditions

    @property
    def violated(self):
        """The one condition that does not hold, if it is one."""
        return self.conditions.index(False) if self.conditions.count(False) == 1 else None


class Chooser:
    """Takes instances until there are enough of each kind."""

    def __init__(self, algebra, most_positive, most_negative):
        self.algebra = algebra
        self.most_positive, self.most_negative = most_positive, most_negative
        self.seen = set()
        self.negatives = {}      # for each condition those that violate it alone
        self.positives = []

    def take(self, instance, most):
        """Adds an instance where it is of use; whether it fulfils all conditions."""
        if instance in self.seen:
            return False
        self.seen.add(instance)
        candidate = Candidate(instance, tuple(
            holds(each, instance) for each in self.algebra.conditions))
        if candidate.is_positive and len(self.positives) < most and is_admitted(
                self.algebra, instance):
            self.positives.append(instance)
        elif candidate.violated is not None:
            several = self.negatives.setdefault(candidate.violated, [])
            if len(several) < self.most_negative and is_admitted(self.algebra, instance):
                several.append(instance)
        return candidate.is_positive

    def lacks(self, words):
        """Whether one of these conditions is not yet violated alone."""
        return not self.positives or any(
            i not in self.negatives for i, each in enumerate(self.algebra.conditions)
            if each.word in words)

    def vary_letters(self, layouts):
        """What letters of conditions are, until all that fulfil and violate them were there."""
        fulfilling = self.vary_frames(layouts[:30])
        if not fulfilling:
            fulfilling = self.vary_frames([
                (make_instance(self.algebra, kinds, *layout), layout)
                for _, layout in layouts[:3] for kinds in list_dtypes(self.algebra)])
        return fulfilling

    def vary_frames(self, layouts):
        fulfilling = []
        for frame, layout in layouts:
            before = len(self.positives)
            for instance in vary_values(self.algebra, frame):
                if self.take(instance, before + 3):
                    fulfilling.append((instance, layout))
            if not self.lacks({None, 'once'} | ABOUT_SHAPES | ABOUT_NUMBERS):
                break
        return fulfilling

    def vary_types(self, layouts, fulfilling):
        patterns = list({instance.letters: instance for instance, _ in fulfilling}.values())[:2]
        known = list({str(layout): layout for _, layout in fulfilling}.values())[:3]
        for kinds in list_dtypes(self.algebra):
            for layout in known + ([layout for _, layout in layouts]
                                   if 'dtype' in self.algebra.attributes.values() else []):
                for pattern in patterns:
                    self.take(put_into(self.algebra, make_instance(
                        self.algebra, kinds, *layout), pattern),
                              self.most_positive * 2 // 3)
        for frame, _ in layouts:
            for pattern in patterns:
                self.take(put_into(self.algebra, frame, pattern), self.most_positive)


def choose_instances(algebra, most_positive=24, most_negative=4):
    """Instances that fulfil all conditions, and for each condition some that violate it alone."""
    chooser = Chooser(algebra, most_positive, most_negative)
    layouts = list(itertools.islice(list_layouts(algebra), 60))
    fulfilling = chooser.vary_letters(layouts)
    chooser.vary_types(layouts, fulfilling)
    return chooser.positives, chooser.negatives
