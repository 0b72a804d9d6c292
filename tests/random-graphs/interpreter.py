# SPDX-License-Identifier: LGPL-2.1-or-later
"""Evaluates graphs by NumPy: as it rounds, with random errors of rounding, or as real numbers."""

import gi

gi.require_version('Tg', '1')

import mpmath
import numpy as np
import operators
import reals
from gi.repository import Tg
from operators import as_axes

FLOATS = {'float16', 'bfloat16', 'float32', 'float64'}
COMPLEX = {'complex64', 'complex128'}
INEXACT = FLOATS | COMPLEX
# In the notation.
LETTERS = {'float16': 'f16', 'bfloat16': 'bf16', 'float32': 'f32', 'float64': 'f64', 'bool': 'bool',
           'complex64': 'c64', 'complex128': 'c128'} | {
               f'{kind}{bits}': f'{kind[0]}{bits}' for kind in ('int', 'uint')
               for bits in (8, 16, 32, 64)}
EPSILON = {'float16': 2.0 ** -10, 'bfloat16': 2.0 ** -7, 'float32': 2.0 ** -23,
           'float64': 2.0 ** -52, 'complex64': 2.0 ** -23, 'complex128': 2.0 ** -52}
SMALLEST = {'float16': 2.0 ** -24, 'bfloat16': 2.0 ** -133, 'float32': 2.0 ** -149,
            'float64': 2.0 ** -1074, 'complex64': 2.0 ** -149, 'complex128': 2.0 ** -1074}
LARGEST = {name: float(np.finfo(name).max) for name in INEXACT - {'bfloat16'}} | {
    'bfloat16': (2 - 2.0 ** -7) * 2.0 ** 127}

# What rounds nothing, so that there is no error to make.
EXACT = {'negative', 'abs', 'positive', 'maximum', 'minimum', 'clip', 'where', 'sign', 'real',
         'imag', 'conj', 'complex', 'copysign', 'stop_gradient', 'zero_grad', 'undefined_grad',
         'grad_clip', 'floor', 'ceil', 'trunc', 'round', 'round_half_away_from_zero', 'max', 'min',
         'sort', 'assume', 'with_gradient', 'check_positive', 'full', 'zeros', 'ones', 'eye'}
# What rounds once, or has a kernel that is within one unit in the last place.
ELEMENTARY = {'add', 'subtract', 'multiply', 'divide', 'square', 'reciprocal', 'sqrt', 'cbrt',
              'exp', 'exp2', 'expm1', 'log', 'log1p', 'log2', 'log10', 'sin', 'cos', 'tan', 'asin',
              'acos', 'atan', 'sinh', 'cosh', 'tanh', 'asinh', 'acosh', 'atanh', 'astype',
              'remainder', 'nextafter'}
# What adds products or elements: each summand is rounded.
SUMS = {'sum', 'mean', 'sum_to', 'cumulative_sum', 'matmul', 'dot', 'outer', 'einsum', 'untake',
        'untake_along_axis', 'untake_nd'}
# What else goes over elements in an order.
REDUCED = {'prod', 'logsumexp', 'vector_norm', 'softmax', 'log_softmax'}
# Where the result jumps.
CHOICES = {'maximum', 'minimum', 'clip', 'max', 'min', 'sort'}
JUMPS = {'floor', 'ceil', 'trunc', 'round', 'round_half_away_from_zero', 'floor_divide',
         'remainder', 'sign', 'nextafter'}

# What has zeros next to which the error is an absolute one.
WITH_ZEROS = {'logsubexp', 'lbeta', 'lgamma_difference'}
# What has its poles at integers.
WITH_POLES = {'gamma', 'lgamma', 'digamma', 'trigamma', 'polygamma'}


def storage(dtype):
    return np.dtype('float32' if dtype == 'bfloat16' else dtype)


def widen(dtype):
    return np.dtype({'float16': 'float64', 'bfloat16': 'float64', 'float32': 'float64',
                     'complex64': 'complex128'}.get(dtype, dtype))


def round_to_bfloat16(x):
    """To the nearest, and of two as near to the even one."""
    x = np.array(x, 'float32')
    bits = x.view('uint32')
    rounded = (bits + np.uint32(0x7fff) + ((bits >> np.uint32(16)) & np.uint32(1))) & np.uint32(
        0xffff0000)
    return np.where(np.isnan(x), x, rounded.view('float32'))


def convert(x, dtype):
    """To the memory that holds a dtype; integers wrap, what they cannot hold is their least."""
    target = storage(dtype)
    if x.dtype.kind == 'c' and target.kind not in 'bc':
        x = x.real
    if x.dtype.kind == 'f' and target.kind in 'iu':
        limits = np.iinfo(target)
        whole = np.trunc(x.astype('float64'))
        inside = (whole >= float(limits.min)) & (whole < float(limits.max) + (
            0 if target.itemsize == 8 else 1))
        wide = np.where(inside, whole, 0).astype('uint64' if target.kind == 'u' else 'int64')
        return np.where(inside, wide.astype(target), limits.min).astype(target)
    if dtype == 'bfloat16':
        return round_to_bfloat16(x)
    return x.astype(target)


KINDS = {'b': 0, 'i': 1, 'u': 1, 'f': 2, 'c': 3}


def promote(nodes):
    """The dtype that nodes have together; numbers that are weak take that of the others."""
    strong = [node for node in nodes if not node.weak] or nodes
    result = strong[0].variable.get_dtype()
    for node in strong[1:]:
        result = Tg.DType.promote(result, node.variable.get_dtype())
    for node in nodes:
        kind = storage(result.value_nick).kind
        if KINDS[storage(node.dtype).kind] > KINDS[kind]:
            is_single = kind in 'f' and result.value_nick != 'float64'
            result = Tg.DType.COMPLEX64 if is_single else node.variable.get_dtype()
    return result.value_nick


class Refused(Exception):
    """What cannot be built of the variables that there are."""


class Node:
    """A step: an operator with its parameters, or an input or a constant."""

    def __init__(self, variable, inputs):
        op = variable.get_op()
        self.variable, self.inputs = variable, inputs
        self.dtype = variable.get_dtype().value_nick
        self.inexact = self.dtype in INEXACT
        self.name = op.get_name() if op else None
        self.constant, self.weak = None, False
        if op is None:
            if isinstance(variable, Tg.Constant):
                self.weak = variable.is_weak()
                self.constant = np.asarray(variable.get_value()).astype(storage(self.dtype))
            return
        self.parameters = {name: variable.get_attribute(name).unpack()
                           for name in op.dup_parameter_names()}
        self.form = op.get_form()
        self.of = [inputs[i].dtype for i in range(len(inputs))]
        self.jumps = not self.inexact or self.name in JUMPS
        self.rounds = self.inexact and self.name not in EXACT and (
            self.form != Tg.OpForm.LAYOUT or self.name in SUMS)
        self.weak = self.form == Tg.OpForm.ELEMENTWISE and all(node.weak for node in inputs)
        values = inputs[1:] if self.name == 'where' else inputs
        self.common = promote(values) if values else self.dtype

    def key(self):
        """Equal for nodes that have the same value wherever they are."""
        if self.name is not None:
            return (self.name, self.dtype, *self.inputs, str(sorted(self.parameters.items())))
        if self.constant is not None:
            return (self.dtype, self.weak, self.constant.shape, self.constant.tobytes())
        return self.variable

    def error(self):
        """The largest relative error of the operator, in units in the last place."""
        return 1 if self.name in ELEMENTARY else 4


class Plain:
    """NumPy's arithmetic, rounded to the dtype of each node."""

    def enter(self, node, value):
        return value

    def leave(self, node, result):
        return result

    def compute(self, node, arrays):
        name, parameters = node.name, node.parameters
        if node.form == Tg.OpForm.ELEMENTWISE:
            # Integers that make floats do not become integers of another dtype first, and what has
            # 16 bits is computed in 32, numbers without a dtype too.
            is_float = node.inexact and node.common not in INEXACT
            common = np.dtype('float64' if is_float else 'float32' if node.common == 'float16'
                              else storage(node.common))
            arrays = [array.astype(bool) if name == 'where' and i == 0 else array.astype(common)
                      for i, array in enumerate(arrays)]
            return operators.NUMPY_ELEMENTWISE[name](*arrays)
        if name in operators.CONTRACT:
            arrays = [array.astype(widen(node.dtype)) for array in arrays]
            return operators.CONTRACT[name](*arrays, **parameters)
        if name in operators.REDUCE:
            array, axes = arrays[0], as_axes(parameters['axis'], arrays[0].ndim)
            if name not in ('max', 'min', 'any', 'all'):
                array = array.astype(widen(node.dtype))
            return operators.REDUCE[name](array, axes, parameters['keepdims'])
        if name in operators.NUMBERS:
            return operators.NUMBERS[name](*(array.astype(widen(node.dtype)) for array in arrays),
                                           **parameters)
        return self.arrange(node, arrays)

    def arrange(self, node, arrays):
        """What moves elements, counts them or puts them in order."""
        name, parameters = node.name, node.parameters
        if name == 'astype':
            return convert(arrays[0], node.dtype)
        if name == 'searchsorted':
            common = storage(node.common)
            arrays = [array.astype(common) for array in arrays]
        elif name in ('concat', 'stack'):
            arrays = [array.astype(storage(node.dtype)) for array in arrays]
        elif name in operators.SCATTERED_SUMS and node.inexact:
            arrays = [arrays[0].astype(widen(node.dtype)), *arrays[1:]]
        return operators.OTHERS[name](*arrays, **parameters)

    def run(self, node, arrays):
        with np.errstate(all='ignore'):
            return self.leave(node, convert(np.asarray(self.compute(node, arrays)), node.dtype))


COMPARISONS = {'equal', 'not_equal', 'less', 'less_equal', 'greater', 'greater_equal'}


class Sample(Plain):
    """Random errors in each result, as large as rounding may make them.

    That is Monte Carlo arithmetic (D. S. Parker, "Monte Carlo arithmetic: exploiting randomness in
    floating-point arithmetic", UCLA, 1997; the idea is that of J. Vignes' CESTAC, "A stochastic
    arithmetic for reliable scientific computation", Math. and Computers in Simulation 35, 1993).
    `unreal` also replaces what is not finite, of which rules of real numbers say nothing.  With
    `apart`, how far errors take each node, each use of a part has errors of its own, as if it were
    computed in another form there.
    """

    def __init__(self, rng, plain, unreal=False, apart=None):
        self.rng, self.plain, self.unreal, self.apart = rng, plain, unreal, apart
        self.flipped = False

    def disturb(self, x, dtype, units):
        if not x.size:
            return x
        wide = x.astype('complex128' if x.dtype.kind == 'c' else 'float64')
        draw = lambda: self.rng.uniform(-1, 1, x.shape)  # noqa: E731
        scale = np.asarray(draw())
        if x.dtype.kind == 'c':
            scale = scale + 1j * draw()
        with np.errstate(all='ignore'):
            noise = wide * scale * (units * EPSILON[dtype])
            result = np.where(np.isfinite(wide), wide + noise, wide)
            tiny = self.rng.integers(-1, 2, x.shape) * SMALLEST[dtype]
            result = np.where(np.abs(wide) < SMALLEST[dtype] / EPSILON[dtype], wide + tiny, result)
        return convert(np.asarray(result), dtype)

    def replace(self, x, dtype):
        """Any number in the place of what is not finite."""
        wrong = ~np.isfinite(x)
        if not wrong.any():
            return x
        choices = np.array([np.nan, np.inf, -np.inf, 0, 1, -1, LARGEST[dtype], -LARGEST[dtype],
                            0.5, 3, -700, 700, 1e8, -1e8])
        drawn = np.where(self.rng.random(x.shape) < 0.3, self.rng.normal(size=x.shape),
                         self.rng.choice(choices, x.shape))
        with np.errstate(all='ignore'):
            return convert(np.asarray(np.where(wrong, drawn, x)), dtype)

    def enter(self, node, value):
        if node.inexact:
            value = self.disturb(value, node.dtype, 1)
            value = self.replace(value, node.dtype) if self.unreal else value
        return value

    def errors(self, node, arrays):
        """How far the arrays are from what they are without errors at random."""
        return [np.zeros(array.shape) if array.dtype.kind not in 'fc'
                or array.shape != self.plain[i].shape else np.abs(array - self.plain[i])
                for i, array in zip(node.inputs, arrays)]

    def snap_to_integers(self, node, arrays):
        """What errors of rounding keep from a pole may be on it."""
        return [np.where((np.abs(array - np.rint(array)) <= 8 * error)
                         & (self.rng.random(array.shape) < 0.4), np.rint(array), array)
                if array.dtype.kind == 'f' else array
                for array, error in zip(arrays, self.errors(node, arrays))]

    def snap(self, node, arrays):
        """What errors of rounding keep apart may be equal, and what they keep from 0 may be 0."""
        errors = self.errors(node, arrays)
        if node.name in COMPARISONS:
            apart, error = np.abs(np.subtract(*(array.astype('complex128') for array in arrays))
                                  ), sum(errors)
            near = (apart <= 8 * error) & (self.rng.random(apart.shape) < 0.4)
            return [np.where(near, arrays[1], arrays[0]), arrays[1]]
        return [np.where((np.abs(array) <= 8 * error) & (self.rng.random(array.shape) < 0.4), 0,
                         array) if array.dtype.kind in 'fc' else array
                for array, error in zip(arrays, errors)]

    def round_integer(self, node, array):
        """An integer that becomes a float, as `astype` would make it one; zeros are kept."""
        if array.dtype.kind not in 'iu':
            return array
        return np.where(array == 0, 0, self.disturb(array.astype('float64'), node.dtype, 1))

    def compute(self, node, arrays):
        if node.dtype == 'bool' or node.name == 'nonzero':
            with np.errstate(all='ignore'):
                arrays = self.snap(node, arrays)
        elif node.name == 'where' and arrays[0].dtype.kind in 'fc':
            with np.errstate(all='ignore'):
                arrays = [self.snap(node, arrays)[0], *arrays[1:]]
        if self.unreal and node.name in ('where', 'nonzero'):
            arrays = [self.doubt(node, arrays[0]), *arrays[1:]]
        if node.name in WITH_POLES:
            with np.errstate(all='ignore'):
                arrays = self.snap_to_integers(node, arrays)
        if node.inexact and node.form == Tg.OpForm.ELEMENTWISE and node.name in ELEMENTARY - JUMPS:
            arrays = [self.round_integer(node, array) for array in arrays]
        if self.apart is not None:
            arrays = [self.part(i, array) if i.inexact else array
                      for i, array in zip(node.inputs, arrays)]
        elif node.name in SUMS and node.inexact:
            arrays = [self.disturb(array, i.dtype, 1) if i.inexact else array
                      for i, array in zip(node.inputs, arrays)]
        return super().compute(node, arrays)

    def part(self, node, array):
        """The value of a node as another form of it may be."""
        array = self.disturb(array, node.dtype, 1)
        far = self.apart.get(node)
        if far is None or far.shape != array.shape:
            return array
        with np.errstate(all='ignore'):
            moved = array + far * self.rng.uniform(-1, 1, array.shape)
        return convert(np.asarray(moved), node.dtype)

    def run(self, node, arrays):
        result = super().run(node, arrays)
        if not self.unreal or node.inexact or not (
                node.form == Tg.OpForm.ELEMENTWISE or node.name in ('any', 'all')):
            return result
        moved = self.find_moved(node, arrays, result.shape)
        chosen = moved & (self.rng.random(result.shape) < 0.5)
        result = np.where(chosen, ~result if node.dtype == 'bool' else result + 1, result)
        return np.asarray(result).astype(storage(node.dtype))

    def doubt(self, node, array):
        """A condition that depends on what is not finite may be false."""
        plain = self.plain[node.inputs[0]]
        if array.shape != plain.shape:
            return array
        moved = self.differs(array, plain) & (self.rng.random(array.shape) < 0.5)
        return np.where(moved, array.dtype.type(0), array)

    def differs(self, array, plain):
        with np.errstate(all='ignore'):
            return ~np.isclose(array, plain, 1e-2, 1e-300, equal_nan=True)

    def find_moved(self, node, arrays, shape):
        """Which elements of a choice depend on what is not finite, and may be otherwise."""
        moved = np.zeros(shape, bool)
        for i, array in zip(node.inputs, arrays):
            plain = self.plain[i]
            if array.shape != plain.shape:
                return moved
            differs = self.differs(array, plain)
            moved = moved | (differs if node.form == Tg.OpForm.ELEMENTWISE else differs.any())
        return moved

    def leave(self, node, result):
        if node.inexact:
            if node.rounds:
                result = self.disturb(result, node.dtype, node.error())
            if node.name in WITH_ZEROS:
                noise = self.rng.uniform(-4, 4, result.shape) * EPSILON[node.dtype]
                result = convert(np.asarray(result + noise), node.dtype)
            if self.unreal:
                result = self.replace(result, node.dtype)
        if node.jumps and not self.flipped:
            before = self.plain[node]
            self.flipped = before.shape != result.shape or not np.array_equal(
                before, result, equal_nan=node.inexact)
        return result


class Real(Plain):
    """Real numbers, of as many digits as mpmath works with.

    `lost` says that a choice was made by what is no number.
    """

    def __init__(self):
        self.lost = False

    def enter(self, node, value):
        if not node.inexact:
            return value
        return np.where(np.isfinite(value), reals.as_reals(value), reals.NAN)

    def compute(self, node, arrays):
        name, parameters = node.name, node.parameters
        if node.common not in INEXACT and not node.inexact:
            return super().compute(node, arrays)
        if node.form == Tg.OpForm.ELEMENTWISE:
            function = reals.guarded(reals.FUNCTIONS.get(name, reals.unknown),
                                     node.common in COMPLEX or node.dtype in COMPLEX)
            first = name == 'where'
            arrays = [arrays[0].astype(bool)] * first + [
                reals.as_reals(array) for array in arrays[first:]]
            return reals.as_objects(np.frompyfunc(function, len(arrays), 1)(*arrays))
        if node.inexact and name not in ('full', 'zeros', 'ones', 'eye'):
            arrays = [reals.as_reals(array) if node.of[i] in INEXACT or name in ('concat', 'stack')
                      or name in operators.CONTRACT or name in operators.NUMBERS
                      or name in operators.REDUCE else array for i, array in enumerate(arrays)]
        if name in operators.CONTRACT:
            return reals.as_objects(operators.CONTRACT[name](*arrays, **parameters))
        if name in operators.REDUCE:
            function = reals.REDUCE.get(name, operators.REDUCE[name])
            axes = as_axes(parameters['axis'], arrays[0].ndim)
            return reals.as_objects(function(arrays[0], axes, parameters['keepdims']))
        if name in reals.OTHERS:
            axes = as_axes(parameters['axis'], arrays[0].ndim)
            return reals.as_objects(reals.OTHERS[name](arrays[0], axes))
        if name in operators.NUMBERS:
            return operators.NUMBERS[name](*arrays, **parameters)
        return self.arrange_reals(node, arrays)

    def arrange_reals(self, node, arrays):
        if node.name == 'astype':
            if node.inexact:
                return arrays[0] if node.dtype in COMPLEX else reals.real_parts(arrays[0])
            return convert(reals.round_to_doubles(arrays[0]), node.dtype)
        return operators.OTHERS[node.name](*arrays, **node.parameters)

    def run(self, node, arrays):
        if node.jumps or node.name in CHOICES or node.name == 'where':
            deciding = arrays[:1] if node.name == 'where' else arrays
            self.lost = self.lost or any(
                reals.is_nan(array).any() for array in deciding if array.dtype == object)
        with np.errstate(all='ignore'):
            result = self.compute(node, arrays)
        if node.inexact:
            return reals.as_reals(np.asarray(result))
        return convert(np.asarray(result), node.dtype) if np.asarray(
            result).dtype == object else np.asarray(result).astype(storage(node.dtype))


def walk(outputs, known):
    """The variables that the outputs need and that are not known, inputs before what uses them."""
    order, stack, seen = [], list(reversed(outputs)), set(known)
    while stack:
        variable = stack[-1]
        if variable in seen:
            stack.pop()
            continue
        waiting = [variable.get_input(i) for i in range(variable.get_n_inputs())
                   if variable.get_input(i) not in seen]
        if waiting:
            stack += reversed(waiting)
        else:
            seen.add(variable)
            order.append(variable)
            stack.pop()
    return order


class Program:
    """The nodes of a graph in an order in which they can be computed."""

    def __init__(self, symbols, outputs=()):
        self.nodes, self.by_variable, self.by_key = [], {}, {}
        self.symbols = [self.add_node(symbol) for symbol in symbols]
        for variable in walk(list(outputs), self.by_variable):
            self.add_node(variable)
        self.outputs = [self.by_variable[output] for output in outputs]

    def add_node(self, variable):
        """What is computed twice has the same errors twice: it is one node."""
        node = Node(variable, [self.by_variable[variable.get_input(i)]
                               for i in range(variable.get_n_inputs())])
        known = self.by_key.setdefault(node.key(), node)
        if known is node:
            self.nodes.append(node)
        self.by_variable[variable] = known
        return known

    def forget(self, variable):
        """Takes away what `add_node` added last, if it was new."""
        node = self.by_variable.pop(variable)
        if node.variable is variable:
            self.nodes.remove(node)
            del self.by_key[node.key()]

    def evaluate(self, values, arithmetic):
        """The values of all nodes."""
        results = {}
        for symbol, value in zip(self.symbols, values):
            results[symbol] = arithmetic.enter(symbol, value)
        for node in self.nodes:
            if node in results:
                continue
            if node.constant is not None:
                results[node] = reals.as_reals(node.constant) if isinstance(
                    arithmetic, Real) and node.inexact else node.constant
            else:
                results[node] = arithmetic.run(node, [results[i] for i in node.inputs])
        return results


def evaluate_reals(program, values, digits):
    """The outputs as real numbers, or None where a choice depends on what is none."""
    with mpmath.workdps(digits):
        real = Real()
        results = program.evaluate(values, real)
        return None if real.lost else [
            reals.round_to_doubles(results[node]) for node in program.outputs]
