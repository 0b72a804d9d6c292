# SPDX-License-Identifier: LGPL-2.1-or-later
"""Gradients."""

from .base import Tg
from .functions import with_policy
from .values import as_tensor
from .symbols import tensor
from .variables import check_variable, check_variables

__all__ = ['grad', 'verify_grad']


def grad(cost, wrt, disconnected_inputs='raise'):
    """The gradient of the 0-d `cost` for a variable, or the list of those for a list of variables.

    It is an error if `cost` does not depend on a variable; with 'warn' or 'ignore' it gives zeros.
    """
    single = isinstance(wrt, Tg.Variable)
    variables = check_variables([wrt] if single else wrt, 'wrt')
    check_variable(cost, 'cost')

    def differentiate(allow):
        policy = Tg.DisconnectedInputs.IGNORE if allow else Tg.DisconnectedInputs.RAISE
        return Tg.grad(cost, variables, policy)

    gradients = with_policy(disconnected_inputs, Tg.GradError.DISCONNECTED, differentiate)
    return gradients[0] if single else gradients


def verify_grad(fun, points, tolerance=1e-6):
    """Raises an error where the gradient of `fun` at `points` differs from a numerical estimate.

    `fun` makes an expression of as many variables as there are points, which are arrays.
    """
    tensors = [as_tensor(point) for point in points]
    symbols = [tensor(value.dtype, (None,) * value.ndim, f'x{i}')
               for i, value in enumerate(tensors)]
    Tg.verify_grad(fun(*symbols), symbols, tensors, tolerance)
