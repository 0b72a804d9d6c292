// SPDX-License-Identifier: LGPL-2.1-or-later
/* Functions, which are called. */

const {Gio, Tg} = imports.gi;
const {asPolicy, describe, isArray, isOptions, readOptions} = imports.overrides.libtg.values;
const {asReplacement, asVariable, convert} = imports.overrides.libtg.variables;

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
  for (const name of names) {
    const number = inputs.findIndex(input => input.get_name() === name);
    if (number < 0)
      throw new TypeError(`${compiled.get_name()}: there is no input “${name}”`);
    if (number < byPosition.length)
      throw new TypeError(`${compiled.get_name()}: the input “${name}” has two values`);
  }
  for (const name of names)
    bound.push(convertInput(byName[name], inputs.find(input => input.get_name() === name)));
  return [bound, names];
}

/* An input, which is a variable or an object of options. */
function addInput(builder, input) {
  if (!isOptions(input)) {
    if (!(input instanceof Tg.Variable))
      throw new TypeError(`inputs: expected a variable, not ${describe(input)}`);
    builder.add_input(input);
    return;
  }

  const {variable, name, value, update, strict, allowDowncast, borrow} =
    readOptions('an input', input, {
      variable: null, name: null, value: null, update: null, strict: false, allowDowncast: null,
      borrow: false,
    });
  if (!(variable instanceof Tg.Variable))
    throw new TypeError(`an input: expected a variable, not ${describe(variable)}`);
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

/* The part of a builder that does not depend on inputs and outputs. */
function makeBuilder({name, mode, onUnusedInput, allowInputDowncast, noDefaultUpdates}) {
  const builder = Tg.FunctionBuilder.new();
  builder.set_name(name);
  builder.set_mode(typeof mode === 'string' ? Tg.Mode.new_from_string(mode) : mode);
  builder.set_on_unused_input(asPolicy('onUnusedInput', onUnusedInput, Tg.UnusedInput));
  builder.set_downcast(asDowncast(allowInputDowncast));
  if (Array.isArray(noDefaultUpdates))
    noDefaultUpdates.forEach(variable => builder.add_no_default_update(variable));
  else
    builder.set_no_default_updates(noDefaultUpdates);
  return builder;
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
  call.copy = function (options = {}) {
    const {swap, deleteUpdates, name} = readOptions('copy', options,
      {swap: [], deleteUpdates: false, name: null});
    const pairs = [...swap];
    return makeCallable(compiled.copy(name, deleteUpdates, pairs.map(([old]) => old),
      pairs.map(([, replacement]) => replacement)), pack);
  };

  /* What the optimiser did: in a few lines, step by step, and what may still lose accuracy. */
  call.explain = () => compiled.explain();
  call.listCancellations = () => compiled.list_cancellations();

  Object.defineProperties(call, {
    name: {value: compiled.get_name()},
    trace: {get: () => compiled.dup_trace()},
    optimisedGraph: {get: () => compiled.dup_optimised_graph()},
    code: {get: () => compiled.dup_code()},
    profile: {get: () => compiled.dup_profile()},
    profiling: {get: () => compiled.profiling, set: value => (compiled.profiling = value)},
  });
  call.function = compiled;
  call.toString = () => compiled.dup_graph().to_string();
  return call;
}

/* A builder that knows all that there is to say, and what makes a callable of what it builds. */
function prepare(inputs, outputs, options) {
  const {updates, givens, profile, progress, ...others} = readOptions('a function', options, {
    updates: [], givens: [], name: null, mode: null, onUnusedInput: 'raise',
    allowInputDowncast: null, noDefaultUpdates: false, profile: false, progress: null,
  });
  const builder = makeBuilder(others);
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

  if (progress)
    builder.connect('notify::progress', () => progress(builder.progress));

  function finish(compiled) {
    compiled.profiling = profile;
    return makeCallable(compiled, results => {
      if (keys)
        return Object.fromEntries(keys.map((key, i) => [key, results[i]]));
      return isSingle || !outputs ? results[0] : results;
    });
  }

  return {builder, finish};
}

/* Compiles a function, which is called with numbers, arrays or tensors and returns tensors: one,
 * an array or an object of them, as `outputs` is.  Updates and givens are pairs or a Map;
 * `progress` is called with numbers from 0 to 1. */
function compile(inputs = [], outputs = undefined, options = {}) {
  const {builder, finish} = prepare(inputs, outputs, options);
  return finish(builder.build());
}

/* The same in another thread; a Gio.Cancellable may come last. */
async function compileAsync(inputs = [], outputs = undefined, options = {}, cancellable = null) {
  const {builder, finish} = prepare(inputs, outputs, options);
  return finish(await builder.build_async(cancellable));
}

/* A function from a file, as a callable. */
function wrap(compiled) {
  const names = Array.from({length: compiled.get_n_outputs()},
    (_, i) => compiled.get_output_name(i));
  return makeCallable(compiled, results => {
    if (names.length > 0 && names[0] !== null)
      return Object.fromEntries(names.map((name, i) => [name, results[i]]));
    return names.length > 1 ? results : results[0];
  });
}

function add() {
  Gio._promisify(Tg.Function.prototype, 'call_async', 'call_finish');
  Gio._promisify(Tg.Function.prototype, 'call_named_async', 'call_named_finish');
  Gio._promisify(Tg.FunctionBuilder.prototype, 'build_async', 'build_finish');
  Tg.function = compile;
  Tg.functionAsync = compileAsync;
}
