// SPDX-License-Identifier: LGPL-2.1-or-later
/* What JavaScript adds to libtg: operators that take numbers, arrays and options, expressions as
 * template literals, and functions that are called.
 *
 * The operators are not listed here: their functions are made of the library's table,
 * Tg.Op.list(). */

const {Gio, GLib} = imports.gi;

let Tg;

// The dtypes, and the typed arrays that hold their elements: of 16-bit floats the bits, of complex
// numbers both parts.
const ELEMENTS = {
  bool: Uint8Array,
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  uint64: BigUint64Array,
  float16: Uint16Array,
  bfloat16: Uint16Array,
  float32: Float32Array,
  float64: Float64Array,
  complex64: Float32Array,
  complex128: Float64Array,
};

// What the elements of a typed array are taken for.
const OF_VIEW = {
  Int8Array: 'int8',
  Int16Array: 'int16',
  Int32Array: 'int32',
  BigInt64Array: 'int64',
  Uint8Array: 'uint8',
  Uint8ClampedArray: 'uint8',
  Uint16Array: 'uint16',
  Uint32Array: 'uint32',
  BigUint64Array: 'uint64',
  Float32Array: 'float32',
  Float64Array: 'float64',
};

/* A complex number is an object {re, im}. */
function isComplex(value) {
  return typeof value === 'object' && typeof value?.re === 'number' && typeof value.im === 'number';
}

function isArray(value) {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

function isOptions(value) {
  return typeof value === 'object' && value !== null &&
    Object.getPrototypeOf(value) === Object.prototype;
}

function describe(value) {
  return value === null || typeof value !== 'object'
    ? String(value) : value.constructor?.name ?? 'an object';
}


// Dtypes and tensors

function getName(dtype) {
  return Object.keys(ELEMENTS).find(name => Tg.DType[name.toUpperCase()] === dtype);
}

/* The Tg.DType of that name, or itself. */
function asDType(value) {
  const dtype = typeof value === 'string' ? Tg.DType[value.toUpperCase()] : value;
  if (getName(dtype) === undefined)
    throw new TypeError(`${value} is none of the dtypes ${Object.keys(ELEMENTS).join(', ')}`);
  return dtype;
}

function getShape(value) {
  const shape = [];
  for (let part = value; isArray(part); part = part[0])
    shape.push(part.length);
  return shape;
}

/* The elements of nested arrays, the last index running fastest. */
function flatten(value, shape, elements = [], depth = 0) {
  if (isArray(value)) {
    if (value.length !== shape[depth])
      throw new TypeError('nested arrays must be of the same length at each depth');
    for (const part of value)
      flatten(part, shape, elements, depth + 1);
  } else {
    if (!['number', 'boolean', 'bigint'].includes(typeof value) && !isComplex(value))
      throw new TypeError(`expected a number or an array of numbers, not ${describe(value)}`);
    if (depth < shape.length)
      throw new TypeError('nested arrays must be of the same depth everywhere');
    elements.push(value);
  }
  return elements;
}

/* JavaScript's numbers are float64, also those that are whole; a bigint is an int64. */
function getNaturalDType(elements) {
  if (elements.some(isComplex))
    return 'complex128';
  if (elements.some(element => typeof element === 'bigint'))
    return 'int64';
  return elements.length > 0 && elements.every(element => typeof element === 'boolean')
    ? 'bool' : 'float64';
}

function makeElements(elements, dtype) {
  switch (dtype) {
  case 'bool':
    return Uint8Array.from(elements, element => Number(element) === 0 ? 0 : 1);
  case 'int64':
  case 'uint64':
    return ELEMENTS[dtype].from(elements, BigInt);
  case 'complex64':
  case 'complex128':
    return ELEMENTS[dtype].from(elements.flatMap(
      element => isComplex(element) ? [element.re, element.im] : [Number(element), 0]));
  default:
    return ELEMENTS[dtype].from(elements, Number);
  }
}

function makeTensor(elements, shape, dtype) {
  const {buffer, byteOffset, byteLength} = elements;
  return Tg.Tensor.new(asDType(dtype), shape,
    GLib.Bytes.new(new Uint8Array(buffer, byteOffset, byteLength)));
}

/* A tensor of a number, of nested arrays, or of a typed array and a shape. */
function asTensor(value, {dtype = null, shape = null} = {}) {
  const wanted = dtype === null ? null : getName(asDType(dtype));
  let tensor = value;

  if (ArrayBuffer.isView(value)) {
    const own = OF_VIEW[value[Symbol.toStringTag]];
    if (own === undefined)
      throw new TypeError('there is no dtype for the elements of a DataView');
    tensor = makeTensor(value, [value.length], own);
  } else if (!(value instanceof Tg.Tensor)) {
    const own = getShape(value);
    const elements = flatten(value, own);
    const kind = wanted?.endsWith('float16') ? 'float32' : wanted ?? getNaturalDType(elements);
    tensor = makeTensor(makeElements(elements, kind), own, kind);
  }

  if (wanted !== null && tensor.dtype !== wanted)
    tensor = tensor.astype(wanted);
  return shape === null ? tensor : tensor.reshape(shape);
}

/* A number for an int64, as long as it is exact. */
function narrow(element) {
  const number = Number(element);
  return Number.isSafeInteger(number) ? number : element;
}

function extendTensor() {
  const {prototype} = Tg.Tensor;
  const {astype, slice} = prototype;

  Tg.Tensor.from = asTensor;

  Object.defineProperties(prototype, {
    dtype: {get() { return getName(this.get_dtype()); }},
    ndim: {get() { return this.get_ndim(); }},
    shape: {get() { return this.get_shape(); }},
    T: {get() { return this.permute_dims(this.shape.map((_, i) => this.ndim - 1 - i)); }},
    // The elements themselves, not a copy; they must not be written to.
    data: {
      get() {
        const {buffer, byteOffset} = this.dup_bytes().toArray();
        const parts = this.dtype.startsWith('complex') ? 2 : 1;
        return new ELEMENTS[this.dtype](buffer, byteOffset, parts * this.get_n_elements());
      },
    },
  });

  prototype.astype = function (dtype) {
    return astype.call(this, asDType(dtype));
  };

  /* What is at these positions of the first axes; it looks at the same memory. */
  prototype.at = function (...positions) {
    return positions.reduce((part, position) => part.get(asInteger(position)), this);
  };

  /* Like an array's slice, by default along the first axis; it looks at the same memory. */
  prototype.slice = function (start = null, stop = null, {axis = 0, step = 1} = {}) {
    const end = Number.MAX_SAFE_INTEGER;
    return slice.call(this, axis < 0 ? this.ndim + axis : axis,
      start ?? (step > 0 ? 0 : end), stop ?? (step > 0 ? end : -end), step);
  };

  prototype[Symbol.iterator] = function* () {
    for (let i = 0; i < (this.shape[0] ?? 0); i++)
      yield this.get(i);
  };

  prototype.toArray = function () {
    if (this.dtype.endsWith('float16'))
      return this.astype('float32').toArray();

    const {data, dtype, shape} = this;
    const convert = {
      bool: i => Boolean(data[i]),
      int64: i => narrow(data[i]),
      uint64: i => narrow(data[i]),
      complex64: i => ({re: data[2 * i], im: data[2 * i + 1]}),
      complex128: i => ({re: data[2 * i], im: data[2 * i + 1]}),
    }[dtype] ?? (i => data[i]);
    let position = 0;

    function nest(axis) {
      return axis === shape.length
        ? convert(position++)
        : Array.from({length: shape[axis]}, () => nest(axis + 1));
    }

    return nest(0);
  };

  prototype.valueOf = function () {
    return this.ndim === 0 ? this.toArray() : this;
  };

  prototype.toString = function () {
    return this.to_string();
  };

  prototype[Symbol.toPrimitive] = function (hint) {
    if (hint !== 'string' && this.ndim === 0)
      return this.toArray();
    if (hint === 'number')
      throw new TypeError(`a tensor of the shape [${this.shape}] is not a number`);
    return this.to_string();
  };

  Object.defineProperties(Tg.TensorType.prototype, {
    dtype: {get() { return getName(this.get_dtype()); }},
    ndim: {get() { return this.get_ndim(); }},
    shape: {get() { return this.get_shape(); }},
  });
  Tg.TensorType.prototype.toString = prototype.toString;
}


// Variables

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

function asInteger(value) {
  if (!Number.isSafeInteger(Number(value)) || !['number', 'bigint'].includes(typeof value))
    throw new TypeError(`expected an integer, not ${describe(value)}`);
  return Number(value);
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
    T: {get() { return this.transpose(); }},
    // A value such as it might have; see Tg.set_test_value_mode().
    test_value: {
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

  /* The axes in another order, by default the reverse one. */
  prototype.transpose = function (axes = null) {
    return this.permute_dims(axes ?? Array.from({length: this.ndim}, (_, i) => this.ndim - 1 - i));
  };

  /* What is at these positions of the first axes. */
  prototype.at = function (...positions) {
    return positions.reduce((part, position) => part.index(position), this);
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
  Tg.clone = function (output, replace = [], {strict = true, share_inputs = true} = {}) {
    const pairs = [...replace];
    const clones = clone([output].flat(), pairs.map(([variable]) => variable),
      pairs.map(([, value]) => asVariable(value)), strict, share_inputs);
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


// Symbols

function addSymbols() {
  const dtypes = {
    '': 'float64', b: 'int8', w: 'int16', i: 'int32', l: 'int64', f: 'float32', d: 'float64',
    c: 'complex64', z: 'complex128',
  };
  const shapes = {scalar: [], vector: [-1], matrix: [-1, -1], row: [1, -1], col: [-1, 1]};
  for (let ndim = 3; ndim <= 7; ndim++)
    shapes[`tensor${ndim}`] = Array(ndim).fill(-1);

  for (const [prefix, dtype] of Object.entries(dtypes)) {
    for (const [kind, shape] of Object.entries(shapes)) {
      const symbol = (name = null) =>
        Tg.Variable.new_with_type(name, Tg.TensorType.new(asDType(dtype), shape));
      const plural = kind === 'matrix' ? 'matrices' : `${kind}s`;
      Tg[prefix + kind] = symbol;
      Tg[prefix + plural] = (...names) => names.map(name => symbol(name));
    }
  }
}


// Operators

const INPUTS = {
  any: asVariable, bool: asVariable, int: asVariable, ints: asInts, positions: asPositions,
};

const PARAMETERS = {
  axes: value => value === null ? null : asIntegers(value),
  ints: asIntegers,
  int: asInteger,
  float: Number,
  bool: Boolean,
  dtype: asDType,
  string: String,
};

const PRESETS = {all: null, true: true, false: false, f64: 'float64', i64: 'int64',
  left: 'left'};

/* Reads parameters from an object, as in {axis: 1, keepdims: true}, or in the table's order. */
function sortParameters(name, parameters, values) {
  const byName = values.length === 1 && isOptions(values[0]);
  const given = byName ? values[0] : {};

  if (!byName) {
    if (values.length > parameters.length)
      throw new TypeError(`${name}: too many arguments`);
    values.forEach((value, i) => (given[parameters[i].name] = value));
  }

  for (const key of Object.keys(given)) {
    if (!parameters.some(parameter => parameter.name === key))
      throw new TypeError(`${name} has no argument “${key}”`);
  }

  return parameters.map(parameter => {
    const value = given[parameter.name] === undefined ? parameter.preset : given[parameter.name];
    if (value === undefined)
      throw new TypeError(`${name}: ${parameter.name} must be given`);
    return convertArgument(name, parameter, value);
  });
}

function convertArgument(operator, {name, convert: converter}, value) {
  try {
    return converter(value);
  } catch (error) {
    if (error instanceof TypeError)
      error.message = `${operator}: ${name}: ${error.message}`;
    throw error;
  }
}

/* Makes Tg.sum(x, {axis: 1}) and, where the first input is a variable, x.sum({axis: 1}). */
function addOperator(op) {
  const name = op.get_name();
  const kinds = op.dup_input_kinds();
  const inputs = op.dup_input_names().map((input, i) =>
    ({name: input, convert: op.is_variadic() ? asList : INPUTS[kinds[i]]}));
  const presets = op.dup_parameter_defaults();
  const parameterKinds = op.dup_parameter_kinds();
  const parameters = op.dup_parameter_names().map((parameter, i) => ({
    name: parameter,
    convert: PARAMETERS[parameterKinds[i]],
    preset: presets[i] in PRESETS ? PRESETS[presets[i]]
      : presets[i] ? JSON.parse(presets[i]) : undefined,
  }));
  const isMethod = !op.is_variadic() && kinds[0] !== 'ints';
  const original = isMethod ? Tg.Variable.prototype[name] : Tg[name];

  function apply(...values) {
    const variables = inputs.map((input, i) => convertArgument(name, input, values[i]));
    const attributes = sortParameters(name, parameters, values.slice(inputs.length));
    return isMethod
      ? original.call(...variables, ...attributes)
      : original(...variables, ...attributes);
  }

  Tg[name] = apply;
  if (isMethod) {
    Tg.Variable.prototype[name] = function (...values) {
      return apply(this, ...values);
    };
  }
}

const SHORT = {
  sub: 'subtract', mul: 'multiply', div: 'divide', mod: 'remainder', neg: 'negative',
  eq: 'equal', ne: 'not_equal', lt: 'less', le: 'less_equal', gt: 'greater', ge: 'greater_equal',
};

function addOperators() {
  const {prototype} = Tg.Variable;
  const ops = Tg.Op.list();

  for (let i = 0; i < ops.get_n_items(); i++)
    addOperator(ops.get_item(i));

  for (const [short, name] of Object.entries(SHORT)) {
    Tg[short] = Tg[name];
    prototype[short] = prototype[name];
  }

  const {arange, einsum, eye, full, slice} = Tg;

  /* With one argument, the numbers from 0 up to it. */
  Tg.arange = (start, stop, step = 1) =>
    stop === undefined ? arange(0, start, step) : arange(start, stop, step);

  Tg.einsum = (subscripts, x, y) => einsum(x, y, subscripts);

  /* Square, unless the number of columns is given. */
  Tg.eye = (n, ...values) =>
    values.length === 0 || isOptions(values[0]) ? eye(n, n, ...values) : eye(n, ...values);

  Tg.full = (shape, value, {dtype = null} = {}) =>
    full(shape, dtype === null ? value : Tg.astype(value, dtype));

  /* Like an array's slice, by default along the first axis. */
  Tg.slice = (x, start = 0, stop = null, {axis = 0, step = 1} = {}) => {
    const axes = asIntegers(axis);
    const steps = axes.map((_, i) => isArray(step) ? step[i] : step);
    const end = Number.MAX_SAFE_INTEGER;
    const bound = (value, i, preset) => (isArray(value) ? value[i] : value) ?? preset;
    return slice(x,
      axes.map((_, i) => bound(start, i, steps[i] > 0 ? 0 : end)),
      axes.map((_, i) => bound(stop, i, steps[i] > 0 ? end : -end)),
      axes, steps);
  };
  prototype.slice = function (...values) {
    return Tg.slice(this, ...values);
  };
}


// Expressions as text

/* What stands in the text for a value; what text cannot say is added to the variables. */
function write(value, variables) {
  if (Array.isArray(value) && value.every(isWhole))
    return `[${value.join(', ')}]`;
  if (typeof value === 'boolean' || typeof value === 'bigint' || isWhole(value))
    return `(${value})`;
  variables.push(asVariable(value));
  return `_${variables.length}`;
}

/* Tg.expr`1 / (1 + exp(-${x}))`, in the notation of Tg.parse(). */
function expr(strings, ...values) {
  const variables = [];
  const text = strings.reduce((before, after, i) =>
    before + write(values[i - 1], variables) + after);
  return Tg.parse_with_names(text, variables.map((_, i) => `_${i + 1}`), variables);
}


// Functions

function isSinglePrecision(value) {
  return isArray(value) ? Array.from(value).every(isSinglePrecision)
    : typeof value !== 'number' || Object.is(Math.fround(value), value);
}

/* The tensor that stands for an argument.  What the input does not take keeps its own dtype, for
 * the library to convert or to refuse. */
function convertInput(value, options) {
  const variable = options.get_variable();
  const downcast = options.get_downcast();
  const isOwn = options.get_strict() || downcast === Tg.Downcast.ALWAYS ||
    (downcast === Tg.Downcast.NEVER && variable.dtype === 'float32' && !isSinglePrecision(value));
  return convert(value, isOwn ? {name: variable.name, dtype: null} : variable);
}

/* The values of a call, as tensors; an object at the end has them by name. */
function bind(compiled, values) {
  const inputs = Array.from({length: compiled.get_n_inputs()},
    (_, i) => compiled.get_input_options(i));
  const byPosition = isOptions(values.at(-1)) ? values.slice(0, -1) : values;
  const byName = values.slice(byPosition.length)[0] ?? {};
  const bound = byPosition.map((value, i) =>
    i < inputs.length ? convertInput(value, inputs[i]) : Tg.Tensor.from(value));

  if (byPosition.length === values.length)
    return [bound, []];

  for (const input of inputs.slice(bound.length)) {
    if (!(input.get_name() in byName) && !input.get_shared())
      throw new TypeError(`${compiled.get_name()}: the input ${input.get_name()} is missing`);
  }

  const names = Object.keys(byName);
  const unknown = names.filter(name => !inputs.some((input, i) =>
    i >= byPosition.length && input.get_name() === name));
  if (unknown.length > 0)
    throw new TypeError(`${compiled.get_name()}: unexpected: ${unknown.join(', ')}`);
  for (const name of names)
    bound.push(convertInput(byName[name], inputs.find(input => input.get_name() === name)));
  return [bound, names];
}

/* An input, which is a variable or an object of options. */
function addInput(builder, input) {
  if (!isOptions(input)) {
    builder.add_input(input);
    return;
  }

  const {
    variable, name = null, value = null, update = null, strict = false, allowDowncast = null,
    borrow = false, ...others
  } = input;
  const [other] = Object.keys(others);
  if (other !== undefined)
    throw new TypeError(`an input has no option “${other}”`);
  const options = Tg.FunctionInput.new(variable);
  options.set_name(name);
  options.set_strict(strict);
  options.set_downcast(asDowncast(allowDowncast));
  options.set_borrow(borrow);
  if (value instanceof Tg.SharedVariable)
    options.set_shared(value);
  else if (value !== null)
    options.set_value(convertInput(value, options));
  if (update !== null)
    options.set_update(asVariable(update));
  builder.add_input_options(options);
}

function asDowncast(allow) {
  if (allow === null)
    return Tg.Downcast.WEAK;
  return allow ? Tg.Downcast.ALWAYS : Tg.Downcast.NEVER;
}

function asUnusedInput(policy) {
  const value = Tg.UnusedInput[String(policy).toUpperCase()];
  if (value === undefined)
    throw new TypeError(`expected “raise”, “warn” or “ignore”, not “${policy}”`);
  return value;
}

/* The part of a builder that does not depend on inputs and outputs. */
function makeBuilder({name, mode, onUnusedInput, allowInputDowncast, noDefaultUpdates}) {
  const builder = Tg.FunctionBuilder.new();
  builder.set_name(name);
  builder.set_mode(typeof mode === 'string' ? Tg.Mode.new_from_string(mode) : mode);
  builder.set_on_unused_input(asUnusedInput(onUnusedInput));
  builder.set_downcast(asDowncast(allowInputDowncast));
  if (Array.isArray(noDefaultUpdates))
    noDefaultUpdates.forEach(variable => builder.add_no_default_update(variable));
  else
    builder.set_no_default_updates(noDefaultUpdates);
  return builder;
}

function asReplacement(value, variable) {
  return value instanceof Tg.Variable ? value : Tg.Constant.new(convert(value, variable));
}

/* What JavaScript calls: `pack` gives results the form of the outputs. */
function makeCallable(compiled, pack) {
  function call(...values) {
    return pack(compiled.call_named(...bind(compiled, values)));
  }

  /* The same in another thread; a Gio.Cancellable may come first. */
  call.callAsync = async function (...values) {
    const cancellable = values[0] instanceof Gio.Cancellable ? values.shift() : null;
    const [bound, names] = bind(compiled, values);
    return pack(await compiled.call_named_async(bound, names, cancellable));
  };

  /* A function that does the same with other shared variables, given as pairs or a Map. */
  call.copy = function ({swap = [], deleteUpdates = false, name = null} = {}) {
    const pairs = [...swap];
    return makeCallable(compiled.copy(name, deleteUpdates, pairs.map(([old]) => old),
      pairs.map(([, replacement]) => replacement)), pack);
  };

  Object.defineProperty(call, 'name', {value: compiled.get_name()});
  call.function = compiled;
  call.toString = () => compiled.dup_graph().to_string();
  return call;
}

/* Compiles a function, which is called with numbers, arrays or tensors and returns tensors: one,
 * an array or an object of them, as `outputs` is.  Updates and givens are pairs or a Map. */
function compile(inputs = [], outputs = undefined, options = {}) {
  const {
    updates = [], givens = [], name = null, mode = null, onUnusedInput = 'raise',
    allowInputDowncast = null, noDefaultUpdates = false, ...others
  } = options;
  const [other] = Object.keys(others);
  if (other !== undefined)
    throw new TypeError(`a function has no option “${other}”`);
  const builder = makeBuilder({name, mode, onUnusedInput, allowInputDowncast, noDefaultUpdates});
  const isSingle = outputs instanceof Tg.Variable;
  const keys = isOptions(outputs) ? Object.keys(outputs) : null;
  const list = isSingle ? [outputs] : Object.values(outputs ?? []);

  for (const input of inputs)
    addInput(builder, input);
  list.forEach((output, i) => builder.add_output(asVariable(output), keys?.[i] ?? null));
  for (const [shared, value] of updates)
    builder.add_update(shared, asReplacement(value, shared));
  for (const [variable, value] of givens)
    builder.add_given(variable, asReplacement(value, variable));

  return makeCallable(builder.build(), results => {
    if (keys)
      return Object.fromEntries(keys.map((key, i) => [key, results[i]]));
    return isSingle || !outputs ? results[0] : results;
  });
}


// Files

function addFiles() {
  /* The tensor in a .npy file, or an object of those in a .npz file. */
  Tg.load = function (path) {
    const start = Gio.File.new_for_path(path).read(null).read_bytes(2, null).toArray();
    if (String.fromCharCode(...start) !== 'PK')
      return Tg.Tensor.load(path);
    const [tensors, names] = Tg.load_npz(path);
    return Object.fromEntries(names.map((name, i) => [name, tensors[i]]));
  };

  /* Writes a value to a .npy file, or an object of them to a .npz file. */
  Tg.save = function (path, value, {compress = false} = {}) {
    if (isOptions(value))
      Tg.save_npz(path, Object.keys(value), Object.values(value).map(each => asTensor(each)),
        compress);
    else
      asTensor(value).save(path);
  };
}


// Gradients and random streams

/* What becomes of variables that a cost does not depend on, by its name. */
function asPolicy(name) {
  const policy = Tg.DisconnectedInputs[name.toUpperCase()];
  if (policy === undefined)
    throw new TypeError(`expected “raise”, “warn” or “ignore”, not “${name}”`);
  return policy;
}

function addGradients() {
  const {custom_gradient, hessian, hvp, jacobian, jvp, vjp} = Tg;

  /* Calls `differentiate` with arrays; one variable stands for an array, and one result for that of
   * results. */
  function forEach(variables, differentiate) {
    const results = differentiate([variables].flat());
    return Array.isArray(variables) ? results : results[0];
  }

  /* Numbers and arrays take the dtype of the variable that they belong to. */
  function asDirections(values, variables) {
    return Array.isArray(variables)
      ? values.map((value, i) => asReplacement(value, variables[i]))
      : [asReplacement(values, variables)];
  }

  /* The gradient for a variable, or those for an array of variables.  Known gradients are pairs, or
   * a Map; with them, the cost may be null. */
  Tg.grad = function (cost, wrt, options = {}) {
    const {consider_constant = [], disconnected_inputs = 'raise', known_grads = []} = options;
    const gradOptions = Tg.GradOptions.new();
    gradOptions.set_disconnected_inputs(asPolicy(disconnected_inputs));
    for (const variable of consider_constant)
      gradOptions.add_constant(variable);
    for (const [variable, gradient] of known_grads)
      gradOptions.add_known_gradient(variable, asReplacement(gradient, variable));
    return forEach(wrt, variables => Tg.grad_with_options(cost, variables, gradOptions));
  };

  /* Products of cotangents with the Jacobian, of the Jacobian with tangents, and of the Hessian
   * with vectors. */
  Tg.vjp = (outputs, wrt, cotangents, {disconnected_inputs = 'raise'} = {}) =>
    forEach(wrt, variables => vjp([outputs].flat(), variables, asDirections(cotangents, outputs),
      asPolicy(disconnected_inputs)));
  Tg.jvp = (outputs, wrt, tangents) =>
    forEach(outputs, variables => jvp(variables, [wrt].flat(), asDirections(tangents, wrt)));
  Tg.hvp = (cost, wrt, vectors, {disconnected_inputs = 'raise'} = {}) =>
    forEach(wrt, variables => hvp(cost, variables, asDirections(vectors, wrt),
      asPolicy(disconnected_inputs)));

  /* The Jacobian or the Hessian for a variable, or those for an array of variables. */
  Tg.jacobian = (expression, wrt, {disconnected_inputs = 'raise'} = {}) =>
    forEach(wrt, variables => jacobian(expression, variables, asPolicy(disconnected_inputs)));
  Tg.hessian = (cost, wrt, {disconnected_inputs = 'raise'} = {}) =>
    forEach(wrt, variables => hessian(cost, variables, asPolicy(disconnected_inputs)));

  /* The value with the gradients for `inputs` that `differentiate` makes of the gradient of it. */
  Tg.custom_gradient = function (value, inputs, differentiate) {
    const g = Tg.Variable.new_with_type('g', value.get_tensor_type());
    return custom_gradient(value, [inputs].flat(), g, [differentiate(g)].flat().map(asVariable));
  };
}

/* Of each distribution: its parameters with their defaults, and the dtype. */
const DISTRIBUTIONS = {
  uniform: [{low: 0, high: 1}, 'float64'],
  normal: [{mean: 0, deviation: 1}, 'float64'],
  truncated_normal: [{mean: 0, deviation: 1, low: -2, high: 2}, 'float64'],
  exponential: [{scale: 1}, 'float64'],
  gamma: [{a: 1, scale: 1}, 'float64'],
  beta: [{a: 1, b: 1}, 'float64'],
  chisquare: [{df: 1}, 'float64'],
  bernoulli: [{p: 0.5}, 'int64'],
  binomial: [{n: 1, p: 0.5}, 'int64'],
  poisson: [{lam: 1}, 'int64'],
  categorical: [{p: [0.5, 0.5]}, 'int64'],
  multinomial: [{n: 1, p: [0.5, 0.5]}, 'int64'],
  choice: [{p: [0.5, 0.5]}, 'int64'],
  permutation: [{}, 'int64'],
};

/* Makes streams.gamma(shape, {a: 2, dtype: 'float32'}). */
function addDistribution(name, defaults, preset) {
  const {prototype} = Tg.RandomStreams;
  const draw = prototype[name];

  prototype[name] = function (shape = [], options = {}) {
    for (const key of Object.keys(options)) {
      if (!(key in defaults) && key !== 'dtype')
        throw new TypeError(`${name} has no parameter “${key}”`);
    }
    const parameters = Object.keys(defaults).map(key => asVariable(options[key] ?? defaults[key]));
    return draw.call(this, asInts(shape), ...parameters, asDType(options.dtype ?? preset));
  };
}

function extendRandomStreams() {
  const {prototype} = Tg.RandomStreams;
  const {integers, shuffle} = prototype;

  prototype._init = function (seed = 0) {
    return Tg.RandomStreams.new(seed);
  };

  for (const [name, [defaults, preset]] of Object.entries(DISTRIBUTIONS))
    addDistribution(name, defaults, preset);

  prototype.integers = function (shape, low, high, {closed = false, dtype = 'int64'} = {}) {
    return integers.call(this, asInts(shape), asVariable(low), asVariable(high), closed,
      asDType(dtype));
  };

  prototype.shuffle = function (x, {axis = 0, together = true} = {}) {
    return shuffle.call(this, asVariable(x), axis, together);
  };
}

// Places and name scopes

/* The innermost frame that is of no override and not of gjs: where a person's program is. */
function addPlaces() {
  const FRAME = /^([^@]*)@(.*?):(\d+):\d+$/;
  const here = FRAME.exec(new Error().stack.split('\n')[0])[2];

  Tg.Place.set_finder(() => {
    for (const line of new Error().stack.split('\n')) {
      const [, name, file, number] = FRAME.exec(line) ?? [];
      if (file !== undefined && file !== here && !file.startsWith('resource:'))
        return Tg.Place.new(file.replace(/^file:\/\//, ''), Number(number), name || null);
    }
    return null;
  });

  Object.defineProperties(Tg.Place.prototype, {
    file: {get() { return this.get_file(); }},
    line: {get() { return this.get_line(); }},
    text_line: {get() { return this.get_text_line(); }},
    text_column: {get() { return this.get_text_column(); }},
  });
  Tg.Place.prototype.toString = function () {
    return this.to_string();
  };

  /* Calls `action` within a name scope: names that it gives begin with `name` and a slash. */
  Tg.nameScope = function (name, action) {
    if (!name)
      throw new TypeError('a name scope needs a name');
    Tg.name_scope_push(name);
    try {
      return action();
    } finally {
      Tg.name_scope_pop();
    }
  };
}

function _init() {
  Tg = this;
  Gio._promisify(Tg.Function.prototype, 'call_async', 'call_finish');
  Gio._promisify(Tg.Function.prototype, 'call_named_async', 'call_named_finish');

  addPlaces();
  extendTensor();
  addOperators();
  extendVariable();
  extendSharedVariable();
  addSymbols();
  addFiles();
  addGradients();
  extendRandomStreams();

  Tg.expr = expr;
  Tg.function = compile;
}
