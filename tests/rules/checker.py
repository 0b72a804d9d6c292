# SPDX-License-Identifier: LGPL-2.1-or-later
"""Holds rules to what they promise: all that is done with one rule, and what came of it."""

import os
from dataclasses import dataclass, field

import numpy as np

from . import firing, points, promises, truth
from .algebra import Tg, read_rule
from .instances import choose_instances

# How much is done: instances for each rule, those of them that are tried at points, the points
# of the first and of the others, and those among which the points are chosen.
SIZES = {
    'quick': {'instances': 16, 'tried': 5, 'groups': 4, 'few': 1, 'searched': 80, 'exact': 300},
    'large': {'instances': 24, 'tried': 8, 'groups': 12, 'few': 1, 'searched': 600,
              'exact': 3000},
}
SIZE = SIZES[os.environ.get('TG_TEST_RULES', 'quick')]


@dataclass
class Report:
    """What was found of a rule."""
    algebra: object
    instances: int = 0
    fired: int = 0
    fires_among_all: bool = None    # and not only by itself; None for one of the search
    negatives: int = 0              # instances that violate a condition
    others: int = 0                 # expressions that are nearly the left side
    points: int = 0
    unsettled: int = 0
    gain: float = 0.0
    unviolated: list = field(default_factory=list)   # conditions that no instance violates
    counterexample: object = None
    problems: list = field(default_factory=list)

    @property
    def is_right(self):
        return self.counterexample is None and not self.problems

    def __str__(self):
        rule = self.algebra.rule
        if self.is_right:
            return f'ok {self.algebra.place}: {self.points} points, {self.fired} instances'
        return '\n'.join([f'WRONG {self.algebra.place}: {rule.get_text()}', *self.problems,
                          *([str(self.counterexample)] if self.counterexample else [])])


def make_sides(algebra, instance, text=None, symbols=None):
    """Both sides as the library has them, or as they are written where rules go round.  Another
    text than the left side is one that the rule fires for too."""
    symbols = symbols or instance.make_symbols()
    step = firing.find_step(algebra, text or instance.write(algebra.left), symbols,
                            firing.narrow(algebra))
    if isinstance(step, Tg.TraceStep):
        sides = step.get_before(), step.get_after()
    elif text:
        return None
    else:
        sides = (Tg.parse(instance.write(side), **symbols)
                 for side in (algebra.left, algebra.right))
    return promises.Sides(algebra, instance, symbols, *sides)


def find_instances(algebra, report):
    """Sorts instances into those at which the rule fires; those at which it must not are tried."""
    positives, negatives = choose_instances(algebra, SIZE['instances'])
    fired = [each for each in positives if firing.fires(algebra, each)]
    if not fired:
        fired = [other for each in positives[:3]
                 for other in firing.list_permutations(algebra, each)
                 if firing.fires(algebra, other)]
    report.instances, report.fired = len(positives), len(fired)
    if not fired:
        report.problems.append('it fires for none of its instances')
        return []
    for index, condition in enumerate(algebra.conditions):
        check_negatives(algebra, report, condition, negatives.get(index, []))
    check_others(algebra, report, fired[0])
    if not algebra.is_search:
        report.fires_among_all = any(firing.fires(algebra, each, firing.make_mode_of_all(algebra))
                                     for each in fired)
    return fired


def check_negatives(algebra, report, condition, instances):
    """No instance may fire that violates a condition; what is but assumed may be unknown to the
    library, but not always."""
    firing_ones = [each for each in instances if firing.fires(algebra, each)
                   and not firing.is_fulfilled_otherwise(algebra, each)]
    report.negatives += len(instances) - len(firing_ones)
    if len(firing_ones) == len(instances):
        report.unviolated.append(condition.text)
    if firing_ones and not condition.assumed:
        report.problems.append(f'it fires without “{condition.text}”: '
                               + firing_ones[0].write(algebra.left))


def check_others(algebra, report, instance):
    """Where its promise is not enough a rule may not fire; nor for expressions that are nearly its
    left side, unless it is right for them: 3 / exp(x) is 3 times 1 / exp(x)."""
    if firing.fires(algebra, instance, firing.make_mode_without(algebra)):
        report.problems.append('it fires in a mode without its promise')
    for text, symbols, instance in firing.list_admitted_others(algebra, instance):
        sides = make_sides(algebra, instance, text, symbols)
        if sides is None:
            report.others += 1
        else:
            report.counterexample = report.counterexample or try_sides(
                algebra, sides, report, points.Sampler(2), 2)


def list_holding(algebra, values, instance):
    """The points at which all comparisons hold, an element each."""
    holding = None
    exact = {name: truth.as_numbers(x) for name, x in values.items()}
    for condition in algebra.conditions:
        if condition.word is not None or not set(condition.letters) <= set(values):
            continue
        symbols = instance.make_symbols()
        check = Tg.parse(condition.text, **{name: symbols[name] for name in condition.letters})
        with promises.mp.workprec(promises.LEAST_BITS):
            found = truth.evaluate(check, exact)
        found = np.array([x is True or x is np.True_ for x in found.ravel()]).reshape(found.shape)
        holding = found if holding is None else holding & found
    return holding


def find_widest(operators):
    return 8 if operators & truth.SLOW else None


def find_distances(left, right):
    """How far computed numbers are apart: 2 where the second alone is none, or one is infinite."""
    with np.errstate(all='ignore'):
        left, right = left.astype(float), right.astype(float)
        scale = np.maximum(np.abs(left), np.abs(right))
        distance = np.where(left == right, 0, np.abs(left - right) / scale)
    is_lost = (np.isnan(right) & ~np.isnan(left)) | (np.isinf(left) != np.isinf(right))
    return np.where(is_lost, 2, np.nan_to_num(distance, posinf=1))


def choose_groups(algebra, sides, values, n):
    """Groups of neighbours at which the computed sides differ most, and others; those points alone
    at which all that is assumed holds.  One may be computed to be no number, as of inf - inf."""
    left, right = (side.reshape(-1, points.GROUP) for side in sides.compute(values))
    distances = find_distances(left, right) if sides.dtype != 'complex128' else (
        left != right).astype(float)
    holding = list_holding(algebra, values, sides.instance)
    holding = np.full(left.shape, True) if holding is None else holding.reshape(left.shape)
    places = np.arange(left.size).reshape(left.shape)
    places = np.where(holding, places, np.take_along_axis(
        places, holding.argmax(axis=1)[:, None], axis=1))
    is_number = ~(np.isnan(left) & holding).any(axis=1)
    order = np.argsort(-np.where(holding, distances, 0).max(axis=1), kind='stable')
    numbers = [group for group in order if holding[group].any() and is_number[group]]
    others = [group for group in order if holding[group].any() and not is_number[group]]
    rest = numbers[n // 2:]
    chosen = (numbers[:n // 2] + others[:max(1, n - len(numbers))]
              + rest[::max(1, len(rest) // (n - n // 2))])[:n]
    return {name: x[places[chosen].ravel()] for name, x in values.items()}


def try_flat(algebra, sides, report, sampler, n):
    """Points as the elements of vectors."""
    sampler.is_moderate = False
    drawn = sampler.draw(sides.instance, SIZE['searched'])
    plain = sampler.draw_plain(sides.instance, SIZE['searched'] * points.GROUP)
    values = {name: np.concatenate([drawn[name], plain[name]]) for name in drawn}
    return compare(algebra, sides, report, choose_groups(algebra, sides, values, n))


def try_arrays(algebra, sides, report, sampler, n):
    """Arrays of other shapes, one after the other."""
    for place in range(4 * n):
        sampler.is_moderate = place % 2 == 0
        arrays = points.cut(sides.instance, sampler.draw(sides.instance, 3))
        if not sides.takes(arrays):
            break
        holding = list_holding(algebra, arrays, sides.instance)
        found = None if holding is not None and not holding.all() else compare(
            algebra, sides, report, arrays)
        if found:
            return found
    return None


def compare(algebra, sides, report, values):
    """Compares the sides at some points by what the rule promises."""
    if not any(x.size for x in values.values()):
        return None
    is_slow = sides.operators & truth.SLOW
    settled = promises.settle(sides, values, 3000 if is_slow else promises.MOST_BITS)
    report.points += int(np.sum(settled.kinds == promises.EQUAL))
    report.unsettled += int(np.sum(settled.kinds >= promises.UNSETTLED))
    found = promises.find_other_number(sides, values, settled)
    if found:
        return found
    if not promises.is_float(sides):
        return None if sides.dtype == 'complex128' else promises.find_other_integer(
            sides, values, settled)
    errors, computed = promises.measure_all(sides, values, settled)
    found = None
    if not algebra.is_search:
        found = promises.find_lost_number(sides, values, errors, computed)
    if found or algebra.promise != 'stable':
        return found
    worst, known = promises.group_errors(sides, errors)
    report.gain = max([report.gain, *(worst[0] - worst[1])[known]])
    return promises.find_larger_error(sides, values, errors, computed)


def try_bits(sides, report, sampler):
    """Exact rules: corners together, all binades and, where it is arrays, arrays of them."""
    instance = sides.instance
    corners = points.draw_corners(instance, sampler.random)
    drawn = sampler.draw(instance, SIZE['exact'] // points.GROUP)
    values = {name: np.concatenate([corners[name], drawn[name]]) for name in corners}
    if sides.is_flat:
        report.points += len(next(iter(values.values()), ()))
        return promises.find_other_bits(sides, values)
    for _ in range(20):
        arrays = points.cut(instance, {name: sampler.random.permutation(x)
                                       for name, x in values.items()})
        if not sides.takes(arrays):
            break
        report.points += max([x.size for x in arrays.values()], default=0)
        found = promises.find_other_bits(sides, arrays)
        if found:
            return found
    return None


def try_sides(algebra, sides, report, sampler, n):
    if algebra.promise == 'exact':
        return try_bits(sides, report, sampler)
    sampler.widest = find_widest(sides.operators)
    return (try_flat if sides.is_flat else try_arrays)(algebra, sides, report, sampler, n)


def list_aspects(instance):
    """What tells instances apart: together dtypes, shapes, parameters, ranges and constants."""
    letters = [letter for _, letter in instance.letters]
    return (tuple(letter.dtype for letter in letters), tuple(letter.shape for letter in letters),
            instance.attributes, tuple((x.low, x.high, x.nonzero, x.constant) for x in letters))


def choose_tried(fired):
    """Those at which the rule fires, first some that have most of what others have not; a flat one
    has most points."""
    left, chosen = list(fired), []
    while left and len(chosen) < SIZE['tried']:
        seen = [set(aspect) for aspect in zip(*map(list_aspects, chosen))] or [set()] * 4

        def count_new(instance):
            return sum(1 / (1 + len(known)) for aspect, known in zip(list_aspects(instance), seen)
                       if aspect not in known)
        chosen.append(max(left, key=count_new))
        left.remove(chosen[-1])
    return sorted(chosen, key=lambda each: not points.is_flat(each)) + left


def check_rule(rule, seed=1):
    """All that can be said of a Tg.Rule."""
    algebra = read_rule(rule)
    report = Report(algebra)
    sampler = points.Sampler(seed)
    truth.NOISE.seed(seed)  # so that no rule depends on those before it
    fired = find_instances(algebra, report)
    for place, instance in enumerate(choose_tried(fired)):
        if report.counterexample or (
                place >= SIZE['tried'] and report.points and algebra.promise != 'exact'):
            break
        report.counterexample = try_sides(algebra, make_sides(algebra, instance), report, sampler,
                                          SIZE['few' if place else 'groups'])
    if fired and not report.points:
        report.problems.append('no points were found at which its left side is defined')
    return report


def check_text(text, name):
    """Reports of the rules in a text."""
    for rule in Tg.RuleSet.new(text, name):
        yield check_rule(rule)
