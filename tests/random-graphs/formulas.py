# SPDX-License-Identifier: LGPL-2.1-or-later
"""Formulas that rules rewrite, from the left sides of the rules themselves, and mutants of them."""

import re

import gi

gi.require_version('Tg', '1')

from gi.repository import Tg

WORDS = {'all', 'true', 'false', 'inf', 'nan'}
LETTER = re.compile(r'\b([a-z])\b(?! ?[(=])')
PARAMETER = re.compile(r'\b(\w+)=([a-z])\b')
SHAPE = re.compile(r'\b(reshape|broadcast_to|sum_to) \((?:[^()]|\([^()]*\))*, ([a-z])\)')
UNARY = ('exp', 'log', 'expm1', 'log1p', 'sqrt', 'square', 'abs', 'sin', 'cos', 'tan', 'tanh',
         'sinh', 'cosh', 'sigmoid', 'softplus', 'erf', 'erfc', 'reciprocal', 'cbrt', 'asin', 'atan',
         'exp2', 'log2', 'floor', 'sign')
NAME = re.compile(r'\b(' + '|'.join(UNARY) + r') \(')
SIGN = re.compile(r' ([-+*/]) ')
NUMBER = re.compile(r'(?<![\w.\[])\d+(?:\.\d+)?(?![\w.\]])')
NUMBERS = ('0', '1', '2', '-1', '0.5', '3', '-2', '1.4142135623730951')


class Formula:
    """A left side, with what its letters stand for."""

    def __init__(self, text, conditions=''):
        self.text, self.conditions = text, conditions
        self.parameters = {letter: name for name, letter in PARAMETER.findall(text)}
        self.shapes = {letter: name for name, letter in SHAPE.findall(text)}
        self.letters = sorted(set(LETTER.findall(text)) - self.parameters.keys()
                              - self.shapes.keys())

    def numbers(self):
        """Letters that the rule wants to be numbers."""
        return [letter for letter in self.letters
                if re.search(rf'\b(number|constant|power_of_two) \({letter}\)', self.conditions)]


def read_formulas(rules=None):
    for rule in rules or Tg.RuleSet.get_default():
        left, _, right = ' '.join(rule.get_text().split()).partition(' => ')
        yield Formula(left, right)


def mutate(formula, rng):
    """The formula with one mistake in it."""
    kind, expression = rng.choice([(NAME, UNARY), (SIGN, '+-*/'), (NUMBER, NUMBERS),
                                   (LETTER, None)])
    places = list(expression_places(kind, formula.text))
    if not places:
        return formula
    place = rng.choice(places)
    choices = expression or formula.letters
    if not choices:
        return formula
    text = formula.text[:place[0]] + rng.choice(choices) + formula.text[place[1]:]
    return Formula(text, formula.conditions)


def expression_places(pattern, text):
    group = 1 if pattern.groups else 0
    return [match.span(group) for match in pattern.finditer(text)]
