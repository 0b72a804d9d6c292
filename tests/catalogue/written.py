# SPDX-License-Identifier: LGPL-2.1-or-later
"""Expressions of the catalogue as they are written, in NumPy, and gradients by the chain rule.

A variable holds a value and, for each that it was made of, how a gradient goes back to it.  Nothing
is simplified, so a gradient is as accurate as what a person would derive and write down.
"""

import numpy as np
from scipy import special


def unbroadcast(gradient, shape):
    """The sum over the axes along which a value of a shape was repeated."""
    gradient = np.sum(gradient, axis=tuple(range(np.ndim(gradient) - len(shape))))
    repeated = tuple(axis for axis, size in enumerate(shape)
                     if size == 1 and gradient.shape[axis] != 1)
    return np.sum(gradient, axis=repeated, keepdims=True) if repeated else gradient


class Variable:
    __array_ufunc__ = None  # so that NumPy's numbers leave arithmetic to this class

    def __init__(self, value, *inputs):
        self.value = np.float64(value) if np.ndim(value) == 0 else value
        self.inputs = [(x, back) for x, back in inputs if isinstance(x, Variable)]

    def __add__(self, other):
        return Variable(self.value + get(other), (self, lambda g: g), (other, lambda g: g))

    def __neg__(self):
        return Variable(-self.value, (self, lambda g: -g))

    def __sub__(self, other):
        return self + -other

    def __rsub__(self, other):
        return -self + other

    def __mul__(self, other):
        x, y = self.value, get(other)
        return Variable(x * y, (self, lambda g: g * y), (other, lambda g: g * x))

    def __truediv__(self, other):
        return divide(self, other)

    def __rtruediv__(self, other):
        return divide(other, self)

    def __pow__(self, other):
        return power(self, other)

    def __rpow__(self, other):
        return power(other, self)

    def __gt__(self, other):
        return self.value > get(other)

    def __lt__(self, other):
        return self.value < get(other)

    def __eq__(self, other):
        return self.value == get(other)

    __hash__ = object.__hash__
    __radd__ = __add__
    __rmul__ = __mul__


def get(x):
    return x.value if isinstance(x, Variable) else np.float64(x)


def divide(x, y):
    a, b = get(x), get(y)
    return Variable(a / b, (x, lambda g: g / b), (y, lambda g: -g * a / (b * b)))


def power(x, y):
    a, b = get(x), get(y)
    result = a ** b
    return Variable(result, (x, lambda g: g * b * a ** (b - 1)),
                    (y, lambda g: g * result * np.log(a)))


def elementwise(function, slope):
    """A function of one variable; its slope at x is that of (x, its value there)."""
    def apply(x):
        value = get(x)
        result = function(value)
        return Variable(result, (x, lambda g: g * slope(value, result)))
    return apply


def reduce(function, slope):
    """A reduction; its slope is that of (the elements, the result with all axes)."""
    def apply(x, axis=None, keepdims=False):
        value = get(x)
        result = function(value, axis=axis, keepdims=True)

        def back(g):
            return np.reshape(g, result.shape) * slope(value, result)
        shown = result if keepdims else function(value, axis=axis)
        return Variable(shown, (x, back))
    return apply


def choose(condition, x, y):
    return Variable(np.where(condition, get(x), get(y))[()],
                    (x, lambda g: np.where(condition, g, 0)),
                    (y, lambda g: np.where(condition, 0, g)))


def diagonal(x):
    return Variable(np.diagonal(x.value), (x, np.diag))


FUNCTIONS = {name: elementwise(function, slope) for name, function, slope in (
    ('exp', np.exp, lambda x, y: y), ('log', np.log, lambda x, y: 1 / x),
    ('log1p', np.log1p, lambda x, y: 1 / (1 + x)), ('sqrt', np.sqrt, lambda x, y: 0.5 / y),
    ('cbrt', np.cbrt, lambda x, y: 1 / (3 * y * y)), ('abs', np.abs, lambda x, y: np.sign(x)),
    ('sin', np.sin, lambda x, y: np.cos(x)), ('cos', np.cos, lambda x, y: -np.sin(x)),
    ('tan', np.tan, lambda x, y: 1 + y * y), ('atan', np.arctan, lambda x, y: 1 / (1 + x * x)),
    ('asin', np.arcsin, lambda x, y: 1 / np.sqrt(1 - x * x)),
    ('acos', np.arccos, lambda x, y: -1 / np.sqrt(1 - x * x)),
    ('sinh', np.sinh, lambda x, y: np.cosh(x)), ('cosh', np.cosh, lambda x, y: np.sinh(x)),
    ('tanh', np.tanh, lambda x, y: 1 - y * y),
    ('atanh', np.arctanh, lambda x, y: 1 / (1 - x * x)),
    ('acosh', np.arccosh, lambda x, y: 1 / np.sqrt(x * x - 1)),
    ('log10', np.log10, lambda x, y: 1 / (x * np.log(10))),
    ('erf', special.erf, lambda x, y: 2 / np.sqrt(np.pi) * np.exp(-x * x)),
    ('erfc', special.erfc, lambda x, y: -2 / np.sqrt(np.pi) * np.exp(-x * x)),
    ('gamma', special.gamma, lambda x, y: y * special.digamma(x)),
    ('lgamma', special.gammaln, lambda x, y: special.digamma(x)))} | {
    'sum': reduce(np.sum, lambda x, y: np.ones_like(x)),
    'mean': reduce(np.mean, lambda x, y: np.full_like(x, np.size(y) / np.size(x))),
    'prod': reduce(np.prod, lambda x, y: y / x),
    'max': reduce(np.max, lambda x, y: x == y),
    'maximum': lambda x, y: choose(get(x) > get(y), x, y),
    'minimum': lambda x, y: choose(get(x) < get(y), x, y),
    'where': choose, 'diagonal': diagonal,
    'size': lambda x, axis=None: np.float64(np.size(x.value, axis)), 'true': True,
}


def sort(result):
    """What a variable was made of, itself last."""
    order, seen, stack = [], set(), [(result, False)]
    while stack:
        variable, is_ready = stack.pop()
        if is_ready:
            order.append(variable)
        elif variable not in seen:
            seen.add(variable)
            stack.append((variable, True))
            stack += [(x, False) for x, _ in variable.inputs]
    return order


def differentiate(result, variable):
    gradients = {result: np.float64(1)}
    for user in reversed(sort(result)):
        for x, back in user.inputs:
            part = unbroadcast(back(gradients[user]), np.shape(x.value))
            gradients[x] = gradients[x] + part if x in gradients else part
    return gradients[variable]


def evaluate(text, point, wrt=None):
    """The value at a point, or the gradient there."""
    variables = {name: Variable(value) for name, value in point.items()}
    with np.errstate(all='ignore'):
        result = eval(text, {'__builtins__': {}} | FUNCTIONS | variables)
        return differentiate(result, variables[wrt]) if wrt else get(result)
