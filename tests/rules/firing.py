# SPDX-License-Identifier: LGPL-2.1-or-later
"""Functions that are compiled with one rule, and what their traces say."""

import functools
import itertools
import re

from gi.repository import GLib

from .algebra import LETTER, LITERALS, NUMBER, PARAMETER, Tg
from .instances import Instance, VALUES, holds

FILES = ('exact.rules', 'real.rules', 'stable.rules', 'fast.rules', 'final.rules', 'search.rules')
ALL_PROMISES = 'exact,real,stable,fast'
# The name of a symbol that no rule has.
OTHER = 'other'


@functools.lru_cache(1000)
def make_mode(heading, text, promises=ALL_PROMISES):
    """A mode that has one rule, and no search."""
    words = [promises, '-search', *('-' + name for name in FILES)]
    mode = Tg.Mode.new_from_string(','.join(words))
    mode.add_rules(Tg.RuleSet.new(f'[{heading}]\n{text}\n', 'own'))
    return mode


def narrow(algebra):
    """The mode of this rule alone; one of the search is applied as the others are."""
    return make_mode(algebra.promise, algebra.rule.to_string())


def make_mode_of_all(algebra):
    """The mode of all rules; one that is not the library's is tried before these."""
    mode = Tg.Mode.new_from_string(ALL_PROMISES + ',-search')
    if algebra.rule.get_file() not in FILES:
        mode.add_rules(Tg.RuleSet.new(f'[{algebra.promise}]\n{algebra.rule.to_string()}\n', 'own'))
    return mode


def make_mode_without(algebra):
    """The mode of this rule alone, of promises among which its own is not."""
    others = [word for word in ALL_PROMISES.split(',') if word != algebra.promise]
    return make_mode(algebra.promise, algebra.rule.to_string(), ','.join(others))


def find_step(algebra, text, symbols, mode, others=()):
    """The first step that a function of this expression takes by the rule; None without one, and
    the text of the message where rules go round."""
    try:
        function = Tg.function(list(symbols.values()),
                               [Tg.parse(each, **symbols) for each in (text, *others)],
                               mode=mode, on_unused_input='ignore')
    except GLib.GError as error:
        if not error.matches(Tg.CompileError.quark(), Tg.CompileError.RULES):
            raise
        return error.message
    name = algebra.rule.get_name()
    return next((step for step in function.dup_trace() if step.get_rule().get_name() == name), None)


def fires(algebra, instance, mode=None):
    """Whether the rule takes a step in an instance of its left side."""
    others = [f'exp ({letter.write(name)})' for name, letter in instance.letters if letter.reused]
    return find_step(algebra, instance.write(algebra.left), instance.make_symbols(),
                     mode or narrow(algebra), others) is not None


def list_permutations(algebra, instance):
    """The same instance with what letters stand for exchanged among them: sums and products match
    in any order, and constants that stand next to each other are folded before a rule sees them."""
    names = [name for name in algebra.letters if name not in algebra.shapes]
    for order in itertools.permutations(names):
        exchanged = dict(zip(names, order))
        yield Instance(tuple((name, instance.get(exchanged.get(name, name)))
                             for name in algebra.letters), instance.attributes)


def is_fulfilled_otherwise(algebra, instance):
    """Whether all conditions hold once the letters are taken in another order."""
    return any(all(holds(each, other) is not False for each in algebra.conditions)
               for other in list_permutations(algebra, instance))


# Expressions that are nearly the left side

def replace_at(text, match, replacement):
    return text[:match.start()] + replacement + text[match.end():]


def list_other_numbers(left):
    """The left side with another number, but in lists of axes."""
    plain = re.sub(r'\[[^\]]*\]', lambda match: '#' * len(match[0]), left)
    for match in NUMBER.finditer(plain):
        yield replace_at(left, match, f'{2 * float(match[0]) + 1:g}')


def list_other_letters(algebra):
    """The left side with something else in one of the places of a letter that it has twice."""
    seen = set()
    for match in LETTER.finditer(algebra.left):
        name = match[1]
        is_expression = name in algebra.letters and name not in algebra.shapes
        if is_expression and name in seen:
            yield name, replace_at(algebra.left, match, OTHER)
        seen.add(name)


def list_other_parameters(algebra, instance):
    """The left side with another value for one of the parameters that are the same."""
    seen = set()
    for match in PARAMETER.finditer(algebra.left):
        name = match[2]
        if name in seen and name not in LITERALS:
            for value in VALUES[algebra.attributes[name]]:
                if value != instance.get_attribute(name):
                    yield replace_at(algebra.left, match, f'{match[1]}={value}')
        seen.add(name)


def list_others(algebra, instance):
    """Expressions that the rule is not about, with their symbols and what these stand for."""
    symbols = instance.make_symbols()
    for text in itertools.chain(list_other_numbers(algebra.left),
                                list_other_parameters(algebra, instance)):
        yield instance.write(text), symbols, instance
    for name, text in list_other_letters(algebra):
        letter = instance.get(name)
        if letter.constant is None:
            known = Instance(instance.letters + ((OTHER, letter),), instance.attributes)
            yield known.write(text), known.make_symbols(), known


def list_admitted_others(algebra, instance):
    for text, symbols, known in list_others(algebra, instance):
        try:
            Tg.parse(text, **symbols)
        except GLib.GError:
            continue
        yield text, symbols, known
