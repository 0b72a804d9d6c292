# SPDX-License-Identifier: LGPL-2.1-or-later
"""Whether a graph computes the same optimised, as it is written and by NumPy.

Integers, booleans, shapes and dtypes are to be equal, and with exact rules alone all bits, but for
the order in which a sum is added.  Floats may differ as far as rounding explains: by the spread of
samples in which every operator errs at random (see interpreter.Sample).  What differs by more, the
optimised form must have nearer to the value in real numbers than the written one has.
"""

import numpy as np
from gi.repository import GLib, Tg
from interpreter import (EPSILON, INEXACT, LARGEST, REDUCED, SMALLEST, SUMS, Plain, Program,
                         Sample, evaluate_reals)

# Samples that are drawn, one after the other while they do not explain what is seen.
ROUNDS = (3, 9, 27)
# An optimised form may have several operators where the written one has one, and the largest of a
# few samples is less than the largest there is.
MARGIN = 4
# Of results, in units in the last place: one operator's error on either side.
SLACK = 8
# With which values in real numbers are computed; what two of them agree on is one.
DIGITS = (50, 400, 1000)


# How much further from the real number the search may go where what is written is not right: it
# takes what is better at the mean.
LOST_BY_SEARCH = 2 ** 12
# And at one point of 24 where it is right (MAX_CHANCE of tg-search-judge.c).
LOST_BY_CHANCE = 2 ** 8


class Failure(Exception):
    """A difference that nothing explains."""

    def __init__(self, kind, output=0, expected=None, found=None, truth=None):
        super().__init__(kind)
        self.kind, self.output = kind, output
        self.expected, self.found, self.truth = expected, found, truth


class Compiled:
    """The functions of a case, in each mode, and what they return."""

    def __init__(self, case, mode=None):
        self.results, self.trace, self.refusal = {}, [], None
        for name, choice in (('reference', 'reference'), ('exact', 'exact'), ('optimised', mode)):
            try:
                function = Tg.function(case.symbols, case.outputs, mode=choice,
                                       allow_input_downcast=True)
                found = function(*case.values)
            except GLib.Error as error:
                if name == 'reference':
                    raise
                self.refusal = Failure(f'{name}: {error.message}')
                if name != 'optimised' or 'check_' not in error.message:
                    raise self.refusal from error
                return
            self.results[name] = [np.array(value) for value in found]
            if name == 'optimised':
                self.trace = [step.get_rule().get_name() for step in function.dup_trace()]
                self.graph = function.dup_optimised_graph()


def same_bits(x, y):
    if x.dtype.kind == 'c':
        return same_bits(x.real, y.real) & same_bits(x.imag, y.imag)
    if x.dtype.kind != 'f':
        return x == y
    return ((x == y) & (np.signbit(x) == np.signbit(y))) | (np.isnan(x) & np.isnan(y))


def widest(*arrays):
    """The dtype that holds what the real numbers of arrays round to."""
    return 'complex128' if any(array.dtype.kind == 'c' for array in arrays) else 'float64'


def distance(x, y):
    """Zero also between two infinities or nans."""
    wide = widest(x, y)
    with np.errstate(all='ignore'):
        result = np.abs(x.astype(wide) - y.astype(wide))
    alike = (x == y) | (np.isnan(x) & np.isnan(y))
    return np.where(alike, 0, np.where(np.isnan(result), np.inf, result))


class Judge:
    """Compares the values of a case, and draws samples as long as they are needed."""

    def __init__(self, case, seed, counts, is_searched=False):
        self.case, self.seed, self.counts = case, seed, counts
        self.is_searched = is_searched
        self.plain = case.program.evaluate(case.values, Plain())
        self.expected = [self.plain[node] for node in case.program.outputs]
        names = {node.name for node in case.program.nodes}
        self.has_sums = bool(names & (SUMS | REDUCED))
        self.has_signs = bool(names & {'signbit', 'copysign'})
        self.has_quotients = bool(names & {'remainder', 'floor_divide', 'divide', 'reciprocal'})
        self.samples = {'rounded': [], 'unreal': [], 'apart': []}
        self.far = {}
        self.reals = {}

    def draw(self, n, kind='rounded'):
        """At least so many samples, each with whether a choice in it fell otherwise."""
        drawn = self.samples[kind]
        while len(drawn) < n:
            rng = np.random.default_rng((self.seed, len(drawn), kind == 'unreal'))
            far = self.far if kind == 'apart' else None
            sample = Sample(rng, self.plain, kind == 'unreal', far)
            try:
                results = self.case.program.evaluate(self.case.values, sample)
                outputs = [results[node] for node in self.case.program.outputs]
                if kind == 'rounded':
                    self.note_errors(results)
            except (ValueError, IndexError):  # a choice decides on the shape
                outputs = None
            drawn.append((sample.flipped, outputs))
        return drawn[:n]

    def note_errors(self, results):
        """How far errors of rounding take each node."""
        for node, value in results.items():
            plain = self.plain[node]
            if node.inexact and value.shape == plain.shape:
                apart = distance(value, plain)
                self.far[node] = np.fmax(self.far.get(node, 0), np.where(
                    np.isfinite(apart), apart, 0))

    def compute_reals(self, values, digits):
        """The outputs as real numbers, or None where that fails."""
        try:
            return evaluate_reals(self.case.program, values, digits)
        except (ValueError, IndexError, OverflowError, TypeError, MemoryError):
            return None

    def truth(self, i):
        """The value in real numbers, nan where it is not known."""
        expected = self.expected[i]
        truth, before = np.full(expected.shape, np.nan), None
        for digits in DIGITS:
            if digits not in self.reals:
                self.reals[digits] = self.compute_reals(self.case.values, digits)
            values = self.reals[digits]
            if values is None or values[i].shape != expected.shape:
                return truth
            now = np.asarray(values[i], widest(expected))
            if before is not None:  # what further digits do not change
                truth = np.where(distance(before, now) <= 1e-15 * np.abs(now), now, truth)
            if not (np.isnan(truth) | (truth == 0)).any():  # of a zero, all digits may be lost
                break
            before = now
        return truth

    def spread_of_truth(self, i, truth):
        """How far rounding the values takes the real number: no algorithm does better."""
        spread = np.zeros(truth.shape)
        for k in range(ROUNDS[0]):
            sample = Sample(np.random.default_rng((self.seed, k)), self.plain)
            values = [sample.enter(node, value) for node, value in zip(
                self.case.program.symbols, self.case.values)]
            outputs = self.compute_reals(values, DIGITS[-1])
            if outputs is not None and outputs[i].shape == truth.shape:
                apart = distance(np.asarray(outputs[i], widest(self.expected[i])), truth)
                spread = np.fmax(spread, np.where(np.isfinite(apart), apart, 0))
        return spread

    def spread(self, i, samples):
        """How far rounding takes each element of an output in the samples."""
        center = self.expected[i]
        spread = np.zeros(center.shape)
        for _, outputs in samples:
            if outputs is not None and outputs[i].shape == center.shape:
                apart = distance(outputs[i], center)
                spread = np.fmax(spread, np.where(np.isfinite(apart), apart, 0))
        return spread

    def bound(self, i, samples):
        """How far rounding may take each element of an output."""
        center = self.expected[i]
        dtype = self.case.program.outputs[i].dtype
        size = np.where(np.isfinite(center), np.abs(center.astype('complex128')), 0)
        with np.errstate(over='ignore'):
            return MARGIN * self.spread(i, samples) + SLACK * (
                EPSILON[dtype] * size + SMALLEST[dtype])

    def explain(self, i, found, expected):
        """Which elements rounding explains, and which only a choice that fell otherwise."""
        inexact = self.case.program.outputs[i].dtype in INEXACT
        for n in ROUNDS:
            samples = self.draw(n)
            steady = [sample for sample in samples if not sample[0]]
            if inexact:
                near = distance(found, expected) <= self.bound(i, steady)
                close = distance(found, expected) <= self.bound(i, samples)
                # What has not one digit that is certain may be a quotient by zero too.
                close |= np.isinf(found) & (self.spread(i, samples) > np.abs(expected) / 2)
            else:
                near = np.asarray(found == expected)
                close = near
            for _, outputs in samples:
                if outputs is None or outputs[i].shape != expected.shape:
                    close = np.ones(expected.shape, bool)
                elif inexact:  # a domain that ends close by, or the range of the dtype
                    finite = np.isfinite(outputs[i])
                    close = close | (finite != np.isfinite(self.expected[i])) | (
                        ~finite & (distance(outputs[i], self.expected[i]) > 0))
                else:
                    close = close | (outputs[i] != self.expected[i])
            if close.all():
                break
        return near, close

    def compare_exact(self, i, found, expected):
        """Raises a Failure where a bit differs, or the rounding of a sum has no reason to."""
        if found.shape == expected.shape and same_bits(found, expected).all():
            return
        # A sum goes by the order of memory, in which a copy that is spared has its elements; and
        # the sign of a nan is any.
        if found.shape != expected.shape or not (
                self.has_sums or self.has_signs and self.is_unreal()):
            raise Failure('exact', i, expected, found)
        self.compare(i, found, expected, 'exact')

    def compare(self, i, found, expected, kind):
        """Raises a Failure where an element of an output differs without a reason."""
        if found.dtype != expected.dtype or (
                found.shape != expected.shape and not self.may_have_other_shapes(i)):
            raise Failure(f'{kind}: type', i, expected, found)
        if found.shape != expected.shape:
            self.counts['excused by choices'] += expected.size
            return
        if same_bits(found, expected).all():
            return
        near, close = self.explain(i, found, expected)
        self.counts['excused by choices'] += int((close & ~near).sum())
        if close.all():
            return
        truth = self.truth(i)
        right = self.is_near(i, expected, truth)
        nearer = self.is_near(i, found, truth) | (
            distance(found, truth) <= distance(expected, truth)) & ~np.isnan(truth)
        if not (close | nearer).all():
            nearer |= distance(found, truth) <= MARGIN * self.spread_of_truth(i, truth)
        self.counts['nearer to the truth'] += int((nearer & ~close).sum())
        if (close | nearer).all():
            return
        if kind == 'optimised' and found.dtype.kind in 'fc':
            apart = distance(found, expected) <= self.bound(i, self.draw(ROUNDS[-1], 'apart'))
            self.counts['computed apart'] += int((apart & ~(close | nearer)).sum())
            nearer = nearer | apart
        searched = self.is_left_to_search(expected, found, truth) & ~(close | nearer)
        self.counts['left to the search'] += int(searched.sum())
        touched = self.touched(i, expected) | (np.isnan(truth) & self.is_unreal())
        excused = (touched | self.overflows(i, found)) & ~(close | nearer)
        if kind == 'optimised' and found.dtype.kind in 'fc' and not self.is_unreal():
            excused &= ~(right & np.isnan(found))  # what is right must not become nan
        if self.has_quotients:  # of zero, by what is zero but for rounding
            excused |= np.isnan(found) & np.isnan(truth)
        if expected.dtype.kind in 'fc':  # not one digit is certain, and none is known
            excused |= np.isnan(truth) & (
                self.spread(i, self.draw(ROUNDS[-1])) > np.abs(expected) / 2)
        self.counts['excused as not real'] += int(excused.sum())
        if not (close | nearer | searched | excused).all():
            raise Failure(kind, i, expected, found, truth)

    def is_left_to_search(self, expected, found, truth):
        """Which elements are not right as they are written, so that the search may have lost some
        more bits there for the sake of others, or have lost few."""
        if not self.is_searched or expected.dtype.kind not in 'fc':
            return np.zeros(expected.shape, bool)
        lost = distance(expected, truth)
        with np.errstate(all='ignore'):
            wrong = lost > 3 * EPSILON[expected.dtype.name] * np.abs(truth)
            by_chance = distance(found, truth) <= (
                LOST_BY_CHANCE * EPSILON[expected.dtype.name] * np.abs(truth))
            return by_chance | wrong & (distance(found, truth) <= LOST_BY_SEARCH * lost)

    def is_unreal(self):
        """Whether anything on the way is not finite."""
        return not all(np.isfinite(value).all() for node, value in self.plain.items()
                       if node.inexact)

    def touched(self, i, expected):
        """Which elements depend on what is not finite, on the way or as it is written."""
        result = ~np.isfinite(expected) if expected.dtype.kind in 'fc' else np.zeros(
            expected.shape, bool)
        if not self.is_unreal():
            return result
        for _, outputs in self.draw(ROUNDS[-1], 'unreal'):
            if outputs is None or outputs[i].shape != expected.shape:
                return np.ones(expected.shape, bool)
            near = np.abs(expected) * 1e-3 if expected.dtype.kind in 'fc' else 0
            result |= distance(outputs[i], self.expected[i]) > near
        return result

    def overflows(self, i, found):
        """Which elements are infinite, or zero, where another order of the operators overflows, or
        underflows."""
        if found.dtype.kind not in 'fc':
            return np.zeros(found.shape, bool)
        large = any(node.inexact and (np.abs(value) > LARGEST[node.dtype] * 1e-6).any()
                    for node, value in self.plain.items())
        small = any(node.inexact and (
            (value != 0) & (np.abs(value) < 4 * np.sqrt(SMALLEST[node.dtype]))).any()
            for node, value in self.plain.items())
        return (np.isinf(found) & large) | ((found == 0) & small)

    def is_near(self, i, value, truth):
        if value.dtype.kind not in 'fc':
            return value == truth
        dtype = self.case.program.outputs[i].dtype
        with np.errstate(all='ignore'):
            allowed = self.bound(i, [s for s in self.draw(ROUNDS[-1]) if not s[0]])
            allowed = np.fmin(allowed, np.abs(truth) / 4) + SLACK * (
                EPSILON[dtype] * np.abs(truth) + SMALLEST[dtype])
        return distance(value, truth) <= allowed

    def may_have_other_shapes(self, i):
        """Whether a choice decides on the shape, as in `nonzero`."""
        return any(outputs is None or outputs[i].shape != self.expected[i].shape
                   for kind in ('rounded', 'unreal') for _, outputs in self.draw(ROUNDS[-1], kind))


def leaves_range(graph, values):
    """Whether anything that a graph computes is so small that it has lost digits, or infinite: the
    search looks at numbers that people use most, where it knows no range."""
    program = Program([graph.get_input(i) for i in range(graph.get_n_inputs())],
                      [graph.get_output(i) for i in range(graph.get_n_outputs())])
    try:
        results = program.evaluate(values, Plain())
    except (KeyError, ValueError, TypeError):
        return False
    with np.errstate(all='ignore'):
        return any((((value != 0) & (np.abs(value) < np.finfo(value.dtype).tiny))
                    | ~np.isfinite(value)).any()
                   for value in map(np.asarray, results.values()) if value.dtype.kind in 'fc')


def examine(case, seed=0, mode=None, counts=None):
    """The rules that fired; a Failure where the values differ."""
    counts = {} if counts is None else counts
    for name in ('elements', 'excused by choices', 'nearer to the truth', 'computed apart',
                 'left to the search', 'excused as not real'):
        counts.setdefault(name, 0)
    compiled = Compiled(case, mode)
    results = compiled.results
    judge = None
    if compiled.refusal:  # a check lets nan pass, and not what that is once it is a number
        if not Judge(case, seed, counts).is_unreal():
            raise compiled.refusal
        counts['excused by choices'] += 1
        return compiled.trace
    for i, node in enumerate(case.program.outputs):
        written, optimised = results['reference'][i], results['optimised'][i]
        counts['elements'] += written.size
        judge = judge or Judge(case, seed, counts, 'search' in compiled.trace)
        judge.compare_exact(i, results['exact'][i], written)
        judge.compare(i, written, judge.expected[i], 'numpy')
        try:
            judge.compare(i, optimised, written, 'optimised')
        except Failure:
            # The range of float16 is so narrow that another order of the factors leaves it.
            may_leave = 'search' in compiled.trace or any(
                node.dtype == 'float16' for node in case.program.nodes)
            if not may_leave or not leaves_range(compiled.graph, case.values):
                raise
            counts['left to the search'] += optimised.size
    return compiled.trace
