# SPDX-License-Identifier: LGPL-2.1-or-later
"""Functions, which are called with arrays."""

import os
import warnings

from gi.repository import GLib

from .base import Tg, _tg, describe, np, override
from .exchange import draw
from .inputs import In, Out, as_downcast, convert_input
from .values import as_array, own
from .variables import as_variable, check_variable, convert

__all__ = ['Function', 'Profile', 'ProfileStep', 'function', 'function_async']


class Function(Tg.Function):
    """A compiled function: call it with values of its inputs, by position or by name."""

    _single = False  # whether a call returns its one output alone, not a list

    def _get_inputs(self):
        return [self.get_input_options(i) for i in range(self.get_n_inputs())]

    def _bind(self, values, named):
        """Puts the values of a call in the order of the inputs; None is a default."""
        values, named = list(values), dict(named)
        name, inputs = self.get_name(), self._get_inputs()
        for entry in inputs[len(values):]:
            if entry.get_name() in named:
                values.append(named.pop(entry.get_name()))
            elif entry.get_shared() is not None:
                values.append(_Default)
            else:
                text = entry.get_name() or entry.get_variable()
                raise TypeError(f'{name}: the input {text} is missing')
        if len(values) > len(inputs):
            raise TypeError(f'{name}: expected at most {len(inputs)} values, not {len(values)}')
        for key in named:
            if any(entry.get_name() == key for entry in inputs):
                raise TypeError(f'{name}: the input “{key}” has two values')
            raise TypeError(f'{name}: there is no input “{key}”')
        return [None if value is _Default else convert_input(value, entry)
                for value, entry in zip(values, inputs)]

    def _call_slowly(self, *args, **kwargs):
        outputs = [as_array(output) for output in self.call(self._bind(args, kwargs))]
        names = [self.get_output_name(i) for i in range(len(outputs))]
        if self._single and len(outputs) == 1:
            return outputs[0]
        return dict(zip(names, outputs)) if names and names[0] is not None else outputs

    __call__ = _tg.call if _tg else _call_slowly

    def call_async(self, *args, **kwargs):
        """Calls it in another thread.

        What this returns is awaited (`await f.call_async(x)`) or asked for its `result()`.  It can
        be cancelled, between two operators, as long as it runs; shared variables are then as
        before.
        """
        from .calls import AsyncCall
        return AsyncCall(self, args, kwargs)

    def copy(self, share_memory=False, swap=None, delete_updates=False, name=None):
        """A function that does the same with other shared variables.

        `swap` has for a shared variable the one in its place.  `share_memory` is there for Theano's
        sake: calls keep no memory that could be shared.
        """
        old, new = zip(*swap.items()) if swap else ((), ())
        for variable in (*old, *new):
            check_variable(variable, 'swap')
        result = super().copy(name, delete_updates, old, new)
        result._single = self._single
        return result

    def _find_default(self, key):
        for i, entry in enumerate(self._get_inputs()):
            own = entry.get_variable() if isinstance(key, Tg.Variable) else (
                entry.get_name() if isinstance(key, str) else i)
            if own is key or not isinstance(key, Tg.Variable) and own == key:
                if entry.get_shared() is not None:
                    return entry.get_shared()
        raise KeyError(f'{self.get_name()}: no input {key} has a default value')

    def __getitem__(self, key):
        """The default value of an input: `key` is a variable, a name or a number."""
        return self._find_default(key).get_value()

    __iter__ = None  # or Python would count the inputs from 0 on

    def __setitem__(self, key, value):
        self._find_default(key).set_value(value)

    name = property(Tg.Function.get_name, doc='What messages call it.')
    mode = property(Tg.Function.dup_mode, doc='A copy of its Tg.Mode.')
    code = property(Tg.Function.dup_code, doc='The machine code of its loops, for people.')
    profile = property(Tg.Function.dup_profile, doc='Where the time of its calls went.')
    profiling = property(Tg.Function.get_profiling, Tg.Function.set_profiling,
                         doc='Whether its calls are measured.')

    def save(self, path):
        """Writes it to a .tg file, for `Tg.load`."""
        super().save(os.fsdecode(path))

    def __reduce__(self):
        return _restore, (bytes(self.to_bytes().get_data()), self._single)

    def __repr__(self):
        return self.dup_graph().to_string()

    def _repr_svg_(self):
        return draw(self.dup_graph())


class Profile(Tg.Profile):
    """Where the time of a function's calls went: a list of steps, and a table in text."""

    def __repr__(self):
        return self.to_string()


class ProfileStep(Tg.ProfileStep):
    """One operator or several in one loop: how long they took, what they moved and computed."""

    def __repr__(self):
        return self.to_string()


Function = override(Function)
Profile = override(Profile)
ProfileStep = override(ProfileStep)
_Default = object()


def _restore(data, single):
    function = Tg.Function.new_from_bytes(GLib.Bytes.new(data), None)
    function._single = single
    return function


def load_functions(path, mode=None):
    """The functions in a .tg file, compiled in a mode.

    One whose only output has no name returns it alone.
    """
    mode = Tg.Mode.new_from_string(mode) if isinstance(mode, str) else mode
    functions = Tg.load_functions(os.fsdecode(path), mode)
    for function in functions:
        function._single = (function.get_n_outputs() == 1
                            and function.get_output_name(0) is None)
    return functions


def _get_pairs(pairs, what):
    """The pairs of a dictionary or a list, the second parts made variables like the first."""
    if hasattr(pairs, 'items'):
        pairs = pairs.items()
    if pairs is not None and not np.iterable(pairs):
        pairs = [pairs]
    for pair in pairs or ():
        if not isinstance(pair, (list, tuple)) or len(pair) != 2:
            raise TypeError(
                f'{what}: expected a dictionary or a list of pairs, not {describe(pair)}')
        old, new = pair
        check_variable(old, what)
        if not isinstance(new, Tg.Variable):
            new = Tg.Constant.new(convert(own(new), old))
        yield old, new


def _add_inputs(builder, inputs):
    if isinstance(inputs, (Tg.Variable, In)):
        raise TypeError('inputs: expected a list of variables, not one variable')
    if not np.iterable(inputs):
        raise TypeError(f'inputs: expected a list of variables, not {describe(inputs)}')
    for i, entry in enumerate(inputs):
        if isinstance(entry, In):
            builder.add_input_options(entry)
        else:
            builder.add_input(check_variable(entry, f'inputs[{i}]'))


def _add_outputs(builder, outputs):
    named = outputs.items() if isinstance(outputs, dict) else ((None, entry) for entry in outputs)
    for i, (key, entry) in enumerate(named):
        if isinstance(entry, Out) and entry.borrow:
            builder.add_borrowed_output(entry.variable, key)
            continue
        try:
            variable = as_variable(entry.variable if isinstance(entry, Out) else entry)
        except TypeError as error:
            raise TypeError(f'outputs[{i if key is None else repr(key)}]: {error}') from None
        builder.add_output(variable, key)


def _add_no_default_updates(builder, variables):
    if isinstance(variables, bool):
        builder.set_no_default_updates(variables)
        return
    if isinstance(variables, Tg.Variable):
        raise TypeError('no_default_updates: expected True or a list, not one variable')
    for variable in variables:
        builder.add_no_default_update(check_variable(variable, 'no_default_updates'))


def function(inputs=(), outputs=None, mode=None, updates=None, givens=None,
             no_default_updates=False, name=None, allow_input_downcast=None,
             on_unused_input='raise', profile=False, progress=None):
    """Compiles a function of the variables `inputs`, or of more detailed Tg.In.

    It returns an array if `outputs` is a variable, and a list or a dictionary of arrays if it is a
    list or a dictionary of variables; each may be a Tg.Out.  Shared variables in `updates`, pairs
    or a dictionary, take their new values after the outputs were computed; `givens` replaces
    variables by others.  Unused inputs raise an error, or with 'warn' or 'ignore' do not.  For
    `allow_input_downcast` see Tg.In; it is for inputs that are plain variables.  Default updates,
    such as those of random streams, are left out with `no_default_updates`, all of them (True) or
    those of the variables in a list.  With `profile`, calls are measured for the function's own
    `profile`; `progress` is called with numbers from 0 to 1 as compiling goes on.
    """
    builder = Tg.FunctionBuilder.new()
    builder.set_name(name)
    builder.set_mode(Tg.Mode.new_from_string(mode) if isinstance(mode, str) else mode)
    builder.set_downcast(as_downcast(allow_input_downcast))
    single = outputs is not None and not isinstance(outputs, (list, tuple, dict))
    _add_inputs(builder, inputs)
    _add_outputs(builder, [outputs] if single else outputs or ())
    for shared_variable, value in _get_pairs(updates, 'updates'):
        builder.add_update(shared_variable, value)
    for variable, replacement in _get_pairs(givens, 'givens'):
        builder.add_given(variable, replacement)
    _add_no_default_updates(builder, no_default_updates)

    if progress is not None:
        builder.connect('notify::progress', lambda *_: progress(builder.get_progress()))

    def build(allow):
        builder.set_on_unused_input(Tg.UnusedInput.IGNORE if allow else Tg.UnusedInput.RAISE)
        return builder.build()

    result = with_policy('on_unused_input', on_unused_input, Tg.CompileError.UNUSED, build)
    result._single = single
    result.profiling = bool(profile)
    return result


def function_async(*args, **kwargs):
    """Compiles a function of variables in another thread, which also calls `progress`.

    The arguments are those of `Tg.function`.  What this returns is awaited
    (`f = await Tg.function_async([x], y)`) or asked for its `result()`.  It can be cancelled as
    long as it is at work.
    """
    from .calls import AsyncCall
    return AsyncCall(function, args, kwargs)


def with_policy(name, policy, code, action):
    """Calls `action` with whether to allow what the error `code` is; 'warn' makes it a warning."""
    if policy not in ('raise', 'warn', 'ignore'):
        raise ValueError(f"{name}: expected 'raise', 'warn' or 'ignore', not {policy!r}")
    try:
        return action(policy == 'ignore')
    except GLib.Error as error:
        if policy != 'warn' or not error.matches(type(code).quark(), code):
            raise
        warnings.warn(error.message, stacklevel=3)
    return action(True)
