# SPDX-License-Identifier: LGPL-2.1-or-later
"""Defaults, such as whether there are test values, and expressions as people see them."""

import os
import sys

from .base import Tg
from .exchange import run_dot
from .functions import Function
from .values import as_dtype
from .variables import check_variable, check_variables

__all__ = ['config', 'debugprint', 'pp', 'pydotprint']

_MODES = {mode.value_nick: mode for mode in Tg.TestValueMode.__enum_values__.values()}


class _Config:
    """Defaults under Theano's names."""

    _float_type = 'float64'

    @property
    def floatX(self):
        """The dtype of symbols such as matrix(), whose names say none; 'float64' at first."""
        return self._float_type

    @floatX.setter
    def floatX(self, dtype):
        name = as_dtype(dtype).value_nick
        if not name.endswith(('float16', 'float32', 'float64')):
            raise ValueError(f'floatX: expected a floating-point dtype, not {name}')
        self._float_type = name

    @property
    def compute_test_value(self):
        """'off', at first; 'ignore' or 'raise' for inputs without a test value, in this thread."""
        return Tg.get_test_value_mode().value_nick

    @compute_test_value.setter
    def compute_test_value(self, mode):
        if mode not in _MODES:
            raise ValueError(
                f'compute_test_value: expected one of {", ".join(_MODES)}, not {mode!r}')
        Tg.set_test_value_mode(_MODES[mode])


config = _Config()


# Expressions

def pp(x):
    """The variable or function `x` as text, in the notation that `parse` reads."""
    if isinstance(x, (Function, Tg.Graph)):
        return (x.dup_graph() if isinstance(x, Function) else x).to_string()
    return check_variable(x, 'pp').to_string()


def _get_outputs(value):
    if isinstance(value, Function):
        value = value.dup_graph()
    if isinstance(value, Tg.Graph):
        return [value.get_output(i) for i in range(value.get_n_outputs())]
    return check_variables([value] if isinstance(value, Tg.Variable) else value, 'debugprint')


def _write_head(variable):
    """The name of a variable, or its operator with what parameters are here."""
    if variable.op is None:
        return str(variable)
    values = ((name, variable.get_attribute(name))
              for name in variable.op.dup_parameter_names())
    parameters = ', '.join(f'{name}={value.print_(False)}' for name, value in values
                           if value is not None)
    head = variable.op.get_name() + (f' {{{parameters}}}' if parameters else '')
    return f"{head} '{variable.name}'" if variable.name else head


def _write_tree(outputs, depth, print_type):
    # An expression may be deep, so the branches that wait are in a list.
    waiting = [(variable, '', '', 1) for variable in reversed(outputs)]
    numbers = {}
    while waiting:
        variable, before, below, level = waiting.pop()
        is_known = variable in numbers
        number = numbers.setdefault(variable, len(numbers))
        is_cut = variable.inputs and (is_known or level == depth)
        yield (f'{before}{_write_head(variable)} [id {number}]'
               + (f' <{variable.type}>' if print_type else '') + (' ...' if is_cut else ''))
        if not is_cut:
            inputs = variable.inputs
            waiting += [(each, f'{below} |', below + (' |' if i < len(inputs) - 1 else '  '),
                         level + 1) for i, each in reversed(list(enumerate(inputs)))]


def debugprint(x, depth=-1, print_type=False, file=None):
    """Prints a variable, a list of them, a graph or a function as a tree of operators.

    What occurs again is written once; `depth` is the greatest number of levels.  `file` is where it
    is printed, by default the standard output; with 'str' the text is returned.
    """
    text = '\n'.join(_write_tree(_get_outputs(x), depth, print_type)) + '\n'
    if file == 'str':
        return text
    print(text, end='', file=file or sys.stdout)
    return None


def pydotprint(x, outfile, format=None):
    """Draws a variable, a graph or a function into a file, with Graphviz's program dot.

    The `format` is by default the ending of the name, such as png or svg.
    """
    ending = os.path.splitext(os.fsdecode(outfile))[1][1:]
    drawing = run_dot(x.dup_graph() if isinstance(x, Function) else x, format or ending or 'png')
    with open(outfile, 'wb') as stream:
        stream.write(drawing)
