# SPDX-License-Identifier: LGPL-2.1-or-later
"""Mistakes: each gets an error that names operator, shapes, dtypes and variable, and nothing else.

Messages are compared whole: they are what a person sees first.
"""

import gi

gi.require_version('Tg', '1')

import numpy as np
import pytest
from gi.repository import Gio, GLib, Tg
from messages import without_places


def check(action, code, message):
    """The action fails with exactly that error; test-places.py looks at the places behind it."""
    with pytest.raises(GLib.Error) as error:
        action()
    assert without_places(error.value.message) == message
    quark = Gio.io_error_quark() if isinstance(code, Gio.IOErrorEnum) else type(code).quark()
    assert error.value.matches(quark, code)


def symbols():
    return {
        'x': Tg.dmatrix('x'),
        'v': Tg.dvector('v'),
        's': Tg.dscalar('s'),
        'n': Tg.lscalar('n'),
        'b': Tg.tensor('bool', (None,), 'b'),
        'a23': Tg.tensor('float64', (2, 3), 'a'),
        'b45': Tg.tensor('float32', (4, 5), 'b'),
        'w': Tg.shared(np.zeros(3), 'w'),
        'count': Tg.shared(0, 'count'),
    }


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
    action, code, message = BUILD[mistake]

    check(lambda: action(**symbols()), code, message)


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
    action, code, message = COMPILE[mistake]

    check(lambda: action(**symbols()), code, message)


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
        lambda v, **_: Tg.grad(Tg.grad(v.prod(), v).sum(), v), Tg.GradError.UNDEFINED,
        'product_of_others (v: f64[?]): there is no gradient for x'),
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
    action, code, message = GRAD[mistake]

    check(lambda: action(**symbols()), code, message)


# Mistakes of a call

def test_wrong_inputs():
    x, v, s = Tg.dmatrix('x'), Tg.dvector('v'), Tg.tensor('float32', (None, 3), 's')
    f = Tg.function([x, v], x @ v, name='product')
    g = Tg.function([s], s * 2)

    check(lambda: f(np.ones(3), np.ones(3)), Tg.RunError.INPUT,
          'product: the input x: f64[?, ?] cannot be a value of type f64[3]')
    check(lambda: f(np.ones((2, 3)), np.ones(4)), Tg.ShapeError.MISMATCH,
          'product: matmul (x: f64[2, 3], v: f64[4]): dimensions that belong together differ: '
          '3 and 4')
    check(lambda: g(np.ones((2, 4), 'float32')), Tg.RunError.INPUT,
          'function: the input s: f32[?, 3] cannot be a value of type f32[2, 4]')
    check(lambda: g(np.ones((2, 3))), Tg.RunError.INPUT,
          'function: the input s: f32[?, 3] cannot be a value of type f64[2, 3] without loss: '
          'array([[1., 1., 1.], [1., 1., 1.]])')


@pytest.mark.parametrize('args, kwargs, message', [
    ((), {}, 'sum: the input x is missing'),
    ((1,), {}, 'sum: the input y is missing'),
    ((1, 2, 3), {}, 'sum: expected at most 2 values, not 3'),
    ((1,), {'z': 3}, 'sum: the input y is missing'),
    ((1, 2), {'z': 3}, 'sum: there is no input “z”'),
    ((1, 2), {'x': 3}, 'sum: the input “x” has two values'),
    ((None, 2), {}, 'x: expected a number or an array, not None'),
    (('a', 2), {}, 'x: expected a number or an array, not str'),
    ((1, 'b'), {}, 'y: expected a number or an array, not str'),
    ((Tg.dscalar(), 2), {}, 'x: expected a value, not a symbolic variable'),
])
def test_wrong_calls(args, kwargs, message):
    x, y = Tg.dscalars('x', 'y')
    f = Tg.function([x, y], x + y, name='sum')

    with pytest.raises((TypeError, ValueError)) as error:
        f(*args, **kwargs)

    assert str(error.value) == message
    assert f(1, 2) == 3


def test_ragged_lists():
    x = Tg.dmatrix('x')
    f = Tg.function([x], x)

    with pytest.raises(ValueError, match='^x: .*inhomogeneous'):
        f([[1, 2], [3]])


# Mistakes in what functions are told about inputs, modes and copies

FUNCTION = {
    'a default of another kind': (
        lambda n, **_: Tg.function([Tg.In(n, value=1.5)], n), Tg.RunError.INPUT,
        'function: the default value: the input n: i64[] cannot be a value of type f64[] without '
        'loss: array(1.5)'),
    'a default of another shape': (
        lambda v, **_: Tg.function([Tg.In(v, value=2)], v, name='f'), Tg.RunError.INPUT,
        'f: the default value: the input v: f64[?] cannot be a value of type f64[]'),
    'a default that is not strictly of the dtype': (
        lambda s, **_: Tg.function([Tg.In(s, value=2, strict=True)], s), Tg.RunError.INPUT,
        'function: the default value: the input s: f64[] cannot be a value of type i64[]: it is '
        'strict'),
    'a shared default of another type': (
        lambda v, count, **_: Tg.function([Tg.In(v, value=count)], v), Tg.CompileError.INPUT,
        'function: count: i64[] cannot hold the default of the input v: f64[?]: the types differ'),
    'an update without a default': (
        lambda s, **_: Tg.function([Tg.In(s, update=s + 1)], s), Tg.CompileError.UPDATE,
        'function: the input s: f64[] has an update, but no default value'),
    'an update of a default of another type': (
        lambda s, v, **_: Tg.function([Tg.In(s, value=1, update=v), v], s), Tg.CompileError.UPDATE,
        'function: s: f64[] cannot be updated by a value of type f64[?]: the number of dimensions '
        'differs'),
    'a default updated twice': (
        lambda w, v, **_: Tg.function([Tg.In(v, value=w, update=v * 2)], w, updates={w: w + 1}),
        Tg.CompileError.UPDATE, 'function: w: f64[3] is updated twice'),
    'an input that is shared': (
        lambda w, **_: Tg.function([Tg.In(w)], w), Tg.CompileError.INPUT,
        'function: w: f64[3] cannot be an input: it is shared; use givens'),
    'an input twice': (
        lambda s, **_: Tg.function([s, Tg.In(s, name='t')], s), Tg.CompileError.INPUT,
        'function: s: f64[] is an input twice'),
    'an input that is not used': (
        lambda s, v, **_: Tg.function([s, v], s), Tg.CompileError.UNUSED,
        'function: the input v: f64[?] is not used by any output or update'),
    'an unknown mode': (
        lambda s, **_: Tg.function([s], s, mode='fast'), Tg.CompileError.MODE,
        'there is no mode “fast”: a mode is a backend (reference), check or check-finite, or '
        'several of them with commas between'),
    'an unknown backend': (
        lambda **_: Tg.Mode('llvm'), Tg.CompileError.MODE,
        'there is no backend “llvm”; those that there are: reference'),
    'a swap of a variable that is not there': (
        lambda w, count, **_: Tg.function([], w).copy(swap={count: count}), Tg.CompileError.GIVEN,
        'function: copy: count: i64[] cannot be swapped: it is not a shared variable of the '
        'function'),
    'a swap for another type': (
        lambda w, count, **_: Tg.function([], w).copy(swap={w: count}), Tg.CompileError.GIVEN,
        'function: copy: w: f64[3] cannot be swapped for count: i64[]: the types differ'),
    'a swap for a symbol': (
        lambda w, v, **_: Tg.function([], w).copy(swap={w: v}), Tg.CompileError.GIVEN,
        'function: copy: w: f64[3] cannot be swapped for v: f64[?], which is not shared'),
    'a swap that updates twice': (
        lambda w, **_: Tg.function([], [], updates={w: w + 1, (o := Tg.shared(np.zeros(3), 'o')):
                                                    o + 1}).copy(swap={w: o}),
        Tg.CompileError.UPDATE, 'function: copy: o: f64[3] is updated twice'),
}


@pytest.mark.parametrize('mistake', FUNCTION)
def test_functions(mistake):
    action, code, message = FUNCTION[mistake]
    variables = symbols()

    check(lambda: action(**variables), code, message)

    assert variables['w'].get_value().tolist() == [0, 0, 0] and variables['count'].get_value() == 0


@pytest.mark.parametrize('action, message', [
    (lambda x: Tg.function(x, x), 'inputs: expected a list of variables, not one variable'),
    (lambda x: Tg.function([1], x), 'inputs[0]: expected a variable, not int'),
    (lambda x: Tg.function([Tg.In(1)], x), 'In: expected a variable, not int'),
    (lambda x: Tg.function([x], x, updates=[x]),
     'updates: expected a dictionary or a list of pairs, not Variable'),
    (lambda x: Tg.function([x], x, no_default_updates=x),
     'no_default_updates: expected True or a list, not one variable'),
    (lambda x: Tg.function([x], x).copy(swap={x: 2}), 'swap: expected a variable, not int'),
    (lambda x: Tg.In(x, value='a'), 'x: expected a number or an array, not str'),
    (lambda x: Tg.function([x], x, on_unused_input='no'),
     "on_unused_input: expected 'raise', 'warn' or 'ignore', not 'no'"),
])
def test_wrong_parts_of_functions(action, message):
    with pytest.raises((TypeError, ValueError)) as error:
        action(Tg.dscalar('x'))

    assert str(error.value) == message


# What a call is given: the inputs, a mode, the arguments, the error.
CALL = {
    'a value that is too precise': (
        lambda: [Tg.In(Tg.fscalar('s'), allow_downcast=False)], None, [0.1], Tg.RunError.INPUT,
        'f: the input s: f32[] cannot be a value of type f64[] without loss: array(0.1)'),
    'an integer that is none': (
        lambda: [Tg.lscalar('n')], None, [2.5], Tg.RunError.INPUT,
        'f: the input n: i64[] cannot be a value of type f64[] without loss: array(2.5)'),
    'many values': (
        lambda: [Tg.lvector('n')], None, [np.ones(9)], Tg.RunError.INPUT,
        'f: the input n: i64[?] cannot be a value of type f64[9] without loss'),
    'a strict dtype': (
        lambda: [Tg.In(Tg.fvector('v'), strict=True)], None, [np.ones(2)], Tg.RunError.INPUT,
        'f: the input v: f32[?] cannot be a value of type f64[2]: it is strict'),
    'an integer that is too large': (
        lambda: [Tg.In(Tg.iscalar('n'), allow_downcast=False)], None, [2**31], Tg.RunError.INPUT,
        'f: the input n: i32[] cannot be a value of type i64[] without loss: array(2147483648)'),
    'a shape that is known': (
        lambda: [Tg.tensor('float64', (3,), 'v')], None, [np.ones(4)], Tg.RunError.INPUT,
        'f: the input v: f64[3] cannot be a value of type f64[4]'),
    'a shared default of the wrong size': (
        lambda: [Tg.In(Tg.tensor('float64', (3,), 'v'),
                       value=Tg.shared(np.ones(4), shape=(None,)))],
        None, [], Tg.RunError.INPUT,
        'f: the input v: f64[3] cannot be a value of type f64[4]'),
    'nan as an argument': (
        lambda: [Tg.dmatrix('x')], 'check-finite', [[[1, 2], [np.nan, 0]]],
        Tg.RunError.NOT_FINITE, 'f: x: f64[?, ?] is nan at [1, 0]'),
    'inf in single precision': (
        lambda: [Tg.fvector('x')], 'check-finite', [[1, -np.inf]],
        Tg.RunError.NOT_FINITE, 'f: x: f32[?] is -inf at [1]'),
    'inf in half precision': (
        lambda: [Tg.tensor('bfloat16', (None,), 'x')], 'check-finite', [[1, np.inf]],
        Tg.RunError.NOT_FINITE, 'f: x: bf16[?] is inf at [1]'),
    'nan as an imaginary part': (
        lambda: [Tg.tensor('complex64', (), 'x')], 'check-finite', [complex(1, np.nan)],
        Tg.RunError.NOT_FINITE, 'f: x: c64[] is nan'),
    'inf as a result': (
        lambda: [Tg.dmatrix('x')], 'check-finite', [np.full((2, 2), 800.)],
        Tg.RunError.NOT_FINITE, 'f: exp (x: f64[2, 2]): the result is inf at [0, 0]'),
}


@pytest.mark.parametrize('mistake', CALL)
def test_calling(mistake):
    make_inputs, mode, arguments, code, message = CALL[mistake]
    inputs = make_inputs()
    variable = inputs[0].variable if isinstance(inputs[0], Tg.In) else inputs[0]
    w = Tg.shared(5)
    f = Tg.function(inputs, Tg.exp(variable), updates={w: w + 1}, name='f', mode=mode)

    check(lambda: f(*arguments), code, message)

    assert w.get_value() == 5


def test_a_shared_value_that_is_not_finite():
    w, x = Tg.shared([1, np.inf], 'w'), Tg.dscalar('x')
    f = Tg.function([x], w * x, mode='check-finite')

    check(lambda: f(1), Tg.RunError.NOT_FINITE, 'function: w: f64[2] is inf at [1]')

    w.set_value([1, 2])
    assert f(2).tolist() == [2, 4]


def test_defaults_after_a_mistake():
    x, y = Tg.dvectors('x', 'y')
    f = Tg.function([x, Tg.In(y, value=[1, 2], update=x + y)], y, name='f')

    check(lambda: f([1, 2, 3]), Tg.ShapeError.BROADCAST,
          'f: add (x: f64[3], y: f64[2]): the shapes cannot be broadcast together')

    assert f['y'].tolist() == [1, 2]
    with pytest.raises(KeyError) as error:
        f['x']
    assert error.value.args == ('f: no input x has a default value',)


def test_a_cancelled_call():
    w = Tg.shared(1)
    f = Tg.function([], [], updates={w: w + 1})
    cancellable = Gio.Cancellable.new()
    cancellable.cancel()
    cancellable.push_current()

    check(f, Gio.IOErrorEnum.CANCELLED, 'function: the call was cancelled')

    cancellable.pop_current()
    assert w.get_value() == 1


# What only the values show: the expression, right values, wrong ones and the error.
RUN = {
    'broadcast': (
        lambda: [Tg.dmatrix('x'), Tg.dmatrix('y')], lambda x, y: Tg.exp(x + y),
        [np.ones((2, 3)), np.ones((1, 3))], [np.ones((2, 3)), np.ones((4, 3))],
        Tg.ShapeError.BROADCAST,
        'f: add (x: f64[2, 3], y: f64[4, 3]): the shapes cannot be broadcast together'),
    'product': (
        lambda: [Tg.dmatrix('x'), Tg.dmatrix('y')], Tg.matmul,
        [np.ones((2, 3)), np.ones((3, 1))], [np.ones((2, 3)), np.ones((2, 3))],
        Tg.ShapeError.MISMATCH,
        'f: matmul (x: f64[2, 3], y: f64[2, 3]): dimensions that belong together differ: 3 '
        'and 2'),
    'reshape': (
        lambda: [Tg.dmatrix('x')], lambda x: x.reshape(4, -1),
        [np.ones((2, 6))], [np.ones((2, 3))], Tg.ShapeError.MISMATCH,
        'f: reshape (x: f64[2, 3], [4, -1]: i64[2]): cannot reshape f64[2, 3] into [4, ?]: 6 '
        'elements are not a multiple of 4'),
    'broadcast_to': (
        lambda: [Tg.dvector('x')], lambda x: Tg.broadcast_to(x, (2, 3)),
        [np.ones(3)], [np.ones(2)], Tg.ShapeError.BROADCAST,
        'f: broadcast_to (x: f64[2], [2, 3]: i64[2]): cannot broadcast f64[2] to [2, 3]'),
    'index': (
        lambda: [Tg.dvector('x'), Tg.lscalar('i')], lambda x, i: x[i],
        [np.ones(3), -3], [np.ones(3), 3], Tg.ShapeError.INDEX,
        'f: index (x: f64[3], i: i64[]): index 3 is out of bounds for axis 0 of size 3'),
    'concat': (
        lambda: [Tg.dmatrix('x'), Tg.dmatrix('y')], lambda x, y: Tg.concat([x, y]),
        [np.ones((2, 3)), np.ones((1, 3))], [np.ones((2, 3)), np.ones((2, 2))],
        Tg.ShapeError.MISMATCH,
        'f: concat (x: f64[2, 3], y: f64[2, 2]): tensors 0 and 1 have the sizes 3 and 2 '
        'along axis 1'),
    'stack': (
        lambda: [Tg.dvector('x'), Tg.dvector('y')], lambda x, y: Tg.stack([x, y]),
        [np.ones(3), np.ones(3)], [np.ones(3), np.ones(2)], Tg.ShapeError.MISMATCH,
        'f: stack (x: f64[3], y: f64[2]): tensors 0 and 1 have the sizes 3 and 2 along axis '
        '0'),
    'squeeze': (
        lambda: [Tg.dmatrix('x')], lambda x: Tg.squeeze(x, 0),
        [np.ones((1, 3))], [np.ones((2, 3))], Tg.ShapeError.MISMATCH,
        'f: squeeze (x: f64[2, 3]): axis 0 has size 2, not 1'),
    'empty maximum': (
        lambda: [Tg.dmatrix('x')], lambda x: x.max(axis=1),
        [np.ones((1, 3))], [np.ones((2, 0))], Tg.ShapeError.EMPTY,
        'f: max (x: f64[2, 0]): there is no element to choose from'),
    'negative size': (
        lambda: [Tg.lscalar('n')], lambda n: Tg.zeros((2, n)), [3], [-3],
        Tg.ShapeError.SIZE,
        'f: zeros (stack(2, n): i64[2]): shape [2, -3] has a negative dimension'),
    'too large a size': (
        lambda: [Tg.lscalar('n')], lambda n: Tg.zeros((n, n)), [3], [2**40],
        Tg.ShapeError.SIZE,
        'f: zeros (stack(n, n): i64[2]): shape [1099511627776, 1099511627776] is too large '
        'for memory'),
    'a negative standard deviation': (
        lambda: [Tg.dvector('sigma')], lambda sigma: Tg.RandomStreams(1).normal(2, 0., sigma) * 0,
        [[1, 2]], [[1, -2]], Tg.RunError.VALUE,
        'f: check_positive (sigma: f64[2]): x must be 0 or more, not -2'),
    'a negative width': (
        lambda: [Tg.dscalar('low')], lambda low: Tg.RandomStreams(1).uniform(2, low) * 0,
        [0.5], [1.5], Tg.RunError.VALUE,
        'f: check_positive (1.0 - low: f64[]): x must be 0 or more, not -0.5'),
    'a probability that is none': (
        lambda: [Tg.dscalar('p')], lambda p: Tg.RandomStreams(1).bernoulli(2, p) * 0, [0.5],
        [np.nan], Tg.RunError.VALUE,
        'f: random_binomial (random_state_0: i64[3], [2]: i64[1], 1: i64[], p: f64[]): p must be '
        'between 0 and 1, not nan'),
    'a negative shape': (
        lambda: [Tg.dscalar('a')], lambda a: Tg.RandomStreams(1).gamma(2, a) * 0, [0.5], [-0.5],
        Tg.RunError.VALUE,
        'f: random_gamma (random_state_0: i64[3], [2]: i64[1], a: f64[]): a must be 0 or more, '
        'not -0.5'),
    'a shape of a beta distribution': (
        lambda: [Tg.dscalar('b')], lambda b: Tg.RandomStreams(1).beta(2, 1., b) * 0, [0.5], [0.],
        Tg.RunError.VALUE,
        'f: random_log_gamma (random_state_0 + [0, 0, 1]: i64[3], [2]: i64[1], b: f64[]): a must '
        'be more than 0, not 0'),
    'a mean without end': (
        lambda: [Tg.dscalar('lam')], lambda lam: Tg.RandomStreams(1).poisson(2, lam) * 0, [0.5],
        [np.inf], Tg.RunError.VALUE,
        'f: random_poisson (random_state_0: i64[3], [2]: i64[1], lam: f64[]): lam must be '
        'between 0 and 9.2e18, not inf'),
    'no room for a count': (
        lambda: [Tg.dscalar('lam')],
        lambda lam: Tg.RandomStreams(1).poisson(2, lam, dtype='int8') * 0, [0.5], [1000.],
        Tg.RunError.VALUE,
        'f: random_poisson (random_state_0: i64[3], [2]: i64[1], lam: f64[]): numbers were drawn '
        'that int8 has no room for'),
    'trials that are not whole': (
        lambda: [Tg.dscalar('n')], lambda n: Tg.RandomStreams(1).multinomial(1, n) * 0, [2.],
        [2.5], Tg.RunError.VALUE,
        'f: random_multinomial (random_state_0: i64[3], [1]: i64[1], n: f64[], [0.5, 0.5]: '
        'f64[2]): n must be a whole number between 0 and 2^53, not 2.5'),
    'integers the wrong way round': (
        lambda: [Tg.lvector('low')], lambda low: Tg.RandomStreams(1).integers(low, 3) * 0,
        [[1, 2]], [[1, 4]], Tg.RunError.VALUE,
        'f: random_integers (random_state_0: i64[3], broadcast_shape(low, 3): i64[1], low: '
        'i64[2], 3: i64[]): low must be less than high, not 4 and 3'),
    'probabilities of too much': (
        lambda: [Tg.dvector('p')], lambda p: Tg.RandomStreams(1).categorical(2, p) * 0,
        [[0.5, 0.5]], [[0.5, 0.6]], Tg.RunError.VALUE,
        'f: random_categorical (random_state_0: i64[3], [2]: i64[1], p: f64[2]): p must sum to 1 '
        'along its last axis, not to 1.1'),
    'too many choices': (
        lambda: [Tg.dvector('p')], lambda p: Tg.RandomStreams(1).choice(2, 3, False, p) * 0,
        [[0.5, 0.5, 0]], [[0, 1, 0]], Tg.RunError.VALUE,
        'f: random_choice (random_state_0: i64[3], [2]: i64[1], p: f64[3]): p has only 1 elements '
        'above 0, of which 2 cannot be drawn without one of them twice'),
    'a parameter of another shape than the draw': (
        lambda: [Tg.dvector('lam')], lambda lam: Tg.RandomStreams(1).poisson(2, lam) * 0,
        [[1, 2]], [[1, 2, 3]], Tg.ShapeError.BROADCAST,
        'f: random_poisson (random_state_0: i64[3], [2]: i64[1], lam: f64[3]): cannot broadcast '
        'f64[3] to [2]'),
    'step 0': (
        lambda: [Tg.lscalar('n')], lambda n: Tg.arange(0, 3, n), [1], [0],
        Tg.ShapeError.SIZE,
        'f: arange (0: i64[], 3: i64[], n: i64[]): step must not be 0'),
}


@pytest.mark.parametrize('mistake', RUN)
def test_running(mistake):
    make_symbols, expression, right, wrong, code, message = RUN[mistake]
    inputs = make_symbols()
    w = Tg.shared(5)
    f = Tg.function(inputs, [expression(*inputs), w], updates={w: w + 1}, name='f')
    expected = f(*right)

    check(lambda: f(*wrong), code, message)

    assert w.get_value() == 6
    np.testing.assert_array_equal(f(*right)[0], expected[0])
    assert w.get_value() == 7


def test_a_draw_that_fails_leaves_its_state():
    sigma = Tg.dscalar('sigma')
    variable = Tg.RandomStreams(1).normal(3, 0., sigma)
    f = Tg.function([sigma], variable)
    f(1)

    check(lambda: f(-1), Tg.RunError.VALUE,
          'function: check_positive (sigma: f64[]): x must be 0 or more, not -1')

    assert variable.rng.get_value().tolist() == [1, 0, 1]


def test_updates_are_all_or_nothing():
    x = Tg.dvector('x')
    first, second, third = Tg.shared(1.), Tg.shared(np.zeros(3), 'second'), Tg.shared(1)
    f = Tg.function([x], first, updates=[(first, first * 2), (second, second + x),
                                         (third, third + 1)])

    check(lambda: f(np.ones(2)), Tg.ShapeError.BROADCAST,
          'function: add (second: f64[3], x: f64[2]): the shapes cannot be broadcast together')

    assert (first.get_value(), third.get_value()) == (1, 1)
    assert second.get_value().tolist() == [0, 0, 0]
    f([1, 2, 3])
    assert (first.get_value(), third.get_value()) == (2, 2)
    assert second.get_value().tolist() == [1, 2, 3]


def test_an_update_that_does_not_fit_undoes_the_others():
    n = Tg.lscalar('n')
    first, second = Tg.shared(1.), Tg.shared(np.zeros(3), 'second')
    f = Tg.function([n], [], updates=[(first, first * 2), (second, Tg.ones(n))])

    check(lambda: f(2), Tg.RunError.UPDATE,
          'function: second: f64[3] cannot be updated by a value of type f64[2]')

    assert first.get_value() == 1 and second.get_value().tolist() == [0, 0, 0]
    f(3)
    assert first.get_value() == 2 and second.get_value().tolist() == [1, 1, 1]


def test_shared_values_keep_their_type():
    w = Tg.shared(np.zeros(3), 'w')

    check(lambda: w.set_value(np.ones(4)), Tg.TypeError.DTYPE,
          'w: f64[3] cannot hold a value of type f64[4]')
    check(lambda: Tg.shared(np.zeros(2), 'w', shape=(3,)), Tg.TypeError.DTYPE,
          'w: f64[3] cannot hold a value of type f64[2]')

    assert w.get_value().tolist() == [0, 0, 0]


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
