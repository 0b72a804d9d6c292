# SPDX-License-Identifier: LGPL-2.1-or-later
"""Gradients."""

from .base import Tg, ops
from .functions import with_policy
from .symbols import tensor
from .values import as_tensor, own
from .variables import check_variable, check_variables, convert

__all__ = ['grad', 'verify_grad']


def _as_list(value, what):
    """A list of variables, and whether it was a single one."""
    single = isinstance(value, Tg.Variable)
    return check_variables([value] if single else value, what), single


def _as_direction(value, variable):
    """What stands for a gradient of the variable."""
    return value if isinstance(value, Tg.Variable) else Tg.Constant.new(
        convert(own(value), variable))


def _by_policy(differentiate):
    """Calls it with what becomes of disconnected inputs, which with_policy() allows or not."""
    policies = Tg.DisconnectedInputs
    return lambda allow: differentiate(policies.IGNORE if allow else policies.RAISE)


def _as_options(known_grads, consider_constant):
    options = Tg.GradOptions.new()
    for variable, gradient in dict(known_grads or {}).items():
        check_variable(variable, 'known_grads')
        options.add_known_gradient(variable, _as_direction(gradient, variable))
    for variable in check_variables(consider_constant or (), 'consider_constant'):
        options.add_constant(variable)
    return options


def grad(cost, wrt, consider_constant=None, disconnected_inputs='raise', known_grads=None):
    """The gradient of the 0-d `cost` for a variable, or the list of those for a list of variables.

    No gradient passes through variables in the list `consider_constant`.  The dictionary
    `known_grads` has gradients of variables; with it, `cost` may be None.  It is an error if `cost`
    does not depend on a variable; with 'warn' or 'ignore' its gradient is zero.
    """
    variables, single = _as_list(wrt, 'wrt')
    if cost is not None or not known_grads:
        check_variable(cost, 'cost')
    options = _as_options(known_grads, consider_constant)

    def differentiate(policy):
        options.set_disconnected_inputs(policy)
        return Tg.grad_with_options(cost, variables, options)

    gradients = with_policy(disconnected_inputs, Tg.GradError.DISCONNECTED,
                            _by_policy(differentiate))
    return gradients[0] if single else gradients


def verify_grad(fun, points, tolerance=1e-6):
    """Raises an error where the gradient of `fun` at `points` differs from a numerical estimate.

    `fun` makes an expression of as many variables as there are points, which are arrays.
    """
    tensors = [as_tensor(point) for point in points]
    symbols = [tensor(value.dtype, (None,) * value.ndim, f'x{i}')
               for i, value in enumerate(tensors)]
    Tg.verify_grad(fun(*symbols), symbols, tensors, tolerance)


ops.disconnected_grad = ops.stop_gradient  # Theano's name
