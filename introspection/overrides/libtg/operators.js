// SPDX-License-Identifier: LGPL-2.1-or-later
/* Operators: their functions and methods are made of the library's table, Tg.Op.list(). */

const {Tg} = imports.gi;
const {asDType, asInteger, isOptions} = imports.overrides.libtg.values;
const {asIntegers, asInts, asList, asPositions, asVariable} =
  imports.overrides.libtg.variables;

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
  left: 'left', inf: Infinity, '-inf': -Infinity};

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

function add() {
  const {prototype} = Tg.Variable;
  const ops = Tg.Op.list();

  for (let i = 0; i < ops.get_n_items(); i++)
    addOperator(ops.get_item(i));

  for (const [short, name] of Object.entries(SHORT)) {
    Tg[short] = Tg[name];
    prototype[short] = prototype[name];
  }
}
