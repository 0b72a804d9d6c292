// SPDX-License-Identifier: LGPL-2.1-or-later
/* Functions of the array API standard whose arguments are not those of an operator, and indices. */

const {Tg} = imports.gi;
const {asInteger, isArray, isOptions, readArguments, readOptions} = imports.overrides.libtg.values;
const {asIntegers, asList, asPositions, asReplacement, asVariable} =
  imports.overrides.libtg.variables;

const END = Number.MAX_SAFE_INTEGER;

// What a part was taken from, for set_subtensor() and inc_subtensor().
const wholes = new WeakMap();

function cast(x, dtype) {
  return dtype === null ? x : Tg.astype(x, dtype);
}

function reverseAxes(ndim) {
  return Array.from({length: ndim}, (_, i) => ndim - 1 - i);
}

function addCreation() {
  const {arange, eye, full, linspace, ones, zeros} = Tg;

  /* With one number, those from 0 up to it. */
  Tg.arange = function (...values) {
    const options = isOptions(values.at(-1)) ? values.pop() : {};
    const {dtype} = readOptions('arange', options, {dtype: null});
    const [start, stop, step = 1] = values.length === 1 ? [0, values[0]] : values;
    return cast(arange(start, stop, step), dtype);
  };

  /* Square, unless the number of columns is given. */
  Tg.eye = (n, ...values) =>
    values.length === 0 || isOptions(values[0]) ? eye(n, n, ...values) : eye(n, ...values);

  Tg.full = function (shape, value, ...values) {
    const {dtype} = readArguments('full', values, {dtype: null});
    return full(shape, cast(value, dtype));
  };

  Tg.linspace = function (start, stop, num, ...values) {
    const {dtype, endpoint} = readArguments('linspace', values, {endpoint: true, dtype: null});
    return cast(linspace(start, stop, num, endpoint), dtype);
  };

  /* Numbers of the shape and, by default, the dtype of a variable. */
  function like(name, make) {
    return function (x, ...values) {
      const options = isOptions(values.at(-1)) ? values.pop() : {};
      const variable = asVariable(x);
      const {dtype} = readOptions(name, options, {dtype: variable.dtype});
      return make(Tg.shape(variable), dtype, ...values);
    };
  }
  Tg.zeros_like = like('zeros_like', zeros);
  Tg.ones_like = like('ones_like', ones);
  Tg.full_like = like('full_like', (shape, dtype, value) => full(shape, Tg.astype(value, dtype)));
}

function addManipulation() {
  const {broadcast_arrays, concat, meshgrid, split, take, unstack} = Tg;
  const {prototype} = Tg.Variable;

  /* The tensors one behind the other along an axis; with null, all of their elements. */
  Tg.concat = function (xs, ...values) {
    const {axis} = readArguments('concat', values, {axis: 0});
    return axis === null
      ? concat(asList(xs).map(x => Tg.reshape(x, -1)), {axis: 0}) : concat(xs, {axis});
  };

  Tg.broadcast_arrays = xs => broadcast_arrays(asList(xs));

  /* The coordinates of the points of a grid. */
  Tg.meshgrid = function (xs, ...values) {
    const {indexing} = readArguments('meshgrid', values, {indexing: 'xy'});
    if (!['xy', 'ij'].includes(indexing))
      throw new TypeError(`meshgrid: indexing: expected “xy” or “ij”, not “${indexing}”`);
    return meshgrid(asList(xs), indexing === 'xy');
  };

  /* Parts of these sizes along an axis; one size may be -1. */
  Tg.split = function (x, sizes, ...values) {
    const {axis} = readArguments('split', values, {axis: 0});
    return split(asVariable(x), asIntegers(sizes), axis);
  };

  Tg.unstack = function (x, ...values) {
    const {axis} = readArguments('unstack', values, {axis: 0});
    return unstack(asVariable(x), axis);
  };

  /* The parts at these positions of an axis; without one, of the elements. */
  Tg.take = function (x, indices, ...values) {
    const {axis} = readArguments('take', values, {axis: null});
    return axis === null ? take(Tg.reshape(x, -1), indices, {axis: 0}) : take(x, indices, {axis});
  };

  /* The axes in another order, by default the reverse one. */
  Tg.transpose = function (x, axes = null) {
    const variable = asVariable(x);
    return variable.permute_dims(axes ?? reverseAxes(variable.ndim));
  };

  Object.defineProperty(prototype, 'T', {get() { return Tg.transpose(this); }});
}

function addMathematics() {
  const {clip, cumulative_prod, cumulative_sum, einsum, nonzero, searchsorted, tensordot} = Tg;

  Tg.einsum = (subscripts, x, y) => einsum(x, y, subscripts);

  /* `axes` is a number, of the last axes of `x` and the first of `y`, or a pair of arrays. */
  Tg.tensordot = function (x, y, ...values) {
    const {axes} = readArguments('tensordot', values, {axes: 2});
    const [left, right] = [asVariable(x), asVariable(y)];
    const [xAxes, yAxes] = isArray(axes) ? axes
      : [left.ndim - axes, 0].map(first => Array.from({length: axes}, (_, i) => first + i));
    return tensordot(left, right, {x_axes: xAxes, y_axes: yAxes});
  };

  /* null is no bound. */
  Tg.clip = function (x, min = null, max = null) {
    if (min === null || max === null) {
      const above = min === null ? asVariable(x) : Tg.maximum(x, min);
      return max === null ? above : Tg.minimum(above, max);
    }
    return clip(x, min, max);
  };

  /* The positions of what is not zero: a vector for each axis. */
  Tg.nonzero = function (x) {
    const variable = asVariable(x);
    if (variable.ndim === 0)
      throw new TypeError('nonzero: expected at least one dimension, not 0');
    const rows = nonzero(variable);
    return Array.from({length: variable.ndim}, (_, i) => Tg.index(rows, i));
  };

  Tg.searchsorted = function (x, y, ...values) {
    const {side, sorter} = readArguments('searchsorted', values, {side: 'left', sorter: null});
    return searchsorted(sorter === null ? x : Tg.take(x, sorter, {axis: 0}), y, {side});
  };

  /* Without an axis, those of the elements. */
  function accumulate(name, function_) {
    return function (x, ...values) {
      const {axis, dtype} = readArguments(name, values, {axis: null, dtype: null});
      const terms = cast(axis === null ? Tg.reshape(x, -1) : asVariable(x), dtype);
      return function_(terms, {axis: axis ?? 0});
    };
  }
  Tg.cumulative_sum = accumulate('cumulative_sum', cumulative_sum);
  Tg.cumulative_prod = accumulate('cumulative_prod', cumulative_prod);
}

/* What an index stands for: a mask for the positions along each of its axes that it has. */
function expandMask(position) {
  const isMask = isArray(position) && [position].flat(Infinity).some(
    item => typeof item === 'boolean');
  const index = isMask ? asVariable(position) : asPositions(position);
  return index.dtype === 'bool' ? Tg.nonzero(index) : [index];
}

/* What is at these positions of the first axes: integers, arrays of them, or masks. */
function at(x, positions) {
  const indices = positions.flatMap(expandMask);
  if (indices.some(index => index.ndim > 0))
    return Tg.index_with_arrays(x, indices.map((_, axis) => axis), indices);
  return indices.reduce((part, index) => part.index(index), x);
}

/* Like an array's slice, by default along the first axis; axes may be several. */
function slice(operator, x, start, stop, options) {
  const {axis, step} = readOptions('slice', options, {axis: 0, step: 1});
  const axes = asIntegers(axis);
  const steps = axes.map((_, i) => asInteger(isArray(step) ? step[i] : step));
  const bound = (value, i, preset) => (isArray(value) ? value[i] : value) ?? preset;
  return operator(x,
    axes.map((_, i) => bound(start, i, steps[i] > 0 ? 0 : END)),
    axes.map((_, i) => bound(stop, i, steps[i] > 0 ? END : -END)),
    axes, steps);
}

function addParts() {
  const {inc_subtensor, set_subtensor, slice: operator} = Tg;
  const {prototype} = Tg.Variable;

  function remember(part, whole) {
    if (part !== whole)
      wholes.set(part, whole);
    return part;
  }

  prototype.at = function (...positions) {
    return remember(at(this, positions), this);
  };

  Tg.slice = (x, start = null, stop = null, options = {}) => {
    const whole = asVariable(x);
    return remember(slice(operator, whole, start, stop, options), whole);
  };

  function getWhole(part, what) {
    if (!wholes.has(part))
      throw new TypeError(`${what}: expected what at() or slice() has just returned`);
    return wholes.get(part);
  }

  /* A variable like the one that the part is of, with a value in its place, or added to it. */
  Tg.set_subtensor = (part, value) =>
    set_subtensor(getWhole(part, 'set_subtensor'), part, asReplacement(value, part));
  Tg.inc_subtensor = (part, value) =>
    inc_subtensor(getWhole(part, 'inc_subtensor'), part, asReplacement(value, part));
}

const METHODS = [
  'clip', 'cumulative_prod', 'cumulative_sum', 'full_like', 'nonzero', 'ones_like', 'searchsorted',
  'slice', 'split', 'take', 'tensordot', 'transpose', 'unstack', 'zeros_like',
];

function add() {
  addCreation();
  addManipulation();
  addMathematics();
  addParts();
  for (const name of METHODS) {
    Tg.Variable.prototype[name] = function (...values) {
      return Tg[name](this, ...values);
    };
  }
}
