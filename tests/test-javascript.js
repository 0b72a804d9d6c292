// SPDX-License-Identifier: LGPL-2.1-or-later
// Tensors, variables and operators as JavaScript sees them.

import GLib from 'gi://GLib';
import Tg from 'gi://Tg?version=1';

import {check, close, failsWith, failsWithTypeError, run, same, test} from './checks.js';

const sigmoid = x => 1 / (1 + Math.exp(-x));


// Tensors

test('numbers and nested arrays become tensors', () => {
  same(Tg.Tensor.from(1.5), 1.5);
  same(Tg.Tensor.from([[1, 2, 3], [4, 5, 6]]), [[1, 2, 3], [4, 5, 6]]);
  same(Tg.Tensor.from([[1, 2, 3], [4, 5, 6]]).shape, [2, 3]);
  same(Tg.Tensor.from([]).shape, [0]);
  same(Tg.Tensor.from([[], []]), [[], []]);
  check(Tg.Tensor.from(1) instanceof Tg.Tensor);
  check(Tg.Tensor.from(3).ndim === 0);
});

test('values choose the dtype', () => {
  const dtypes = [1, true, 1n, [1, 2.5], [false], [1n], new Int8Array(2), new Uint8Array(2),
    new Int32Array(2), new Uint32Array(2), new BigInt64Array(2), new Float32Array(2),
    new Float64Array(2)].map(value => Tg.Tensor.from(value).dtype);
  same(dtypes, ['float64', 'bool', 'int64', 'float64', 'bool', 'int64', 'int8', 'uint8',
    'int32', 'uint32', 'int64', 'float32', 'float64']);
  same(Tg.Tensor.from([{re: 1, im: -2}, 3]).toArray(), [{re: 1, im: -2}, {re: 3, im: 0}]);
  same(Tg.Tensor.from([1, 0.1], {dtype: 'float16'}).toArray(), [1, 0.0999755859375]);
  same(Tg.Tensor.from([2n ** 63n], {dtype: 'uint64'}).toArray(), [2n ** 63n]);
  const z = Tg.zvector('z');
  const turned = Tg.function([z], z.multiply({re: 0, im: 1}));
  same(turned([1, {re: 0, im: 2}]).toArray(), [{re: 0, im: 1}, {re: -2, im: 0}]);
});

test('a dtype and a shape can be asked for', () => {
  const tensor = Tg.Tensor.from(new Float64Array([1, 2, 3, 4]), {shape: [2, 2], dtype: 'int32'});
  same(tensor, [[1, 2], [3, 4]]);
  same([tensor.dtype, tensor.shape], ['int32', [2, 2]]);
  same(Tg.Tensor.from([0, 2, -1], {dtype: Tg.DType.BOOL}), [false, true, true]);
  same(Tg.Tensor.from([1, 2], {dtype: 'float32'}).astype('int64').dtype, 'int64');
});

test('arrays that are not rectangular are refused', () => {
  for (const value of [[[1, 2], [3]], [1, [2]], [[1], 2]])
    failsWithTypeError(/nested arrays/, () => Tg.Tensor.from(value));
  failsWithTypeError(/not one/, () => Tg.Tensor.from(['one']));
  failsWithTypeError(/not undefined/, () => Tg.Tensor.from());
  failsWithTypeError(/none of the dtypes/, () => Tg.Tensor.from(1, {dtype: 'float8'}));
});

test('what has nothing in it cannot be made', () => {
  for (const name of ['Variable', 'Constant', 'SharedVariable', 'Function', 'FunctionInput', 'Op'])
    failsWithTypeError(/is made by/, () => new Tg[name]());
});

test('what is no variable among variables is refused', () => {
  const x = Tg.dvector('x');

  for (const call of [
    () => Tg.clone(1), () => Tg.clone([x, null]), () => Tg.vjp([x], [x, null], [x]),
    () => Tg.jacobian(x, [x, null]), () => Tg.broadcast_arrays([x, undefined]),
    () => Tg.vectorize([x], [[3, x]]), () => x.eval([[null, 1]]), () => Tg.parse_npz(true),
    () => Tg.grad(0, x), () => Tg.hessian(null, x), () => Tg.jacobian({}, x),
    () => Tg.grad_with_options(x, [x], 0), () => Tg.custom_gradient(x, [3], g => g),
    () => Tg.meshgrid([null]),
  ])
    failsWithTypeError(/^expected an? /, call);
});

test('views look at the same memory', () => {
  const tensor = Tg.Tensor.from([[1, 2, 3], [4, 5, 6], [7, 8, 9]]);
  const offset = view => Number(view.get_address() - tensor.get_address()) / 8;
  const views = [tensor.at(1), tensor.at(-1, 0), tensor.at(), tensor.slice(1),
    tensor.slice(0, -1, {axis: 1}), tensor.slice(null, null, {step: -1}),
    tensor.slice(-1, null, {axis: -1, step: -2})];
  same(views, [[4, 5, 6], 7, [[1, 2, 3], [4, 5, 6], [7, 8, 9]], [[4, 5, 6], [7, 8, 9]],
    [[1, 2], [4, 5], [7, 8]], [[7, 8, 9], [4, 5, 6], [1, 2, 3]], [[3, 1], [6, 4], [9, 7]]]);
  same(views.map(offset), [3, 6, 0, 3, 0, 6, 2]);
  same([tensor.T, offset(tensor.T)], [[[1, 4, 7], [2, 5, 8], [3, 6, 9]], 0]);
  failsWith(Tg.shape_error_quark(), Tg.ShapeError.INDEX, () => tensor.at(3));
  failsWith(Tg.shape_error_quark(), Tg.ShapeError.AXIS, () => tensor.at(0, 0, 0));
  failsWithTypeError(/integer/, () => tensor.at(0.5));
});

/* The mebibytes of memory that the process has now. */
function getResident() {
  const [, text] = GLib.file_get_contents('/proc/self/statm');
  return Number(new TextDecoder().decode(text).split(' ')[1]) / 256;
}

test('data takes no memory of its own', () => {
  const tensor = Tg.Tensor.new_zeros(Tg.DType.FLOAT64, [16 << 20]);
  const before = getResident();
  const {data} = tensor;
  let sum = 0;
  for (let i = 0; i < data.length; i += 512)
    sum += data[i];
  check(sum === 0 && getResident() - before < 32, `${getResident() - before} MiB`);
});

test('tensors can be iterated over', () => {
  same([...Tg.Tensor.from([[1, 2], [3, 4]])], [[1, 2], [3, 4]]);
  const [a, b] = Tg.Tensor.from([5, 6]);
  same([+a, +b], [5, 6]);
});

test('data is a typed array over the elements', () => {
  const tensor = Tg.Tensor.from([[1, 2], [3, 4]]);
  check(tensor.data instanceof Float64Array);
  same(Array.from(tensor.data), [1, 2, 3, 4]);
  same(Array.from(tensor.permute_dims([1, 0]).data), [1, 3, 2, 4]);
  same(Array.from(tensor.slice(1, 2).data), [3, 4]);
  same(Array.from(Tg.Tensor.from([5n]).data), [5n]);
  check(Tg.Tensor.from([true]).data instanceof Uint8Array);
});

test('integers come back as numbers while they are exact', () => {
  same(Tg.Tensor.from([1n, -2n]).toArray(), [1, -2]);
  same(Tg.Tensor.from([2n ** 62n]).toArray(), [2n ** 62n]);
  same(Tg.Tensor.from([[true], [false]]).toArray(), [[true], [false]]);
});

test('a tensor without dimensions is a number', () => {
  const tensor = Tg.Tensor.from(0.5);
  check(+tensor === 0.5 && tensor + 1 === 1.5 && tensor < 1);
  check(Tg.Tensor.from(3n) * 2 === 6);
  check(`${tensor}` === tensor.to_string());
  failsWithTypeError(/not a number/, () => +Tg.Tensor.from([1, 2]));
});

test('tensors print as in NumPy', () => {
  check(`${Tg.Tensor.from([[1, 2], [3, 4]])}`.includes('[1., 2.]') ||
    `${Tg.Tensor.from([[1, 2], [3, 4]])}`.includes('[1. 2.]'));
  check(String(Tg.Tensor.from([1n, 2n])).replace(',', '').includes('[1 2]'));
});


// Variables

test('symbols have dtype, dimensions and name', () => {
  const described = ['dscalar', 'fvector', 'imatrix', 'ltensor3', 'tensor4', 'row', 'dcol'].map(
    name => [Tg[name]('x').dtype, Tg[name]('x').ndim, Tg[name]('x').name]);
  same(described, [['float64', 0, 'x'], ['float32', 1, 'x'], ['int32', 2, 'x'], ['int64', 3, 'x'],
    ['float64', 4, 'x'], ['float64', 2, 'x'], ['float64', 2, 'x']]);
  same(Tg.row().tensor_type.shape, [1, -1]);
  same(Tg.dmatrices('a', 'b').map(symbol => symbol.name), ['a', 'b']);
  check(Tg.dscalar().name === null);
});

test('variables print in the notation', () => {
  const x = Tg.dvector('x');
  check(`${x.exp()}`.includes('exp(x)'));
  check(x.exp().toString() === x.exp().to_string());
});

test('signs between variables say what to write instead', () => {
  const x = Tg.dvector('x');
  failsWithTypeError(/Tg\.expr/, () => x + 1);
  failsWithTypeError(/Tg\.expr/, () => 2 * x);
  failsWithTypeError(/Tg\.expr/, () => -x);
  failsWithTypeError(/Tg\.expr/, () => x < 1);
});

test('operators are methods and functions', () => {
  const x = Tg.dvector('x');
  const f = Tg.function([x], [x.exp(), Tg.exp(x), x.add(x), Tg.maximum(x, 1), x.neg(), x.mul(2)]);
  close(f([0, 2]), [1, Math.exp(2), 1, Math.exp(2), 0, 4, 1, 2, 0, -2, 0, 4]);
});

test('every operator of the table is there', () => {
  for (const op of Tg.Op.list()) {
    const name = op.get_name();
    check(typeof Tg[name] === 'function', `Tg.${name} is missing`);
    const isMethod = !op.is_variadic() && op.dup_input_kinds()[0] !== 'ints';
    check(!isMethod || typeof Tg.Variable.prototype[name] === 'function', `x.${name} is missing`);
  }
});

test('options have names, defaults and an order', () => {
  const x = Tg.dmatrix('x');
  const value = [[1, 2, 3], [4, 5, 6]];
  const results = Tg.function([x], [
    Tg.sum(x), Tg.sum(x, {axis: 1}), x.sum({axis: 1, keepdims: true}), x.sum([0]), x.sum(-1, true),
    x.max({axis: [0, 1]}), x.argmax({axis: 1}), x.astype('int32'), x.expand_dims(), x.T,
    x.sum({axis: []}),
  ])(value);
  same(results, [21, [6, 15], [[6], [15]], [5, 7, 9], [[6], [15]], 6, [2, 2], value, [value],
    [[1, 4], [2, 5], [3, 6]], value]);
});

test('arguments that do not exist are refused', () => {
  const x = Tg.dmatrix('x');
  failsWithTypeError(/sum has no argument “axes”/, () => x.sum({axes: 1}));
  failsWithTypeError(/sum: too many/, () => x.sum(1, false, 2));
  failsWithTypeError(/sum: axis: expected an integer/, () => x.sum({axis: 0.5}));
  failsWithTypeError(/exp: x: .*not undefined/, () => Tg.exp());
  failsWithTypeError(/add: y: .*not null/, () => x.add(null));
  failsWithTypeError(/permute_dims: axes must be given/, () => Tg.permute_dims(x));
  failsWithTypeError(/concat: xs: expected an array/, () => Tg.concat(x));
});

test('numbers are weak, arrays are not', () => {
  const f = Tg.fvector('f');
  const i = Tg.ivector('i');
  same([f.mul(2), f.mul(0.5), i.add(1), i.add(0.5), i.add(1n), f.add(true), f.add([0.5])]
    .map(variable => variable.dtype),
  ['float32', 'float32', 'int32', 'float64', 'int32', 'float32', 'float64']);
  same([Tg.constant(1).dtype, Tg.constant(1, {dtype: 'int32'}).dtype], ['float64', 'int32']);
  same([i.add([1, 2]).dtype, i.add(new Int32Array([1, 2])).dtype], ['int64', 'int32']);
  same(Tg.constant([1, 2]).value, [1, 2]);
});

test('arrays may hold variables', () => {
  const [x, y] = [Tg.dscalar('x'), Tg.dscalar('y')];
  same(Tg.function([x, y], Tg.exp([x.mul(0), y]).mul([1, 0]))(3, 4), [1, 0]);
  same(Tg.function([x, y], Tg.stack([x, y, 1]))(3, 4), [3, 4, 1]);
});

test('parts of a tensor', () => {
  const x = Tg.dmatrix('x');
  const i = Tg.lscalar('i');
  const value = [[1, 2, 3], [4, 5, 6], [7, 8, 9]];
  const results = Tg.function([x, i], [
    x.at(0), x.at(-1, 0), x.at(i, i), x.slice(1), x.slice(0, -1, {axis: 1}),
    x.slice(null, null, {axis: 0, step: -1}), x.slice([0, 1], [2, 3], {axis: [0, 1]}),
    Tg.slice(x, i), x.index(1, {axis: 1}), Tg.expr`${x}[1:, ::2]`, Tg.expr`${x}[..., -1]`,
  ])(value, 2);
  same(results, [[1, 2, 3], 7, 9, value.slice(1), [[1, 2], [4, 5], [7, 8]], value.slice().reverse(),
    [[2, 3], [5, 6]], [[7, 8, 9]], [2, 5, 8], [[4, 6], [7, 9]], [3, 6, 9]]);
});

test('shapes are arrays of numbers and variables', () => {
  const x = Tg.dvector('x');
  const n = Tg.iscalar('n');
  const results = Tg.function([x, n], [
    x.reshape([2, -1]), x.reshape([n, 3]), Tg.zeros([n]), Tg.ones(2, {dtype: 'int32'}),
    Tg.full([2, 1], 7, {dtype: 'float64'}), Tg.eye(2), Tg.eye(1, n, {k: 1}), Tg.arange(3),
    Tg.arange(1, 2, 0.5), x.shape(), Tg.concat([x, [6]]), Tg.broadcast_to(1, [1, 2]),
    Tg.einsum('i,i->', x, x),
  ])([0, 1, 2, 3, 4, 5], 2);
  same(results, [[[0, 1, 2], [3, 4, 5]], [[0, 1, 2], [3, 4, 5]], [0, 0], [1, 1], [[7], [7]],
    [[1, 0], [0, 1]], [[0, 1]], [0, 1, 2], [1, 1.5], [6], [0, 1, 2, 3, 4, 5, 6], [[1, 1]], 55]);
});

test('parts are taken by integers, arrays and masks', () => {
  const x = Tg.constant([[1, 2, 3], [4, 5, 6]]);
  const i = Tg.lscalar('i');
  const f = Tg.function([i], [x.at(i), x.at(-1, i), x.at([1, 0, 1]), x.at([0, 1], [2, i]),
    x.at(1, [0, 2]), x.at([true, false]), x.at(x.gt(2)), x.at(new Int32Array([1])), x.at([])]);
  same(f(1), [[4, 5, 6], 5, [[4, 5, 6], [1, 2, 3], [4, 5, 6]], [3, 5], [4, 6], [[1, 2, 3]],
    [3, 4, 5, 6], [[4, 5, 6]], []]);
  failsWith(Tg.ShapeError, Tg.ShapeError.AXIS, () => x.at(0, 0, 0));
  failsWith(Tg.ShapeError, Tg.ShapeError.INDEX, () => x.at(2));
});

test('parts can be set and increased', () => {
  const x = Tg.dmatrix('x');
  const f = Tg.function([x], [
    Tg.set_subtensor(x.at(0, 1), 9), Tg.inc_subtensor(x.at([1, 1], [0, 0]), [1, 2]),
    Tg.set_subtensor(x.slice(null, null, {axis: 1, step: 2}), 0),
    Tg.inc_subtensor(x.slice(1), x.at(0)),
  ]);
  same(f([[1, 2], [3, 4]]), [[[1, 9], [3, 4]], [[1, 2], [6, 4]], [[0, 2], [0, 4]],
    [[1, 2], [4, 6]]]);
  failsWithTypeError(/set_subtensor: expected what at\(\) or slice\(\) has just returned/,
    () => Tg.set_subtensor(x, 1));
});

test('functions of the array API have its arguments', () => {
  const x = Tg.constant([[3, 0, 1], [0, 5, 6]]);
  const cases = [
    [Tg.concat([x, x], {axis: 1}).shape(), [2, 6]],
    [Tg.concat([x, [9]], {axis: null}), [3, 0, 1, 0, 5, 6, 9]],
    [Tg.arange(3), [0, 1, 2]], [Tg.arange(1, 7, 2), [1, 3, 5]],
    [Tg.arange(2, {dtype: 'float32'}).astype('bool'), [false, true]],
    [Tg.linspace(0, 4, 3, {dtype: 'int32'}), [0, 2, 4]],
    [Tg.linspace(0, 4, 2, {endpoint: false}), [0, 2]],
    [Tg.zeros_like(x), [[0, 0, 0], [0, 0, 0]]], [x.ones_like({dtype: 'bool'}).all(), true],
    [x.full_like(2), [[2, 2, 2], [2, 2, 2]]],
    [x.take([5, 0]), [6, 3]], [x.take([2], {axis: 1}), [[1], [6]]],
    [x.take([2], 1), [[1], [6]]], [Tg.concat([x, x], 1).shape(), [2, 6]],
    [x.unstack(1)[2], [1, 6]], [Tg.full(2, 7, 'int8').astype('int16'), [7, 7]],
    [x.clip(1, 3), [[3, 1, 1], [1, 3, 3]]], [x.clip(null, 2).max(), 2], [x.clip(4).min(), 4],
    [x.cumulative_sum(), [3, 3, 4, 4, 9, 15]],
    [x.cumulative_prod({axis: 1}), [[3, 0, 0], [0, 0, 0]]],
    [Tg.tensordot(x, x), 71], [Tg.tensordot(x, x, {axes: [[1], [1]]}), [[10, 6], [6, 61]]],
    [Tg.searchsorted([3, 1, 2], [2, 4], {side: 'right', sorter: [1, 2, 0]}), [2, 3]],
    [Tg.stack(Tg.nonzero(x)), [[0, 0, 1, 1], [0, 2, 1, 2]]],
    [x.split([1, -1], {axis: 1})[1], [[0, 1], [5, 6]]], [x.unstack()[1], [0, 5, 6]],
    [Tg.stack(Tg.meshgrid([[1, 2], [3, 4, 5]])).shape(), [2, 3, 2]],
    [Tg.meshgrid([[1, 2], [3, 4]], {indexing: 'ij'})[0], [[1, 1], [2, 2]]],
    [Tg.broadcast_arrays([[1, 2], 3])[1], [3, 3]], [x.transpose(), [[3, 0], [0, 5], [1, 6]]],
  ];
  same(Tg.function([], cases.map(([variable]) => variable))(), cases.map(([, value]) => value));
  failsWithTypeError(/^take: too many arguments$/, () => x.take([1], 1, 2));
  failsWithTypeError(/^meshgrid: indexing: expected “xy” or “ij”, not “no”$/,
    () => Tg.meshgrid([[1]], {indexing: 'no'}));
  failsWithTypeError(/^nonzero: expected at least one dimension, not 0$/, () => Tg.nonzero(3));
});

test('complex numbers are objects of two parts', () => {
  const z = Tg.zscalar('z');
  const f = Tg.function([z], [z.mul({re: 0, im: 1}), z.abs(), z.conj(), Tg.complex(1, 2).imag(),
    Tg.expr`${z} + ${{re: 1, im: 1}}`]);
  same(f({re: 3, im: 4}), [{re: -4, im: 3}, 5, {re: 3, im: -4}, 2, {re: 4, im: 5}]);
  same(Tg.Tensor.from([{re: 1, im: 2}]).data, {0: 1, 1: 2});
});


// Expressions as template literals

test('the template tag reads the notation', () => {
  const x = Tg.dmatrix('x');
  const logistic = Tg.function([x], Tg.expr`1 / (1 + exp(-${x}))`);
  close(logistic([[0, 1], [1.5, -1]]), [0, 1, 1.5, -1].map(sigmoid));
});

test('holes take variables, numbers and arrays', () => {
  const x = Tg.dvector('x');
  const e = 2.5;
  const results = Tg.function([x], [
    Tg.expr`${x} ** ${2}`, Tg.expr`${-2} ** 2 + 0 * ${x}`, Tg.expr`${x} * ${e} - ${[1, 0.5]}`,
    Tg.expr`sum(${x}, axis=${[0]}, keepdims=${true})`, Tg.expr`reshape(${x}, ${[2, 1]})`,
    Tg.expr`${x} + ${new Float64Array([1, 2])} + ${Tg.Tensor.from([1, 2])}`,
    Tg.expr`let e = exp(${x} * 0); e + ${x}`, Tg.expr`${x} + ${1e-300}`, Tg.expr`${x}[${1}:]`,
  ])([1, 2]);
  same(results, [[1, 4], [4, 4], [1.5, 4.5], [3], [[1], [2]], [3, 6], [2, 3], [1, 2], [2]]);
});

test('a hole binds as a whole', () => {
  const [x, y] = [Tg.dscalar('x'), Tg.dscalar('y')];
  same(Tg.function([x, y], Tg.expr`${x.add(y)} * 2`)(1, 2), 6);
  same(Tg.function([x, y], Tg.expr`2 ** -${x.sub(y)}`)(1, 2), 2);
});

test('text that cannot be read names the place', () => {
  const x = Tg.dscalar('x');
  const message = failsWith(Tg.ParseError, Tg.ParseError.SYNTAX, () => Tg.expr`1 + * ${x}`);
  check(message.includes('1:5'), message);
  failsWith(Tg.ParseError, Tg.ParseError.NAME, () => Tg.expr`${x} + y`);
  failsWithTypeError(/expected a variable/, () => Tg.expr`${x} + ${'y'}`);
});

await run();
