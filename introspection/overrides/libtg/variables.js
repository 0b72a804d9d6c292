// SPDX-License-Identifier: LGPL-2.1-or-later
/* Symbols, constants and shared variables, and what can be made one. */

const {Tg} = imports.gi;
const {
  asInteger, asTensor, describe, flatten, getName, getShape, isArray, isComplex, readOptions,
} = imports.overrides.libtg.values;

function hasVariable(value) {
  return value instanceof Tg.Variable || (Array.isArray(value) && value.some(hasVariable));
}

function isWhole(value) {
  return Number.isSafeInteger(value) && !Object.is(value, -0);
}

/* The variable itself, or a constant.  Single numbers are weak: they take the dtype of what they
 * are combined with.  Whole numbers are integers. */
function asVariable(value) {
  if (value instanceof Tg.Variable)
    return value;
  if (value instanceof Tg.Tensor || ArrayBuffer.isView(value))
    return Tg.Constant.new(asTensor(value));
  if (hasVariable(value))
    return Tg.stack(value);

  switch (typeof value) {
  case 'number':
    return isWhole(value) ? Tg.Constant.new_integer(value) : Tg.Constant.new_double(value);
  case 'bigint':
    return Tg.Constant.new_integer(value);
  case 'boolean':
    return Tg.Constant.new_boolean(value);
  case 'object':
    if (isComplex(value))
      return Tg.Constant.new_complex(value.re, value.im);
  }

  if (!Array.isArray(value))
    throw new TypeError(`expected a variable, a number or an array, not ${describe(value)}`);
  const whole = value.length > 0 && flatten(value, getShape(value)).every(isWhole);
  return Tg.Constant.new(asTensor(value, whole ? {dtype: 'int64'} : {}));
}

/* The vector that a shape stands for: a number, an array of numbers and variables, or itself. */
function asInts(value) {
  if (value instanceof Tg.Variable && value.ndim > 0)
    return value;
  const items = isArray(value) ? Array.from(value) : [value];
  if (hasVariable(items))
    return Tg.stack(items.map(item => Tg.astype(item, 'int64')));
  return Tg.Constant.new_integers(items.map(asInteger));
}

/* Integers in any number of dimensions. */
function asPositions(value) {
  if (!isArray(value) || hasVariable(value))
    return asVariable(value);
  return Tg.Constant.new(asTensor(value, ArrayBuffer.isView(value) ? {} : {dtype: 'int64'}));
}

function asIntegers(value) {
  return (isArray(value) ? Array.from(value) : [value]).map(asInteger);
}

function asList(values) {
  if (!Array.isArray(values))
    throw new TypeError(`expected an array of variables, not ${describe(values)}`);
  return values.map(asVariable);
}

function extendVariable() {
  const {prototype} = Tg.Variable;

  Object.defineProperties(prototype, {
    dtype: {get() { return getName(this.get_dtype()); }},
    // A value such as it might have; see Tg.set_test_value_mode().
    testValue: {
      get() { return this.dup_test_value(); },
      set(value) { this.set_test_value(value === null ? null : convert(value, this)); },
    },
  });

  prototype.toString = function () {
    return this.to_string();
  };

  prototype[Symbol.toPrimitive] = function (hint) {
    if (hint === 'string')
      return this.to_string();
    throw new TypeError('JavaScript has no operators for variables: ' +
      'write x.add(1), or Tg.expr`${x} + 1`');
  };

  const {eval: evaluate} = prototype;

  /* The value where variables have values, which are pairs or a Map. */
  prototype.eval = function (givens = []) {
    const pairs = [...givens];
    return evaluate.call(this, pairs.map(([variable]) => variable),
      pairs.map(([variable, value]) => convert(value, variable)));
  };

  const {clone} = Tg;

  /* The variable, or an array of them, with variables replaced by others: pairs or a Map. */
  Tg.clone = function (output, replace = [], options = {}) {
    const {strict, shareInputs} = readOptions('clone', options, {strict: true, shareInputs: true});
    const pairs = [...replace];
    const clones = clone([output].flat(), pairs.map(([variable]) => variable),
      pairs.map(([, value]) => asVariable(value)), strict, shareInputs);
    return Array.isArray(output) ? clones : clones[0];
  };

  Tg.Graph.prototype.toString = prototype.toString;
  Object.defineProperty(Tg.Constant.prototype, 'value', {
    get() { return this.get_value(); },
  });
}

function isExact(element, dtype) {
  const integers = /^(u?)int(\d+)$/.exec(dtype);

  if (integers === null)
    return typeof element === (dtype === 'bool' ? 'boolean' : 'number') ||
      (dtype.startsWith('complex') && isComplex(element));
  if (typeof element !== 'bigint' && !Number.isSafeInteger(element))
    return false;

  const bits = Number(integers[2]);
  const wide = BigInt(element);
  return wide === (integers[1] ? BigInt.asUintN(bits, wide) : BigInt.asIntN(bits, wide));
}

/* The tensor that stands for a value of a variable.  JavaScript's numbers take its dtype; the
 * others stay as they are, for the library to convert or to refuse. */
function convert(value, variable) {
  if (value instanceof Tg.Tensor)
    return value;
  const name = variable?.name ?? 'a variable without a name';
  if (hasVariable(value))
    throw new TypeError(`${name}: expected a value, not a symbolic variable`);
  try {
    if (!variable || ArrayBuffer.isView(value))
      return asTensor(value);
    const elements = flatten(value, getShape(value));
    const {dtype} = variable;
    return asTensor(value, elements.every(element => isExact(element, dtype)) ? {dtype} : {});
  } catch (error) {
    if (error instanceof TypeError)
      error.message = `${name}: ${error.message}`;
    throw error;
  }
}

/* A variable, or the constant that stands for one of its values. */
function asReplacement(value, variable) {
  return value instanceof Tg.Variable ? value : Tg.Constant.new(convert(value, variable));
}

function extendSharedVariable() {
  const {prototype} = Tg.SharedVariable;
  const setValue = prototype.set_value;

  prototype.set_value = function (value) {
    return setValue.call(this, convert(value, this));
  };

  Object.defineProperty(prototype, 'value', {
    get() { return this.dup_value(); },
    set(value) { this.set_value(value); },
  });

  /* A shared variable that holds a number, an array or a tensor. */
  Tg.shared = function (value, name = null, options = {}) {
    return Tg.SharedVariable.new(asTensor(value, options), name);
  };

  /* A constant that is not weak. */
  Tg.constant = function (value, options = {}) {
    return Tg.Constant.new(asTensor(value, options));
  };
}

function add() {
  extendVariable();
  extendSharedVariable();
}
