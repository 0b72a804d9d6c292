// SPDX-License-Identifier: LGPL-2.1-or-later
// Functions, gradients, random streams and errors as JavaScript sees them.

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import System from 'system';
import Tg from 'gi://Tg?version=1';

import {check, close, fails, failsWith, failsWithTypeError, run, same, test} from './checks.js';

// Functions

test('a function is called with numbers, arrays, typed arrays and tensors', () => {
  const x = Tg.dmatrix('x');
  const f = Tg.function([x], x.mul(2));
  const expected = [[2, 4], [6, 8]];
  same(f([[1, 2], [3, 4]]), expected);
  same(f(Tg.Tensor.from(new Float64Array([1, 2, 3, 4]), {shape: [2, 2]})), expected);
  same(f([new Float64Array([1, 2]), new Float64Array([3, 4])]), expected);
  same(Tg.function([Tg.dscalar('y')], [], {onUnusedInput: 'ignore'})(1), []);
  const v = Tg.dvector('v');
  same(Tg.function([v], v.add(1))(new Float64Array([1, 2])), [2, 3]);
});

test('inputs take the numbers that they can hold', () => {
  const double = symbol => Tg.function([symbol], symbol.add(symbol));
  same(double(Tg.fscalar('f'))(0.5), 1);
  same(double(Tg.iscalar('i'))(3), 6);
  same(double(Tg.lvector('l'))([1, 2n]), [2, 4]);
  same(double(Tg.lscalar('l'))(2n ** 60n), 2n ** 61n);
  same(double(Tg.dvector('d'))(new Float32Array([0.5])), [1]);
  check(double(Tg.fscalar('f'))(1).dtype === 'float32');
  check(fails(() => double(Tg.iscalar('i'))(0.5)).message.includes('i'));
  check(fails(() => double(Tg.fvector('f'))(new Float64Array(1))).message.includes('f'));
  failsWithTypeError(/^d: .*nested arrays/, () => double(Tg.dmatrix('d'))([[1], [2, 3]]));
  failsWithTypeError(/^d: .*symbolic/, () => double(Tg.dscalar('d'))(Tg.dscalar('e')));
});

test('inputs have positions and names', () => {
  const [x, y] = [Tg.dscalar('x'), Tg.dscalar('y')];
  const f = Tg.function([x, y], x.sub(y), {name: 'difference'});
  same([f(3, 1), f({y: 1, x: 3}), f(3, {y: 1})], [2, 2, 2]);
  failsWithTypeError(/difference: the input y is missing/, () => f({x: 1}));
  failsWithTypeError(/difference: there is no input “z”/, () => f({x: 1, y: 2, z: 3}));
  failsWithTypeError(/difference: the input “x” has two values/, () => f(1, {x: 1, y: 2}));
  failsWith(Tg.RunError, Tg.RunError.INPUTS, () => f(1));
  failsWith(Tg.RunError, Tg.RunError.INPUTS, () => f(1, 2, 3));
});

test('inputs may have options', () => {
  const [x, y] = [Tg.dscalar('x'), Tg.fscalar('y')];
  const f = Tg.function([{variable: x, name: 'start', value: 2}, {variable: y, value: 0.5,
    allowDowncast: true}], x.add(y));
  same([f(), f(1), f({y: 1}), f({start: 5}), f(1, {y: 2})], [2.5, 1.5, 3, 5.5, 3]);
  check(+f(0, new Float64Array([0.25]).at(0)) === 0.25);
  check(+f(0, Tg.Tensor.from(0.25)) === 0.25);

  const n = Tg.lscalar('n');
  const counter = Tg.function([{variable: n, value: 0n, update: n.add(1)}], n);
  same([counter(), counter(), counter(10n), counter()], [0, 1, 10, 11]);
  const w = Tg.shared(3);
  same([Tg.function([{variable: x, value: w}], x)()], [3]);

  const strict = Tg.function([{variable: y, strict: true}], y);
  const exact = Tg.function([{variable: y, allowDowncast: false}], y);
  check(failsWith(Tg.RunError, Tg.RunError.INPUT, () => strict(0.5)).endsWith('it is strict'));
  same([exact(0.5), Tg.function([n], n, {allowInputDowncast: true})(1.5)], [0.5, 1]);
  failsWith(Tg.RunError, Tg.RunError.INPUT, () => exact(0.1));
  failsWithTypeError(/no option “default”/, () => Tg.function([{variable: x, default: 1}], x));
  failsWithTypeError(/the input y is missing/, () => Tg.function([x, y], x.add(y))({x: 1}));
});

test('functions have a mode and options', () => {
  const x = Tg.dscalar('x');
  const f = Tg.function([x], x.log(), {mode: 'reference,check-finite', name: 'f'});
  same(f(1), 0);
  check(failsWith(Tg.RunError, Tg.RunError.NOT_FINITE, () => f(0)).startsWith(
    'f: log (x: f64[]): the result is -inf (made at test-javascript-functions.js, line '));
  failsWith(Tg.CompileError, Tg.CompileError.MODE, () => Tg.function([x], x, {mode: 'slow'}));
  failsWith(Tg.CompileError, Tg.CompileError.UNUSED, () => Tg.function([x], 1));
  failsWithTypeError(/“raise”, “warn” or “ignore”/, () =>
    Tg.function([x], x, {onUnusedInput: 'never'}));
  failsWithTypeError(/no option “update”/, () => Tg.function([x], x, {update: []}));

  const u = new Tg.RandomStreams(3).uniform();
  const draw = Tg.function([], u, {noDefaultUpdates: true});
  same(draw(), draw());
});

test('copies have other shared variables', () => {
  const [v, w] = [Tg.shared(1), Tg.shared(10)];
  const f = Tg.function([], v, {updates: [[v, v.add(1)]]});
  const g = f.copy({swap: [[v, w]]});
  same([g(), g(), +v.value, +w.value], [10, 11, 1, 12]);
  same([f.copy({deleteUpdates: true})(), +v.value], [1, 1]);
});

test('a call in another thread is awaited, and can be cancelled', async () => {
  const x = Tg.dscalar('x');
  const state = Tg.shared(1, 'state');
  const f = Tg.function([x], {sum: x.add(state)}, {updates: [[state, state.add(1)]], name: 'f'});
  const seen = [];
  state.connect('notify::value', () => seen.push(+state.value));
  same([await f.callAsync(1), await f.callAsync({x: 2})], [{sum: 2}, {sum: 4}]);
  same(seen, [2, 3]);

  const cancellable = new Gio.Cancellable();
  cancellable.cancel();
  const error = await f.callAsync(cancellable, 1).then(() => null, reason => reason);
  check(error.matches(Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED));
  check(error.message === 'f: the call was cancelled' && +state.value === 3);
});

test('functions are compiled in another thread', async () => {
  const x = Tg.dscalar('x');
  const seen = [];
  const f = await Tg.functionAsync([x], {sum: x.add(1)},
    {name: 'f', progress: fraction => seen.push(fraction)});
  same(await f.callAsync(1), {sum: 2});
  check(seen.at(-1) === 1 && seen.every((fraction, i) => i === 0 || fraction > seen[i - 1]), seen);

  const cancellable = new Gio.Cancellable();
  cancellable.cancel();
  const error = await Tg.functionAsync([x], x, {name: 'f'}, cancellable)
    .then(() => null, reason => reason);
  check(error.matches(Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED));
  same(error.message, 'f: the compilation was cancelled');
});

test('outputs come back as they were given', () => {
  const x = Tg.dscalar('x');
  const [one, list, named, constant] = [x, [x, x.mul(2)], {x, twice: x.mul(2)}, [1, x]]
    .map(outputs => Tg.function([x], outputs));
  check(one(1) instanceof Tg.Tensor);
  same(list(1), [1, 2]);
  same(named(1), {x: 1, twice: 2});
  same(constant(2), [1, 2]);
  check(named.function.get_output_name(1) === 'twice');

  const state = Tg.shared(0);
  const updates = [[state, state.add(1)]];
  check(Tg.function([], null, {updates})() === undefined);
  same(Tg.function([], [], {updates})(), []);
  same(state.value, 2);
});

test('a function knows its name, its graph and its object', () => {
  const x = Tg.dscalar('x');
  const f = Tg.function([x], x.exp(), {name: 'exponential'});
  check(f.name === 'exponential' && f.function instanceof Tg.Function);
  check(`${f}`.includes('exp(x)'));
  check(f.function.get_n_inputs() === 1);
});

test('a call returns the values before its updates', () => {
  const inc = Tg.iscalar('inc');
  for (const wrap of [pairs => pairs, pairs => new Map(pairs)]) {
    const state = Tg.shared(0n, 'state');
    const accumulator = Tg.function([inc], state, {updates: wrap([[state, state.add(inc)]])});
    check(+accumulator(1) === 0 && +state.value === 1);
    check(+accumulator({inc: 300}) === 1 && +state.value === 301);
    state.value = -1;
    check(+accumulator(3) === -1 && +state.value === 2);
    check(state.value.dtype === 'int64');
  }
});

test('updates may be numbers, and givens replace variables', () => {
  const state = Tg.shared([1, 2], 'state');
  same(Tg.function([], state, {updates: [[state, [0, 0]]]})(), [1, 2]);
  same(state.value, [0, 0]);
  const foo = Tg.dvector('foo');
  const f = Tg.function([foo], state.add(1), {givens: new Map([[state, foo]])});
  same(f([5, 6]), [6, 7]);
  same(Tg.function([], foo.mul(2), {givens: [[foo, [1, 2]]]})(), [2, 4]);
});

test('shared variables have a value and tell of changes', () => {
  const w = Tg.shared([1, 2], 'w');
  const seen = [];
  w.connect('notify::value', () => seen.push(w.value.toArray()));
  w.value = [3, 4];
  w.value = new Float64Array([5, 6]);
  Tg.function([], null, {updates: [[w, w.mul(2)]]})();
  same(seen, [[3, 4], [5, 6], [10, 12]]);
  check(w.name === 'w' && w.value instanceof Tg.Tensor && w instanceof GObject.Object);
  same(Tg.shared(new Float32Array([1]), 'f', {shape: [1, 1]}).value.shape, [1, 1]);
  same(Tg.shared(1, 'i', {dtype: 'int32'}).dtype, 'int32');
});


test('options that there are not are errors', () => {
  const x = Tg.dvector('x');
  for (const [name, action] of Object.entries({
    grad: () => Tg.grad(Tg.sum(x), x, {disconnected_inputs: 'raise'}),
    jacobian: () => Tg.jacobian(x, x, {wrt: x}),
    slice: () => x.slice(1, 2, {axes: 0}),
    'a tensor': () => Tg.Tensor.from(1, {type: 'int8'}),
    clone: () => Tg.clone(x, [], {share_inputs: true}),
    uniform: () => new Tg.RandomStreams(1).uniform([], {min: 0}),
    copy: () => Tg.function([x], x).copy({swaps: []}),
    save: () => Tg.save('/none', 1, {compressed: true}),
    'an input': () => Tg.function([{variable: x, default: 1}], x),
  }))
    failsWithTypeError(RegExp(`^${name} has no option “`), action);
  failsWithTypeError(/^an input: expected a variable, not null$/, () => Tg.function([{}], 1));
  failsWithTypeError(/^inputs: expected a variable, not 1$/, () => Tg.function([1], 1));
  failsWithTypeError(/^cotangents: expected an array of 2$/, () => Tg.vjp([x, x], x, [x]));
});

// Gradients

test('the gradient of a variable or of a list', () => {
  const x = Tg.dscalar('x');
  const y = Tg.dvector('y');
  const cost = Tg.expr`${x} ** 2 * sum(${y} ** 2)`;
  const single = Tg.grad(cost, x);
  check(single instanceof Tg.Variable);
  same(Tg.function([x, y], [single, ...Tg.grad(cost, [x, y])])(3, [1, 2]), [30, 30, [18, 36]]);
});

test('a disconnected gradient is an error unless it is allowed', () => {
  const [x, y] = [Tg.dscalar('x'), Tg.dscalar('y')];
  failsWith(Tg.GradError, Tg.GradError.DISCONNECTED, () => Tg.grad(x.exp(), y));
  const zero = Tg.grad(x.exp(), y, {disconnectedInputs: 'ignore'});
  same(Tg.function([x, y], zero, {onUnusedInput: 'ignore'})(1, 2), 0);
  failsWithTypeError(/“raise”, “warn” or “ignore”/,
    () => Tg.grad(x, y, {disconnectedInputs: 'forget'}));
});

test('known gradients and constants', () => {
  const x = Tg.dvector('x');
  const y = Tg.expr`${x} ** 2`;
  const known = Tg.grad(null, x, {knownGrads: [[y, [3, 4]]]});
  const partial = Tg.grad(Tg.sum(y.mul(x)), x, {considerConstant: [y]});
  same(Tg.function([x], [known, partial])([1, 2]), [[6, 16], [1, 4]]);
});

test('products with the Jacobian, and the Jacobian', () => {
  const [x, y] = Tg.dvectors('x', 'y');
  const product = Tg.expr`${x} * ${y}`;
  const f = Tg.function([x, y], [
    Tg.vjp(product, x, [1, 2]), ...Tg.vjp([product], [x, y], [[1, 2]]),
    Tg.jvp(product, [x, y], [[1, 0], [0, 1]]), Tg.jacobian(product, x),
    Tg.hessian(Tg.sum(Tg.expr`${x} ** 3`), x), Tg.hvp(Tg.sum(Tg.expr`${x} ** 3`), x, [1, 10]),
  ]);
  same(f([3, 4], [5, 6]), [
    [5, 12], [5, 12], [3, 8], [5, 4], [[5, 0], [0, 6]], [[18, 0], [0, 24]], [18, 240],
  ]);
});

test('a gradient of one\'s own', () => {
  const [x, y] = Tg.dvectors('x', 'y');
  const rounded = Tg.custom_gradient(Tg.round(x), x, g => g);
  const both = Tg.custom_gradient(x.mul(y), [x, y], g => [g.mul(2), 0]);
  const f = Tg.function([x, y], [
    rounded, Tg.grad(Tg.sum(rounded), x), ...Tg.grad(Tg.sum(both), [x, y]),
  ]);
  same(f([0.75, 2], [3, 4]), [[1, 2], [1, 1], [2, 2], [0, 0]]);
});

test('an expression along a new axis', () => {
  const [w, x] = Tg.dvectors('w', 'x');
  const rows = Tg.dmatrix('rows');
  const each = Tg.vectorize(Tg.grad(Tg.sum(w.mul(x)), w), [[x, rows]]);
  same(Tg.function([w, rows], each, {onUnusedInput: 'ignore'})([0, 0], [[1, 2], [3, 4]]),
    [[1, 2], [3, 4]]);
});

test('gradient descent finds the minimum', () => {
  const w = Tg.shared([5, -5], 'w');
  const cost = Tg.expr`sum((${w} - ${[1, 2]}) ** 2)`;
  const step = Tg.function([], cost, {
    updates: [[w, Tg.expr`${w} - 0.1 * ${Tg.grad(cost, w)}`]],
  });
  for (let i = 0; i < 200; i++)
    step();
  close(w.value, [1, 2], 1e-12);
});


// Random streams

test('one random variable is one draw a call', () => {
  const streams = new Tg.RandomStreams(234);
  const rv = streams.uniform([2, 2]);
  same(Tg.function([], rv.sub(rv))(), [[0, 0], [0, 0]]);
  const f = Tg.function([], rv);
  check(`${f()}` !== `${f()}`);
  check(f().toArray().flat().every(number => number >= 0 && number < 1));
});

test('the same seed draws the same numbers', () => {
  const draws = [new Tg.RandomStreams(7), Tg.RandomStreams.new(7)].map(streams =>
    Tg.function([], [streams.uniform([3]), streams.normal([2, 1])])());
  same(draws[0], draws[1]);
  same(draws[0][1].shape, [2, 1]);
  check(new Tg.RandomStreams(7).get_seed() === 7);
  check(`${draws[0][0]}` !== `${Tg.function([], new Tg.RandomStreams(8).uniform([3]))()}`);
});

test('streams take parameters', () => {
  const streams = new Tg.RandomStreams(1);
  const n = Tg.lscalar('n');
  const f = Tg.function([n], [
    streams.uniform([n], {low: 2, high: 3}), streams.normal(n.expand_dims(), {mean: 10,
      deviation: 0.5}), streams.uniform([n], {dtype: 'float32'}), streams.normal(),
  ]);
  const [u, z, single, number] = f(4000);
  check(u.data.every(value => value >= 2 && value < 3));
  close(z.data.reduce((sum, value) => sum + value) / 4000, 10, 0.005);
  check(single.dtype === 'float32' && number.ndim === 0);
});

test('streams have many distributions', () => {
  const streams = new Tg.RandomStreams(2);
  const n = 4000;
  const f = Tg.function([], [
    streams.gamma([n], {a: 2, scale: 3}), streams.exponential([n], {scale: 2}),
    streams.beta([n], {a: 1, b: 3}), streams.chisquare([n], {df: 5}),
    streams.truncated_normal([n], {low: 0, high: 1}), streams.poisson([n], {lam: 30}),
    streams.binomial([n], {n: 40, p: 0.25}), streams.bernoulli([n], {p: 0.125}),
    streams.categorical([n], {p: [0.25, 0.5, 0.25]}), streams.integers([n], 1, 6, {closed: true}),
  ]);
  const means = f().map(({data}) => data.reduce((sum, x) => sum + Number(x), 0) / n);
  const expected = [6, 2, 0.25, 5, 0.4599, 30, 10, 0.125, 1, 3.5];
  means.forEach((mean, i) => close(mean / expected[i], 1, 0.06));

  const [counts, order, chosen, rows] = Tg.function([], [
    streams.multinomial([3], {n: 9, p: [0.5, 0.5]}), streams.permutation([5]),
    streams.choice([2], {p: [0, 0.5, 0.5]}),
    streams.shuffle([[1, 2, 3], [4, 5, 6]], {axis: 1, together: false}),
  ])();
  same(counts.toArray().map(row => row.reduce((sum, x) => sum + Number(x), 0)), [9, 9, 9]);
  same(order.toArray().map(Number).sort(), [0, 1, 2, 3, 4]);
  same(chosen.toArray().map(Number).sort(), [1, 2]);
  same(rows.toArray().map(row => row.map(Number).sort()), [[1, 2, 3], [4, 5, 6]]);
  check(fails(() => streams.gamma([2], {b: 3})).message === 'gamma has no option “b”');
  check(fails(() => streams.gamma([2], {a: -3})).message.includes('a must be 0 or more, not -3'));
});

test('streams can be seeded, and go on from where they were', () => {
  const streams = new Tg.RandomStreams(3);
  const rv = streams.gamma([3]);
  const f = Tg.function([], rv);
  const first = f();
  same(streams.find_state(rv).value, [3n, 0n, 1n].map(Number));
  const states = streams.dup_states();
  const second = f();
  streams.set_states(states);
  same(f(), second.toArray());
  streams.seed(3);
  same(f(), first.toArray());
  check(streams.seed_variable(rv, 4));
  check(`${f()}` !== `${first}`);
});


// Errors

test('errors have domains and codes, and leave values alone', () => {
  const x = Tg.dvector('x');
  const total = Tg.shared([1, 2], 'total');
  const f = Tg.function([x], total, {updates: [[total, total.add(x)]]});
  check(fails(() => f([1, 2, 3])).matches(Tg.ShapeError, Tg.ShapeError.BROADCAST));
  same(total.value, [1, 2]);
  same(f([1, 1]), [1, 2]);
  same(total.value, [2, 3]);

  failsWith(Tg.ShapeError, Tg.ShapeError.AXIS, () => x.sum({axis: 1}));
  failsWith(Tg.TypeError, Tg.TypeError.DTYPE, () => x.logical_not().subtract(true));
  failsWith(Tg.CompileError, Tg.CompileError.MISSING_INPUT, () => Tg.function([], x));
  failsWith(Tg.CompileError, Tg.CompileError.UPDATE, () =>
    Tg.function([], [], {updates: [[x, [1]]]}));
  check(fails(() => (total.value = 'one')) instanceof TypeError);
  check(fails(() => (total.value = [1])) instanceof GLib.Error);
  same(total.value, [2, 3]);
});

test('functions without an override stay as they are', () => {
  const x = Tg.dscalar('x');
  const f = Tg.Function.new([x], [Tg.parse('x + 1', [x])]);
  same(f.call([Tg.Tensor.from(1)]), [2]);
  check(Tg.parse_function('f(x: f64[]) = x') instanceof Tg.Graph);
});

test('memory of a result outlives the result', () => {
  const x = Tg.dvector('x');
  const f = Tg.function([x], x.add(1));
  const views = Array.from({length: 50}, (_, i) => f([i]).data);
  System.gc();
  check(views.every((view, i) => view[0] === i + 1));
});

function lineOf(stack) {
  return Number(/:(\d+):\d+$/.exec(stack.split('\n')[0])[1]);
}

test('variables know where they were made', () => {
  const made = [];
  const x = Tg.dvector('x'); made.push([x, lineOf(new Error().stack)]);
  const y = x.add(1); made.push([y, lineOf(new Error().stack)]);
  const z = Tg.sum(y); made.push([z, lineOf(new Error().stack)]);
  const w = Tg.shared(1, 'w'); made.push([w, lineOf(new Error().stack)]);
  made.push([Tg.grad(z, x), lineOf(new Error().stack) - 2]);
  for (const [variable, line] of made) {
    same(variable.place.line, line);
    check(variable.place.file.endsWith('/test-javascript-functions.js'), variable.place.file);
    same(`${variable.place}`, `test-javascript-functions.js, line ${line}`);
  }
});

test('text has a place in the program and places in it', () => {
  const x = Tg.dvector('x');
  const y = Tg.expr`1 + exp(${x})`, line = lineOf(new Error().stack);
  same([y.place.textLine, y.place.textColumn, y.place.line], [1, 3, line]);
  same(`${y.get_input(1).place}`, `1:5 of the text at test-javascript-functions.js, line ${line}`);
});

test('mistakes name the places', () => {
  const [x, y] = Tg.dvectors('x', 'y');
  const z = x.add(y), line = lineOf(new Error().stack);
  const f = Tg.function([x, y], z, {name: 'f'});
  const error = fails(() => f([1, 2], [1, 2, 3]));
  same(error.message, 'f: add (x: f64[2], y: f64[3]): the shapes cannot be broadcast together ' +
    `(made at test-javascript-functions.js, line ${line})`);
});

test('names begin with their scope', () => {
  const [w, y] = Tg.nameScope('layer1', () => {
    const inner = Tg.shared(1, 'w');
    return [inner, inner.mul(2)];
  });
  same([w.name, w.scope, y.scope, Tg.dscalar('x').name], ['layer1/w', 'layer1', 'layer1', 'x']);
  fails(() => Tg.nameScope('layer1', () => Tg.dscalar('x').at(0)));
  same(fails(() => Tg.nameScope('', () => 1)).message, 'a name scope needs a name');
  same(Tg.name_scope_dup(), null);
});

test('clones have other variables inside', () => {
  const [x, y] = Tg.dscalars('x', 'y');
  const output = x.mul(2).add(1);
  const clone = Tg.clone(output, [[x, y]]);
  same(clone.eval([[y, 3]]), 7);
  same(Tg.clone([output, x], new Map([[x, y]])).map(variable => `${variable}`), ['y * 2 + 1', 'y']);
  const message = failsWith(Tg.ShapeError, Tg.ShapeError.NDIM,
    () => Tg.clone(output, [[x, Tg.dvector('v')]]));
  check(message.startsWith('clone: x: f64[] cannot be replaced by v: f64[?]: the number of ' +
    'dimensions differs'), message);
});

test('eval computes on the spot', () => {
  const [x, y] = Tg.dvectors('x', 'y');
  const z = x.add(y.mul(2));
  same(z.eval([[x, [1, 2]], [y, [3, 4]]]), [7, 10]);
  same(z.eval(new Map([[y, [3, 4]], [x, [1, 2]]])), [7, 10]);
  same(Tg.constant(3).eval(), 3);
  check(fails(() => z.eval([[x, [1]]])) instanceof GLib.Error);
});

test('test values find a mistake in its line', () => {
  const [x, y] = Tg.dvectors('x', 'y');
  x.testValue = [1, 2];
  y.testValue = [1, 2, 3];
  Tg.set_test_value_mode(Tg.TestValueMode.RAISE);
  try {
    same(x.mul(2).testValue, [2, 4]);
    const message = failsWith(Tg.ShapeError, Tg.ShapeError.BROADCAST, () => x.add(y));
    check(message.startsWith('test values: add (x: f64[2], y: f64[3])'), message);
  } finally {
    Tg.set_test_value_mode(Tg.TestValueMode.OFF);
  }
  same(x.add(y).testValue, null);
});

await run();
