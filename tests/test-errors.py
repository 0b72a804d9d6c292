# SPDX-License-Identifier: LGPL-2.1-or-later
"""Mistakes: each gets an error that names operator, shapes, dtypes and variable, and nothing else.

Messages are compared whole: they are what a person sees first.
"""

import gi

gi.require_version('Tg', '1')

import numpy as np
import pytest
from gi.repository import Tg
from messages import check, symbols


def check_mistake(action, code, message):
    """The action fails, and shared values are as before."""
    variables = symbols()

    check(lambda: action(**variables), code, message)

    assert variables['w'].get_value().tolist() == [0, 0, 0] and variables['count'].get_value() == 0


# Mistakes while an expression is built

BUILD = {
    'shapes that cannot be broadcast': (
        lambda a23, b45, **_: a23 + b45, Tg.ShapeError.BROADCAST,
        'add (a: f64[2, 3], b: f32[4, 5]): the shapes cannot be broadcast together'),
    'shapes of a product': (
        lambda a23, b45, **_: a23 @ b45, Tg.ShapeError.MISMATCH,
        'matmul (a: f64[2, 3], b: f32[4, 5]): dimensions that belong together differ: 3 and '
        '4'),
    'a product with a number': (
        lambda x, s, **_: x @ s, Tg.ShapeError.NDIM,
        'matmul (x: f64[?, ?], s: f64[]): there is no such product of 2 and 0 dimensions'),
    'no shape for so many elements': (
        lambda a23, **_: a23.reshape(4, 2), Tg.ShapeError.MISMATCH,
        'reshape (a: f64[2, 3], [4, 2]: i64[2]): the elements of [2, 3] do not fill [4, 2]'),
    'sizes beyond all memory': (
        lambda v, **_: Tg.split(v, [2 ** 63 - 1, 1], 0), Tg.ShapeError.SIZE,
        'split: the sizes are too large for memory'),
    'no parts of something': (
        lambda a23, **_: Tg.split(a23, [], 0), Tg.ShapeError.MISMATCH,
        'split (a: f64[2, 3]): the sizes do not fill axis 0'),
    'too many differences': (
        lambda v, **_: Tg.diff(v, n=10 ** 12), Tg.TypeError.ATTRIBUTE,
        'diff (v: f64[?]): n must be between 0 and 1000, not 1000000000000'),
    'a negative number of repetitions': (
        lambda v, **_: Tg.repeat(v, [1, -1]), Tg.TypeError.VALUE,
        'repeat (v: f64[?], [1, -1]: i64[2]): check_positive ([1, -1]: i64[2]): x must be 0 or '
        'more, not -1'),
    'a negative size': (
        lambda **_: Tg.zeros((2, -3)), Tg.ShapeError.SIZE,
        'zeros ([2, -3]: i64[2]): the size of axis 1 is negative: -3'),
    'an axis out of range': (
        lambda x, **_: x.sum(axis=2), Tg.ShapeError.AXIS,
        'sum (x: f64[?, ?]): axis 2 is out of range for 2 dimensions'),
    'an axis named twice': (
        lambda x, **_: x.mean(axis=(0, -2)), Tg.ShapeError.AXIS,
        'mean (x: f64[?, ?]): axis 0 is named twice'),
    'axes that are not all': (
        lambda x, **_: Tg.permute_dims(x, [0]), Tg.ShapeError.AXIS,
        'permute_dims (x: f64[?, ?]): axes must name each of 2 axes once, not 1'),
    'an index out of bounds': (
        lambda a23, **_: a23[2], Tg.ShapeError.INDEX,
        'index (a: f64[2, 3], 2: i64[]): index 2 is out of bounds for axis 0 of size 2'),
    'an index that is no integer': (
        lambda x, s, **_: x[s], Tg.TypeError.DTYPE,
        'index (x: f64[?, ?], s: f64[]): index must be a 0-d integer'),
    'a slice with the step 0': (
        lambda x, **_: x[::0], Tg.ShapeError.INDEX,
        'slice (x: f64[?, ?], [0]: i64[1], [9223372036854775807]: i64[1]): '
        'a slice cannot have the step 0'),
    'pieces that do not fit': (
        lambda a23, b45, **_: Tg.concat([a23, b45]), Tg.ShapeError.MISMATCH,
        'concat (a: f64[2, 3], b: f32[4, 5]): tensors 0 and 1 have the sizes 3 and 5 along '
        'axis 1'),
    'pieces that cannot be stacked': (
        lambda x, v, **_: Tg.stack([x, v]), Tg.ShapeError.MISMATCH,
        'stack (x: f64[?, ?], v: f64[?]): tensor 0 has 2 dimensions, but tensor 1 has 1'),
    'no pieces': (
        lambda **_: Tg.concat([]), Tg.TypeError.ARGUMENTS,
        'concat: there must be at least one tensor'),
    'a dtype that an operator does not take': (
        lambda b, **_: -b, Tg.TypeError.DTYPE,
        'negative (b: bool[?]): negative is not defined for bool'),
    'a shape that is not of integers': (
        lambda x, v, **_: x.reshape(v), Tg.TypeError.DTYPE,
        'reshape (x: f64[?, ?], v: f64[?]): shape must be a vector of integers'),
    'subscripts that are none': (
        lambda x, **_: Tg.einsum('ij,jk', x, x), Tg.TypeError.ATTRIBUTE,
        'einsum (x: f64[?, ?], x: f64[?, ?]): subscripts must be like "ik,kj->ij", with no '
        'letter twice in a term, not "ij,jk"'),
    'a mistake deep inside': (
        lambda a23, b45, **_: Tg.exp(1 + Tg.tanh(a23 * b45)).sum(), Tg.ShapeError.BROADCAST,
        'multiply (a: f64[2, 3], b: f32[4, 5]): the shapes cannot be broadcast together'),
    'elements of other dimensions than what they are put into': (
        lambda s, **_: Tg.untake_along_axis(s, [2], [0]), Tg.ShapeError.NDIM,
        'untake_along_axis (s: f64[], [2]: i64[1], [0]: i64[1]): x must have as many dimensions '
        'as shape names, 1'),
    'a random dtype that is no float': (
        lambda **_: Tg.RandomStreams(1).uniform((2,), dtype='int32'), Tg.TypeError.DTYPE,
        'random_uniform (random_state_0: i64[3], [2]: i64[1]): dtype must be a '
        'floating-point one, not int32'),
    'a count of complex dtype': (
        lambda **_: Tg.RandomStreams(1).poisson((2,), 3., dtype='complex64'), Tg.TypeError.DTYPE,
        'random_poisson (random_state_0: i64[3], [2]: i64[1], 3.0: f64[]): dtype must be one '
        'of real numbers, not complex64'),
    'random integers between floats': (
        lambda **_: Tg.RandomStreams(1).integers(0., 3.), Tg.TypeError.DTYPE,
        'random_integers (random_state_0: i64[3], []: i64[0], 0.0: f64[], 3.0: f64[]): '
        'random_integers is not defined for float64'),
    'parameters that do not fit the size': (
        lambda a23, **_: Tg.RandomStreams(1).poisson((3, 2), a23), Tg.ShapeError.BROADCAST,
        'random_poisson (random_state_0: i64[3], [3, 2]: i64[2], a: f64[2, 3]): lam of shape '
        '[2, 3] cannot be broadcast to [3, 2]'),
    'a scale that does not fit the size': (
        lambda a23, **_: Tg.RandomStreams(1).normal(3, std=a23), Tg.ShapeError.BROADCAST,
        'broadcast_to (check_positive(a): f64[2, 3], [3]: i64[1]): x cannot be '
        'broadcast to [3]'),
    'parameters that do not fit each other': (
        lambda a23, b45, **_: Tg.RandomStreams(1).gamma(None, a23, b45), Tg.ShapeError.BROADCAST,
        'broadcast_shape (a: f64[2, 3], b: f32[4, 5]): the shapes cannot be broadcast together'),
    'a state that is none': (
        lambda **_: Tg.random_uniform([1, 2], 3), Tg.ShapeError.MISMATCH,
        'random_uniform ([1, 2]: i64[2], [3]: i64[1]): state must have 3 elements'),
    'probabilities without an axis': (
        lambda **_: Tg.random_categorical([1, 2, 3], 3, 0.5), Tg.ShapeError.NDIM,
        'random_categorical ([1, 2, 3]: i64[3], [3]: i64[1], 0.5: f64[]): p must have a last '
        'axis'),
    'a choice from a matrix': (
        lambda a23, **_: Tg.random_choice([1, 2, 3], 3, a23), Tg.ShapeError.NDIM,
        'random_choice ([1, 2, 3]: i64[3], [3]: i64[1], a: f64[2, 3]): p must be a vector'),
    'a permutation of nothing': (
        lambda **_: Tg.random_permutation([1, 2, 3], []), Tg.ShapeError.NDIM,
        'random_permutation ([1, 2, 3]: i64[3], []: i64[0]): shape must have a last axis, that '
        'of the permutations'),
    'a shuffle of a number': (
        lambda s, **_: Tg.RandomStreams(1).shuffle(s), Tg.ShapeError.AXIS,
        'random_shuffle (random_state_0: i64[3], s: f64[]): axis 0 is out of range for 0 '
        'dimensions'),
    'a negative scale': (
        lambda **_: Tg.RandomStreams(1).normal(std=-1.), Tg.TypeError.VALUE,
        'check_positive (-1.0: f64[]): x must be 0 or more, not -1'),
    'no degrees of freedom': (
        lambda **_: Tg.RandomStreams(1).chisquare(df=0), Tg.TypeError.VALUE,
        'check_positive (0: i64[]): x must be more than 0, not 0'),
    'a probability above 1': (
        lambda **_: Tg.RandomStreams(1).bernoulli(2, [0.5, 1.5]), Tg.TypeError.VALUE,
        'random_binomial (random_state_0: i64[3], [2]: i64[1], 1: i64[], [0.5, 1.5]: f64[2]): p '
        'must be between 0 and 1, not 1.5'),
    'half a trial': (
        lambda **_: Tg.RandomStreams(1).binomial(n=2.5), Tg.TypeError.VALUE,
        'random_binomial (random_state_0: i64[3], []: i64[0], 2.5: f64[], 0.5: f64[]): n must '
        'be a whole number between 0 and 2^53, not 2.5'),
    'a negative mean': (
        lambda **_: Tg.RandomStreams(1).poisson(lam=-1.), Tg.TypeError.VALUE,
        'random_poisson (random_state_0: i64[3], []: i64[0], -1.0: f64[]): lam must be between '
        '0 and 9.2e18, not -1'),
    'no integers': (
        lambda **_: Tg.RandomStreams(1).integers(3, 3), Tg.TypeError.VALUE,
        'random_integers (random_state_0: i64[3], []: i64[0], 3: i64[], 3: i64[]): low must be '
        'less than high, not 3 and 3'),
    'no integers with both ends': (
        lambda **_: Tg.RandomStreams(1).random_integers(low=4, high=3), Tg.TypeError.VALUE,
        'random_integers (random_state_0: i64[3], []: i64[0], 4: i64[], 3: i64[]): low must be '
        'at most high, not 4 and 3'),
    'ends of a uniform distribution': (
        lambda **_: Tg.RandomStreams(1).uniform(low=2., high=1.5), Tg.TypeError.VALUE,
        'uniform: low must be at most high, not 2 and 1.5'),
    'ends of a truncated distribution': (
        lambda **_: Tg.RandomStreams(1).truncated_normal(low=2.), Tg.TypeError.VALUE,
        'random_truncated_normal (random_state_0: i64[3], []: i64[0], 2.0: f64[], 2.0: f64[]): '
        'low must be less than high, not 2 and 2'),
    'probabilities that are not all': (
        lambda **_: Tg.RandomStreams(1).categorical(3, [0.5, 0.4]), Tg.TypeError.VALUE,
        'random_categorical (random_state_0: i64[3], [3]: i64[1], [0.5, 0.4]: f64[2]): p must '
        'sum to 1 along its last axis, not to 0.9'),
}


@pytest.mark.parametrize('mistake', BUILD)
def test_building(mistake):
    check_mistake(*BUILD[mistake])


@pytest.mark.parametrize('action, message', [
    (lambda: Tg.exp(None), 'exp: x: expected a variable, a number or an array, not None'),
    (lambda: Tg.dscalar('x') + None, 'add: y: expected a variable, a number or an array, not None'),
    (lambda: None * Tg.dscalar('x'),
     'multiply: x: expected a variable, a number or an array, not None'),
    (lambda: Tg.maximum(1, object()), 'maximum: y: expected a number or an array, not object'),
    (lambda: Tg.exp('x'), 'exp: x: expected a number or an array, not str'),
    (lambda: Tg.exp(np.longdouble(1)), 'exp: x: float128 is none of the dtypes bool, int8, int16, '
     'int32, int64, uint8, uint16, uint32, uint64, float16, bfloat16, float32, float64, complex64, '
     'complex128'),
    (lambda: Tg.concat(Tg.dvector()), 'concat: xs: expected a list of variables, not one variable'),
    (lambda: Tg.sum(1, axis=0.5), "sum: axis: 'float' object cannot be interpreted as an integer"),
    (lambda: Tg.zeros(2.5), "zeros: shape: 'float' object cannot be interpreted as an integer"),
    (lambda: Tg.zeros((2, 2.5)),
     "zeros: shape: 'float' object cannot be interpreted as an integer"),
    (lambda: Tg.zeros(2, 'M8'), 'zeros: dtype: datetime64 is none of the dtypes bool, int8, int16, '
     'int32, int64, uint8, uint16, uint32, uint64, float16, bfloat16, float32, float64, complex64, '
     'complex128'),
    (lambda: Tg.grad(None, Tg.dscalar()), 'cost: expected a variable, not None'),
    (lambda: Tg.grad(Tg.dscalar(), [None]), 'wrt[0]: expected a variable, not None'),
    (lambda: Tg.grad(Tg.dscalar(), Tg.dscalar(), consider_constant=[1]),
     'consider_constant[0]: expected a variable, not int'),
    (lambda: Tg.grad(None, Tg.dscalar(), known_grads={1: 2}),
     'known_grads: expected a variable, not int'),
    (lambda: Tg.vjp([Tg.dscalar()], Tg.dscalar(), [1, 2]), 'cotangents: expected 1, not 2'),
    (lambda: Tg.jvp(Tg.dscalar(), [Tg.dscalar()], []), 'tangents: expected 1, not 0'),
    (lambda: Tg.hvp(Tg.dscalar(), 3, []), 'wrt: expected a list of variables, not int'),
    (lambda: Tg.function([None], 1), 'inputs[0]: expected a variable, not None'),
    (lambda: Tg.function(Tg.dscalar(), 1),
     'inputs: expected a list of variables, not one variable'),
    (lambda: Tg.function([], [None]),
     'outputs[0]: expected a variable, a number or an array, not None'),
    (lambda: Tg.function([], 1, updates=[3]),
     'updates: expected a dictionary or a list of pairs, not int'),
    (lambda: Tg.function([], 1, updates={3: 4}), 'updates: expected a variable, not int'),
    (lambda: Tg.function([], 1, givens={3: 4}), 'givens: expected a variable, not int'),
    (lambda: Tg.zeros(Tg.function([], 1)), "zeros: shape: 'Function' object cannot be interpreted "
                                           'as an integer'),
    (lambda: Tg.Constant(3), 'a Tg.Constant is made by Tg.constant()'),
    (lambda: Tg.Variable(), 'a Tg.Variable is made by Tg.tensor() and the operators'),
    (lambda: Tg.SharedVariable(), 'a Tg.SharedVariable is made by Tg.shared()'),
    (lambda: Tg.Function(), 'a Tg.Function is made by Tg.function()'),
    (lambda: Tg.Op(), 'a Tg.Op is made by Tg.Op.lookup()'),
    (lambda: Tg.shared(None), 'expected a number or an array, not None'),
    (lambda: Tg.shared(Tg.dscalar()), 'a symbolic variable has no elements before a function '
                                      'computes it'),
    (lambda: Tg.parse('x', None), 'variables[0]: expected a variable, not None'),
])
def test_wrong_python_types(action, message):
    with pytest.raises(TypeError) as error:
        action()

    assert str(error.value) == message


# Mistakes while a function is made

COMPILE = {
    'a variable that is no input': (
        lambda x, v, **_: Tg.function([x], (x * v).sum()), Tg.CompileError.MISSING_INPUT,
        'function: an output needs v: f64[?], which is not among the inputs'),
    'a variable without a name that is no input': (
        lambda **_: Tg.function([], Tg.exp(Tg.fmatrix()), name='f'),
        Tg.CompileError.MISSING_INPUT,
        'f: an output needs f32[?, ?], which is not among the inputs'),
    'an input twice': (
        lambda x, **_: Tg.function([x, x], x), Tg.CompileError.INPUT,
        'function: x: f64[?, ?] is an input twice'),
    'a constant as an input': (
        lambda **_: Tg.function([Tg.constant(1, 'one')], 1), Tg.CompileError.INPUT,
        'function: one: i64[] cannot be an input: it is a constant'),
    'a shared variable as an input': (
        lambda w, **_: Tg.function([w], w), Tg.CompileError.INPUT,
        'function: w: f64[3] cannot be an input: it is shared; use givens'),
    'an input that is not used': (
        lambda x, v, **_: Tg.function([x, v], x), Tg.CompileError.UNUSED,
        'function: the input v: f64[?] is not used by any output or update'),
    'an update of what is not shared': (
        lambda v, **_: Tg.function([v], [], updates=[(v, v + 1)]), Tg.CompileError.UPDATE,
        'function: v: f64[?] cannot be updated: it is not shared'),
    'an update of another dtype': (
        lambda count, s, **_: Tg.function([s], [], updates={count: count + s}),
        Tg.CompileError.UPDATE,
        'function: count: i64[] cannot be updated by a value of type f64[]: the dtype '
        'differs'),
    'an update of another number of dimensions': (
        lambda w, **_: Tg.function([], [], updates={w: w.sum()}), Tg.CompileError.UPDATE,
        'function: w: f64[3] cannot be updated by a value of type f64[]: the number of '
        'dimensions differs'),
    'an update of another shape': (
        lambda w, **_: Tg.function([], [], updates={w: Tg.concat([w, w])}),
        Tg.CompileError.UPDATE,
        'function: w: f64[3] cannot be updated by a value of type f64[6]: the shape differs'),
    'two updates of one variable': (
        lambda w, **_: Tg.function([], [], updates=[(w, w + 1), (w, w + 2)]),
        Tg.CompileError.UPDATE,
        'function: w: f64[3] is updated twice'),
    'a given of another type': (
        lambda v, n, **_: Tg.function([n], v * 2, givens={v: n}), Tg.CompileError.GIVEN,
        'function: v: f64[?] cannot be replaced by n: i64[]: the types differ'),
}


@pytest.mark.parametrize('mistake', COMPILE)
def test_compiling(mistake):
    check_mistake(*COMPILE[mistake])


# Gradients

GRAD = {
    'of a matrix': (lambda x, **_: Tg.grad(x * 2, x), Tg.GradError.SHAPE,
        'grad: the cost must be 0-d, not x * 2: f64[?, ?]'),
    'of an integer': (lambda n, s, **_: Tg.grad(n * 2, n), Tg.GradError.DTYPE,
        'grad: the cost must be of a floating-point dtype, not n * 2: i64[]'),
    'for an integer': (lambda n, s, **_: Tg.grad(n * s, n), Tg.GradError.DTYPE,
        'grad: n: i64[] has no gradient: it is neither floating-point nor complex'),
    'that is disconnected': (lambda s, v, **_: Tg.grad(s * 2, [s, v]),
                             Tg.GradError.DISCONNECTED,
                             'grad: the cost, s * 2: f64[], does not depend on v: f64[?] by '
                             'differentiable operators'),
    'through a comparison': (
        lambda s, **_: Tg.grad((s > 0).astype('float64'), s), Tg.GradError.DISCONNECTED,
        'grad: the cost, astype(greater(…)): f64[], does not depend on s: f64[] by '
        'differentiable operators'),
    'that nobody knows': (
        lambda s, **_: Tg.grad(Tg.polygamma(s, 2.0), s), Tg.GradError.UNDEFINED,
        'polygamma (s: f64[], 2.0: f64[]): there is no gradient for n'),
    'that is stopped': (
        lambda s, **_: Tg.grad(Tg.stop_gradient(s), s), Tg.GradError.DISCONNECTED,
        'grad: the cost, stop_gradient(s): f64[], does not depend on s: f64[] by '
        'differentiable operators'),
    'that is undefined': (
        lambda s, **_: Tg.grad(Tg.undefined_grad(s), s), Tg.GradError.UNDEFINED,
        'undefined_grad (s: f64[]): there is no gradient for x'),
    'for an integer, forward': (
        lambda n, s, **_: Tg.jvp(n * s, n, n), Tg.GradError.DTYPE,
        'jvp: n: i64[] has no gradient: it is neither floating-point nor complex'),
    'of an integer, forward': (
        lambda n, s, **_: Tg.jvp(n * 2, s, 1), Tg.GradError.DTYPE,
        'jvp: n * 2: i64[] has no gradient: it is neither floating-point nor complex'),
    'of an integer, in reverse': (
        lambda n, s, **_: Tg.vjp(n * 2, s, 1), Tg.GradError.DTYPE,
        'vjp: n * 2: i64[] has no gradient: it is neither floating-point nor complex'),
    'that is undefined, forward': (
        lambda s, **_: Tg.jvp(Tg.undefined_grad(s), s, 1), Tg.GradError.UNDEFINED,
        'undefined_grad (s: f64[]): there is no gradient for x'),
    'known, of another shape': (
        lambda a23, v, **_: Tg.grad(None, a23, known_grads={a23 * 2: v}), Tg.GradError.SHAPE,
        'grad: the known gradient of a * 2: f64[2, 3] cannot be v: f64[?]: the shapes differ'),
    'known, of another dtype': (
        lambda a23, **_: Tg.grad(None, a23, known_grads={a23 * 2: a23.astype('float32')}),
        Tg.GradError.DTYPE,
        'grad: the known gradient of a * 2: f64[2, 3] cannot be astype(a): f32[2, 3]: the dtypes '
        'differ'),
    'known, of an integer': (
        lambda n, s, **_: Tg.grad(s, s, known_grads={n: n}), Tg.GradError.DTYPE,
        'grad: n: i64[] has no gradient: it is neither floating-point nor complex'),
    'of known gradients that do not depend on it': (
        lambda s, v, **_: Tg.grad(None, v, known_grads={s: 1}), Tg.GradError.DISCONNECTED,
        'grad: no variable of known gradient depends on v: f64[?] by differentiable operators'),
    'of a cost and known gradients that do not depend on it': (
        lambda s, v, **_: Tg.grad(s * 2, v, known_grads={s: 1}), Tg.GradError.DISCONNECTED,
        'grad: neither the cost, s * 2: f64[], nor a variable of known gradient depends on '
        'v: f64[?] by differentiable operators'),
    'without a cost': (
        lambda s, **_: Tg.grad_with_options(None, [s], None), Tg.TypeError.ARGUMENTS,
        'grad: there must be a cost, or a known gradient'),
    'with a cotangent of another shape': (
        lambda a23, **_: Tg.vjp(a23 * 2, a23, np.ones((3, 2))), Tg.GradError.SHAPE,
        'vjp: the cotangent of a * 2: f64[2, 3] cannot be [[1.0, 1.0], [1.0, 1.0], [1.0, 1.0]]: '
        'f64[3, 2]: the shapes differ'),
    'with a tangent of another number of dimensions': (
        lambda v, s, **_: Tg.jvp(v * 2, v, s), Tg.GradError.SHAPE,
        'jvp: the tangent of v: f64[?] cannot be s: f64[]: the shapes differ'),
    'with a tangent of another dtype': (
        lambda s, n, **_: Tg.jvp(s * 2, s, n), Tg.GradError.DTYPE,
        'jvp: the tangent of s: f64[] cannot be n: i64[]: the dtypes differ'),
    'with a vector of another shape': (
        lambda v, s, **_: Tg.hvp((v ** 2).sum(), v, s), Tg.GradError.SHAPE,
        'hvp: the vector of v: f64[?] cannot be s: f64[]: the shapes differ'),
    'of outputs that do not depend on it': (
        lambda s, v, **_: Tg.vjp(s * 2, v, 1), Tg.GradError.DISCONNECTED,
        'vjp: the output, s * 2: f64[], does not depend on v: f64[?] by differentiable operators'),
    'of several outputs that do not depend on it': (
        lambda s, v, **_: Tg.vjp([s, s], v, [1, 1]), Tg.GradError.DISCONNECTED,
        'vjp: none of the outputs depends on v: f64[?] by differentiable operators'),
    'custom, more than inputs': (
        lambda s, **_: Tg.custom_gradient(s * 2, s, lambda g: [g, g]), Tg.TypeError.ARGUMENTS,
        'custom_gradient: there must be as many gradients as inputs, and at least one, not 2 and '
        '1'),
    'custom, of an integer': (
        lambda n, s, **_: Tg.custom_gradient(n * 2, s, lambda g: g), Tg.GradError.DTYPE,
        'custom_gradient: n * 2: i64[] has no gradient: it is neither floating-point nor complex'),
    'custom, of another shape': (
        lambda x, v, **_: Tg.grad(Tg.custom_gradient(v.sum(), x, lambda g: v * g), x),
        Tg.ShapeError.BROADCAST,
        'the gradient number 1 of with_gradient: sum_to (v * 1.0: f64[?], shape(x): i64[2]): '
        'x cannot be summed to [?, ?]'),
    'in text that cannot be read': (
        lambda s, **_: Tg.with_gradient([s, s], 'g +'), Tg.ParseError.SYNTAX,
        'with_gradient (s: f64[], s: f64[]): gradient: 1:4: expected an expression, not the end'),
    'in text, more than inputs': (
        lambda s, **_: Tg.with_gradient([s, s], 'g, g'), Tg.TypeError.ARGUMENTS,
        'with_gradient (s: f64[], s: f64[]): there are more gradients than inputs that could have '
        'one: 2, not 1'),
    'in text of an unknown name': (
        lambda s, **_: Tg.grad(Tg.with_gradient([s, s], 'g * y'), s), Tg.ParseError.NAME,
        'the gradient number 1 of with_gradient: 1:5: there is no variable “y”'),
    'a Jacobian that is disconnected': (
        lambda x, v, **_: Tg.jacobian(x * 2, v), Tg.GradError.DISCONNECTED,
        'jacobian: the expression, x * 2: f64[?, ?], does not depend on v: f64[?] by '
        'differentiable operators'),
    'a Jacobian of integers': (
        lambda n, s, **_: Tg.jacobian(n * 2, s), Tg.GradError.DTYPE,
        'jacobian: it takes variables of floating-point dtypes alone, not n * 2: i64[]'),
    'a Jacobian for integers': (
        lambda n, s, **_: Tg.jacobian(n * s, n), Tg.GradError.DTYPE,
        'jacobian: it takes variables of floating-point dtypes alone, not n: i64[]'),
    'a Hessian of a vector': (
        lambda v, **_: Tg.hessian(v * 2, v), Tg.GradError.SHAPE,
        'grad: the cost must be 0-d, not v * 2: f64[?]'),
    'along a new axis without a rule': (
        lambda s, v, **_: Tg.vectorize(Tg.arange(s), {s: v}), Tg.GradError.UNDEFINED,
        'vectorize: arange (0: i64[], s: f64[], 1: i64[]): there is no rule for arange'),
    'along a new axis, of which the result would have no shape': (
        lambda v, x, **_: Tg.vectorize(Tg.nonzero(v), {v: x}), Tg.GradError.UNDEFINED,
        'vectorize: nonzero (v: f64[?]): there is no rule for nonzero'),
    'along a new axis of sorted vectors': (
        lambda v, x, **_: Tg.vectorize(Tg.searchsorted(v, 1.5), {v: x}), Tg.GradError.UNDEFINED,
        'vectorize: searchsorted (v: f64[?], 1.5: f64[]): there is no rule for different values '
        'of x along the new axis'),
    'along a new axis of values and positions': (
        lambda v, x, n, **_: Tg.vectorize(Tg.take(v, n, 0), {v: x, n: Tg.lvector('ns')}),
        Tg.GradError.UNDEFINED,
        'vectorize: take (v: f64[?], n: i64[]): there is no rule for different values of '
        'indices along the new axis'),
    'along a new axis of positions': (
        lambda n, v, **_: Tg.vectorize(v[n], {n: Tg.lvector('ns')}), Tg.GradError.UNDEFINED,
        'vectorize: index (v: f64[?], n: i64[]): there is no rule for different values of '
        'index along the new axis'),
    'along an axis that is not there': (
        lambda s, x, **_: Tg.vectorize(s * 2, {s: x}), Tg.ShapeError.MISMATCH,
        'vectorize: s: f64[] cannot be replaced by x: f64[?, ?]: it needs the same dtype, and one '
        'more axis in front'),
    'along an axis, of another dtype': (
        lambda s, **_: Tg.vectorize(s * 2, {s: Tg.fvector('f')}), Tg.ShapeError.MISMATCH,
        'vectorize: s: f64[] cannot be replaced by f: f32[?]: it needs the same dtype, and one '
        'more axis in front'),
    'along axes that differ': (
        lambda s, n, **_: Tg.vectorize(s * n, {s: np.ones(3), n: np.array([1, 2])}),
        Tg.ShapeError.MISMATCH,
        'vectorize: the replacements differ along the first axis: 3 and 2'),
    'along no axis': (
        lambda s, **_: Tg.vectorize(s * 2, {}), Tg.TypeError.ARGUMENTS,
        'vectorize: there must be as many variables as replacements, and at least one, not 0 and '
        '0'),
}


@pytest.mark.parametrize('mistake', GRAD)
def test_gradients(mistake):
    check_mistake(*GRAD[mistake])


# Text

@pytest.mark.parametrize('text, code, message', [
    ('x +', Tg.ParseError.SYNTAX, '1:4: expected an expression, not the end'),
    ('x ? 2', Tg.ParseError.SYNTAX, '1:3: expected an operator or the end, not “?”'),
    ('x * z', Tg.ParseError.NAME, '1:5: there is no variable “z”'),
    ('sin (x, x)', Tg.ParseError.VALUE, '1:1: sin takes 1 argument, not 2'),
    ('fun (x)', Tg.ParseError.NAME, '1:1: there is no operator “fun”'),
    ('sum (x, axes=0)', Tg.ParseError.NAME, '1:1: sum has no argument “axes”'),
    ('1e999', Tg.ParseError.NUMBER, '1:1: 1e999 is too large'),
    ('x @ [1, 2]', Tg.ShapeError.MISMATCH,
     '1:3: matmul (x: f64[3], [1, 2]: i64[2]): dimensions that belong together differ: 3 and 2'),
])
def test_parsing(text, code, message):
    check(lambda: Tg.parse(text, Tg.tensor('float64', (3,), 'x')), code, message)
