# SPDX-License-Identifier: LGPL-2.1-or-later
"""Gradients, and products with the Jacobian."""

import functools

from .base import Tg, ops
from .functions import with_policy
from .symbols import tensor
from .values import as_tensor, own
from .variables import as_variable, check_variable, check_variables, convert

__all__ = [
    'Lop', 'Rop', 'custom_gradient', 'grad', 'hessian', 'hessian_times_vector', 'hvp', 'jacobian',
    'jvp', 'vectorize', 'verify_grad', 'vjp',
]


def _as_list(value, what):
    """A list of variables, and whether it was a single one."""
    single = isinstance(value, Tg.Variable)
    return check_variables([value] if single else value, what), single


def _as_direction(value, variable):
    """What stands for a tangent or a gradient of the variable; None for zero."""
    if value is None:
        return ops.zeros(variable.shape, variable.dtype)
    return value if isinstance(value, Tg.Variable) else Tg.Constant.new(
        convert(own(value), variable))


def _as_directions(values, variables, single, what):
    values = [values] if single else list(values)
    if len(values) != len(variables):
        raise TypeError(f'{what}: expected {len(variables)}, not {len(values)}')
    return [_as_direction(*pair) for pair in zip(values, variables)]


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

    gradients = with_policy('disconnected_inputs', disconnected_inputs, Tg.GradError.DISCONNECTED,
                            _by_policy(differentiate))
    return gradients[0] if single else gradients


def vjp(outputs, wrt, cotangents, disconnected_inputs='raise'):
    """Products of cotangents, one for each output, with the Jacobian: the L-operator.

    They are for a variable, or a list of them for a list of variables.
    """
    outputs, single_output = _as_list(outputs, 'outputs')
    variables, single = _as_list(wrt, 'wrt')
    directions = _as_directions(cotangents, outputs, single_output, 'cotangents')
    gradients = with_policy(
        'disconnected_inputs', disconnected_inputs, Tg.GradError.DISCONNECTED,
        _by_policy(lambda policy: Tg.vjp(outputs, variables, directions, policy)))
    return gradients[0] if single else gradients


def jvp(outputs, wrt, tangents):
    """Products of the Jacobian with tangents, one for each variable: the R-operator.

    They are for an output, or a list of them for a list of outputs.
    """
    outputs, single = _as_list(outputs, 'outputs')
    variables, single_variable = _as_list(wrt, 'wrt')
    directions = _as_directions(tangents, variables, single_variable, 'tangents')
    products = Tg.jvp(outputs, variables, directions)
    return products[0] if single else products


def hvp(cost, wrt, vectors, disconnected_inputs='raise'):
    """Products of the Hessian of the 0-d `cost` with vectors, one for each variable."""
    variables, single = _as_list(wrt, 'wrt')
    check_variable(cost, 'cost')
    directions = _as_directions(vectors, variables, single, 'vectors')
    products = with_policy(
        'disconnected_inputs', disconnected_inputs, Tg.GradError.DISCONNECTED,
        _by_policy(lambda policy: Tg.hvp(cost, variables, directions, policy)))
    return products[0] if single else products


def jacobian(expression, wrt, disconnected_inputs='raise'):
    """Derivatives of each element of `expression` for each element of a variable, or of several.

    A Jacobian has the shape of the expression followed by that of the variable.
    """
    variables, single = _as_list(wrt, 'wrt')
    check_variable(expression, 'expression')
    jacobians = with_policy(
        'disconnected_inputs', disconnected_inputs, Tg.GradError.DISCONNECTED,
        _by_policy(lambda policy: Tg.jacobian(expression, variables, policy)))
    return jacobians[0] if single else jacobians


def hessian(cost, wrt, disconnected_inputs='raise'):
    """Second derivatives of the 0-d `cost` for each two elements of a variable, or of several."""
    variables, single = _as_list(wrt, 'wrt')
    check_variable(cost, 'cost')
    hessians = with_policy(
        'disconnected_inputs', disconnected_inputs, Tg.GradError.DISCONNECTED,
        _by_policy(lambda policy: Tg.hessian(cost, variables, policy)))
    return hessians[0] if single else hessians


def custom_gradient(value, inputs=None, function=None):
    """`value`, with the gradients for `inputs`, a variable or several, that `function` makes.

    The function gets the gradient of the value, and returns those of the inputs; None is zero.
    With one argument, a function of variables that returns a value and such a function, it makes
    a function of it that returns the value alone: a decorator.
    """
    if inputs is None:
        @functools.wraps(value)
        def wrapper(*values):
            variables = [as_variable(each) for each in values]
            result, differentiate = value(*variables)
            return custom_gradient(result, variables, differentiate)
        return wrapper

    check_variable(value, 'value')
    variables, _ = _as_list(inputs, 'inputs')
    g = Tg.Variable.new_with_type('g', value.type)
    g.set_test_value(value.dup_test_value())  # any of its type, where they are computed
    gradients = function(g)
    gradients = gradients if isinstance(gradients, (list, tuple)) else [gradients]
    return Tg.custom_gradient(value, variables, g, [
        as_variable(0 if gradient is None else gradient) for gradient in gradients])


def vectorize(outputs, replacements):
    """An expression, or a list, that does along a new first axis what `outputs` do once.

    The dictionary `replacements` has variables and what stands for them, with the new axis.
    """
    outputs, single = _as_list(outputs, 'outputs')
    variables = check_variables(replacements, 'replacements')
    results = Tg.vectorize(outputs, variables, [as_variable(replacements[variable])
                                                for variable in variables])
    return results[0] if single else results


def verify_grad(fun, points, tolerance=1e-6):
    """Raises an error where the gradient of `fun` at `points` differs from a numerical estimate.

    `fun` makes an expression of as many variables as there are points, which are arrays.
    """
    tensors = [as_tensor(point) for point in points]
    symbols = [tensor(value.dtype, (None,) * value.ndim, f'x{i}')
               for i, value in enumerate(tensors)]
    Tg.verify_grad(fun(*symbols), symbols, tensors, tolerance)


# Theano's names.
Lop, Rop, hessian_times_vector = vjp, jvp, hvp
ops.disconnected_grad = ops.stop_gradient
