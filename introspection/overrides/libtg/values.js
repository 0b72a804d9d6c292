// SPDX-License-Identifier: LGPL-2.1-or-later
/* Dtypes, and tensors made of numbers, arrays and typed arrays. */

const {GLib, Tg} = imports.gi;

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
  return typeof value === 'object' && value !== null && !isComplex(value) &&
    Object.getPrototypeOf(value) === Object.prototype;
}

/* The options in an object, with their defaults; what is none of them is an error. */
function readOptions(what, options, presets) {
  if (!isOptions(options))
    throw new TypeError(`${what}: expected an object of options, not ${describe(options)}`);
  const result = {...presets};
  for (const [key, value] of Object.entries(options)) {
    if (!(key in presets))
      throw new TypeError(`${what} has no option “${key}”`);
    if (value !== undefined)
      result[key] = value;
  }
  return result;
}

/* What follows the operands of a function: an object of options, or values in their order. */
function readArguments(what, values, presets) {
  if (values.length === 1 && isOptions(values[0]))
    return readOptions(what, values[0], presets);
  const names = Object.keys(presets);
  if (values.length > names.length)
    throw new TypeError(`${what}: too many arguments`);
  return readOptions(what, Object.fromEntries(values.map((value, i) => [names[i], value])),
    presets);
}

/* One of the values raise, warn and ignore of an enumeration, by its name. */
function asPolicy(option, name, policies) {
  const policy = policies[String(name).toUpperCase()];
  if (policy === undefined)
    throw new TypeError(`${option}: expected “raise”, “warn” or “ignore”, not “${name}”`);
  return policy;
}

function describe(value) {
  return value === null || typeof value !== 'object'
    ? String(value) : value.constructor?.name ?? 'an object';
}

function asInteger(value) {
  if (!Number.isSafeInteger(Number(value)) || !['number', 'bigint'].includes(typeof value))
    throw new TypeError(`expected an integer, not ${describe(value)}`);
  return Number(value);
}

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
function asTensor(value, options = {}) {
  const {dtype, shape} = readOptions('a tensor', options, {dtype: null, shape: null});
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

function add() {
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
  prototype.slice = function (start = null, stop = null, options = {}) {
    const {axis, step} = readOptions('slice', options, {axis: 0, step: 1});
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
