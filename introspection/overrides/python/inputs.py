# SPDX-License-Identifier: LGPL-2.1-or-later
"""What functions are told about their inputs and outputs, and how they run."""

from .base import Tg, np, override
from .values import DTYPES, as_array, as_dtype, as_tensor, numpy_dtype, own
from .variables import as_variable, check_variable, convert, has_variable

__all__ = ['In', 'Mode', 'Out']


def as_downcast(value):
    """What Theano's allow_downcast stands for: None, True or False."""
    return Tg.Downcast.WEAK if value is None else (
        Tg.Downcast.ALWAYS if value else Tg.Downcast.NEVER)


def _is_weak(value):
    return isinstance(value, (int, float, complex, list, tuple)) and \
        not isinstance(value, np.generic)


def convert_input(value, entry):
    """The tensor that stands for an argument of a function, as far as the input allows.

    What an input does not take stays as it is, for the library to refuse.
    """
    variable, downcast = entry.get_variable(), entry.get_downcast()
    if isinstance(value, Tg.Tensor):
        return value
    if has_variable(value) or not entry.get_strict() and (
            downcast is Tg.Downcast.WEAK or downcast is Tg.Downcast.NEVER and not _is_weak(value)):
        return convert(value, variable)
    try:
        array = np.asarray(value)
        if array.dtype.kind not in 'biufc' or entry.get_strict():
            return as_tensor(value if array.dtype.kind not in 'biufc' else array)
        return _convert(array, variable.dtype, downcast)
    except (TypeError, ValueError) as error:
        raise type(error)(f'{variable.name or "a variable without a name"}: {error}') from None


def _convert(array, dtype, downcast):
    """Numbers without a dtype of their own where they keep their value, or what will lose it."""
    if downcast is Tg.Downcast.ALWAYS and array.dtype.name in DTYPES:
        return as_tensor(array)
    if array.dtype.kind == 'c' and not dtype.startswith('complex'):
        return as_tensor(array)
    with np.errstate(all='ignore'):
        converted = as_tensor(array.astype(numpy_dtype(dtype))).astype(as_dtype(dtype))
        back = as_array(converted)
        back = (back if array.dtype.kind == 'c' else back.real).astype(array.dtype)
    if downcast is Tg.Downcast.ALWAYS or \
            np.array_equal(back, array, equal_nan=array.dtype.kind in 'fc'):
        return converted
    return as_tensor(array)


class In(Tg.FunctionInput):
    """An input that is more than its variable.

    `value` is the default, a number, an array or a shared variable, which gives its value at the
    moment of a call.  After each call the default becomes `update`, an expression.  `strict` takes
    only values of the input's own dtype.  With `allow_downcast` every value is converted, without
    it (False) none that would change, and else (None) only Python's own numbers.  With `borrow`
    results may be views of the argument.  `mutable` allows a function to write to the argument,
    which none does, and so includes `borrow`.
    """

    def __new__(cls, variable, *args, **kwargs):
        return Tg.FunctionInput.new(check_variable(variable, 'In'))

    def __init__(self, variable, name=None, value=None, update=None, mutable=False, strict=False,
                 allow_downcast=None, borrow=None):
        self.set_name(name)
        self.set_strict(strict)
        self.set_downcast(as_downcast(allow_downcast))
        self.set_borrow(mutable if borrow is None else borrow)
        if mutable and borrow is False:
            raise ValueError('an argument that may be written to (mutable) may also be borrowed')
        if isinstance(value, Tg.SharedVariable):
            self.set_shared(value)
        elif value is not None:
            self.set_value(convert_input(own(value), self))
        if update is not None:
            self.set_update(as_variable(update))

    name = property(Tg.FunctionInput.get_name, Tg.FunctionInput.set_name,
                    doc='What callers call it.')
    variable = property(Tg.FunctionInput.get_variable, doc='What has the value that is given.')


In = override(In)


class Out:
    """An output that is more than its variable: with `borrow`, it may be a view of an argument."""

    def __init__(self, variable, borrow=False):
        self.variable = as_variable(variable)
        self.borrow = borrow


class Mode(Tg.Mode):
    """How functions are compiled and run: text such as 'reference,check-finite', and more.

    `exclude` names rewrite rules and files of rules that are left out; `rules` are a person's own:
    text, or sets of rules.  `accuracy` may be 'normal' or 'high'.
    """

    def __new__(cls, text=None, **options):
        return Tg.Mode.new() if text is None else Tg.Mode.new_from_string(text)

    def __init__(self, text=None, *, promises=None, accuracy=None, exclude=(), rules=(),
                 check=None, check_finite=None, n_threads=None):
        if isinstance(accuracy, str):
            if accuracy not in ('normal', 'high'):
                raise ValueError(f"accuracy: expected 'normal' or 'high', not {accuracy!r}")
            accuracy = getattr(Tg.Accuracy, accuracy.upper())
        for set_option, value in ((self.set_promises, promises), (self.set_accuracy, accuracy),
                                  (self.set_check, check), (self.set_check_finite, check_finite),
                                  (self.set_n_threads, n_threads)):
            if value is not None:
                set_option(value)
        for name in [exclude] if isinstance(exclude, str) else exclude:
            self.exclude(name)
        for rule_set in [rules] if isinstance(rules, (str, Tg.RuleSet)) else rules:
            self.add_rules(Tg.RuleSet.new(rule_set, 'rules') if isinstance(rule_set, str)
                           else rule_set)

    promises = property(Tg.Mode.get_promises, Tg.Mode.set_promises,
                        doc='What rewrite rules must promise to be used.')
    accuracy = property(Tg.Mode.get_accuracy, Tg.Mode.set_accuracy,
                        doc='How much time the optimiser takes to look for accurate forms.')
    backend = property(Tg.Mode.get_backend, Tg.Mode.set_backend, doc='The name of what runs.')
    check = property(Tg.Mode.get_check, Tg.Mode.set_check, doc='Whether programs are verified.')
    check_finite = property(Tg.Mode.get_check_finite, Tg.Mode.set_check_finite,
                            doc='Whether a call fails where a nan or an infinity appears.')
    n_threads = property(Tg.Mode.get_n_threads, Tg.Mode.set_n_threads,
                         doc='How many threads work for a call, or 0.')

    def __repr__(self):
        return f'<Tg.Mode {self.to_string()}>'


Mode = override(Mode)
