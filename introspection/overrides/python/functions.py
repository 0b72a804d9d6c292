# SPDX-License-Identifier: LGPL-2.1-or-later
"""Functions, which are called with arrays."""

import warnings

from gi.repository import GLib

from .base import Tg, _tg, override
from .exchange import draw
from .values import as_array, own
from .variables import as_variable, check_variable, check_variables, convert

__all__ = ['Function', 'function']


class Function(Tg.Function):
    """A compiled function: call it with values of its inputs, by position or by name."""

    _single = False  # whether a call returns its one output alone, not a list

    def _bind(self, values, named):
        """Puts the values of a call in the order of the inputs."""
        values, named = list(values), dict(named)
        name = self.get_name()
        for i in range(len(values), self.get_n_inputs()):
            variable = self.get_input(i)
            if variable.name not in named:
                raise TypeError(f'{name}: the input {variable} is missing')
            values.append(named.pop(variable.name))
        if named or len(values) > self.get_n_inputs():
            extra = ', '.join(named) or 'too many values'
            raise TypeError(f'{name}: unexpected: {extra}')
        return values

    def _call_slowly(self, *args, **kwargs):
        values = self._bind(args, kwargs)
        inputs = [convert(value, self.get_input(i)) for i, value in enumerate(values)]
        outputs = [as_array(output) for output in self.call(inputs)]
        names = [self.get_output_name(i) for i in range(len(outputs))]
        if self._single and len(outputs) == 1:
            return outputs[0]
        return dict(zip(names, outputs)) if names and names[0] is not None else outputs

    __call__ = _tg.call if _tg else _call_slowly

    def __repr__(self):
        return self.dup_graph().to_string()

    def _repr_svg_(self):
        return draw(self.dup_graph())


Function = override(Function)


def _get_pairs(pairs, what):
    """The pairs of a dictionary or a list, the second parts made variables like the first."""
    for pair in pairs.items() if hasattr(pairs, 'items') else pairs or ():
        if not isinstance(pair, (list, tuple)) or len(pair) != 2:
            raise TypeError(f'{what} must be a dictionary or a list of pairs')
        old, new = pair
        check_variable(old, what)
        if not isinstance(new, Tg.Variable):
            new = Tg.Constant.new(convert(own(new), old))
        yield old, new


def function(inputs=(), outputs=None, updates=None, givens=None, name=None,
             on_unused_input='raise'):
    """Compiles a function of the variables `inputs`.

    It returns an array if `outputs` is a variable, and a list or a dictionary of arrays if it is a
    list or a dictionary of variables.  Shared variables in `updates`, pairs or a dictionary, take
    their new values after the outputs were computed; `givens` replaces variables by others.
    Unused inputs raise an error, or with 'warn' or 'ignore' do not.
    """
    builder = Tg.FunctionBuilder.new()
    builder.set_name(name)
    single = outputs is not None and not isinstance(outputs, (list, tuple, dict))
    for variable in check_variables(inputs, 'inputs'):
        builder.add_input(variable)
    named = outputs.items() if isinstance(outputs, dict) else (
        (None, output) for output in ([outputs] if single else outputs or ()))
    for key, output in named:
        builder.add_output(as_variable(output), key)
    for shared_variable, value in _get_pairs(updates, 'updates'):
        builder.add_update(shared_variable, value)
    for variable, replacement in _get_pairs(givens, 'givens'):
        builder.add_given(variable, replacement)

    def build(allow):
        builder.set_allow_unused_inputs(allow)
        return builder.build()

    result = with_policy(on_unused_input, Tg.CompileError.UNUSED, build)
    result._single = single
    return result


def with_policy(policy, code, action):
    """Calls `action` with whether to allow what the error `code` is; 'warn' makes it a warning."""
    if policy not in ('raise', 'warn', 'ignore'):
        raise ValueError(f"expected 'raise', 'warn' or 'ignore', not {policy!r}")
    try:
        return action(policy == 'ignore')
    except GLib.Error as error:
        if policy != 'warn' or not error.matches(type(code).quark(), code):
            raise
        warnings.warn(error.message, stacklevel=3)
    return action(True)
