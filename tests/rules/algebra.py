# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a rule says: its two sides, its letters and its conditions, of the text of a Tg.Rule."""

import re
from dataclasses import dataclass, field

import gi

gi.require_version('Tg', '1')

from gi.repository import Tg

OPS = {op.get_name(): op for op in Tg.Op.list()}
PROMISES = {Tg.Promise.EXACT: 'exact', Tg.Promise.REAL: 'real', Tg.Promise.STABLE: 'stable',
            Tg.Promise.FAST: 'fast'}
LITERALS = {'true', 'false', 'inf', 'nan', 'pi', 'all'}
# A name that is no operator, and the number that a sign does not belong to.
LETTER = re.compile(r'(?<![\w.])([A-Za-z_]\w*)\b(?!\s*\(|\s*=(?!=))')
PARAMETER = re.compile(r'(\w+)\s*=\s*([A-Za-z_]\w*)\b(?!\s*\()')
NUMBER = re.compile(r'(?<![\w.])\d+(?:\.\d+)?(?![\w.])')
SIGNED = re.compile(r'(?<![\w.])-?\d+(?:\.\d+)?(?![\w.])')
CALL = re.compile(r'([A-Za-z_]\w*)\s*\(')
COMPARISON = re.compile(r'(<=|>=|==|!=|<|>)')


@dataclass(frozen=True)
class Condition:
    """What stands between “if” or “assuming” and the next comma."""
    text: str
    assumed: bool
    word: str = None      # or None for a comparison
    letters: tuple = ()


@dataclass
class Algebra:
    """A rule in pieces. Letters keep the order in which the left side has them."""
    rule: Tg.Rule
    left: str
    right: str
    conditions: list
    letters: list = field(default_factory=list)      # that stand for expressions
    attributes: dict = field(default_factory=dict)   # that stand for parameters: their kind
    shapes: dict = field(default_factory=dict)       # letters that are integers, as of reshape

    @property
    def promise(self):
        return PROMISES[self.rule.get_promise()]

    @property
    def is_search(self):
        return self.rule.get_file() == 'search.rules'

    @property
    def is_elementwise(self):
        return all(OPS[name].get_form() == Tg.OpForm.ELEMENTWISE
                   for name in CALL.findall(self.left))

    @property
    def place(self):
        return f'{self.rule.get_file()}:{self.rule.get_line()}: {self.rule.get_name()}'


def find_letters(text):
    return list(dict.fromkeys(name for name in LETTER.findall(text) if name not in LITERALS))


def split_conditions(text, assumed):
    depth, start = 0, 0
    for position, sign in enumerate(text + ','):
        depth += (sign == '(') - (sign == ')')
        if sign == ',' and depth == 0:
            part = text[start:position].strip()
            start = position + 1
            word = None if COMPARISON.search(part) else part.partition('(')[0].strip()
            yield Condition(part, assumed, word, tuple(find_letters(part)))


def split_arguments(text, opening):
    """The arguments of the call whose parenthesis opens there."""
    depth, start, found = 0, opening + 1, []
    for position in range(opening, len(text)):
        sign = text[position]
        depth += (sign in '([') - (sign in ')]')
        if (sign == ',' and depth == 1) or depth == 0:
            found.append(text[start:position].strip())
            start = position + 1
        if depth == 0:
            return found
    raise ValueError(f'“{text}” has a parenthesis that is not closed')


def find_roles(algebra):
    """Of which kind the parameters are that letters stand for, and which letters are shapes."""
    for match in CALL.finditer(algebra.left):
        op = OPS[match[1]]
        kinds = dict(zip(op.dup_parameter_names(), op.dup_parameter_kinds()))
        for index, argument in enumerate(split_arguments(algebra.left, match.end() - 1)):
            parameter = PARAMETER.fullmatch(argument)
            if parameter and parameter[2] not in LITERALS:
                algebra.attributes[parameter[2]] = kinds[parameter[1]]
            elif not parameter and LETTER.fullmatch(argument):
                kinds_of_inputs = op.dup_input_kinds()
                kind = kinds_of_inputs[min(index, len(kinds_of_inputs) - 1)]
                if kind in ('int', 'ints', 'positions'):
                    algebra.shapes[argument] = kind


def read_rule(rule):
    """The pieces of a Tg.Rule."""
    text = ' '.join(rule.get_text().split())
    text, _, assumed = text.partition(' assuming ')
    text, _, proven = text.partition(' if ')
    left, _, right = text.partition('=>')
    conditions = [*(split_conditions(proven, False) if proven else ()),
                  *(split_conditions(assumed, True) if assumed else ())]
    algebra = Algebra(rule, left.strip(), right.strip(), conditions)
    find_roles(algebra)
    algebra.letters = [name for name in find_letters(algebra.left)
                       if name not in algebra.attributes]
    return algebra


def substitute(text, values):
    """The text with other expressions for letters."""
    return LETTER.sub(lambda match: values.get(match[1], match[1]), text)
