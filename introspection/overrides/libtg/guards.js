// SPDX-License-Identifier: LGPL-2.1-or-later
/* What must not reach GJS, since it crashes there: where an argument is of another type, it frees
 * arrays that it has not read yet. */

const {GLib, Tg} = imports.gi;
const {describe} = imports.overrides.libtg.values;

function check(value, type, what) {
  if (!(value instanceof type))
    throw new TypeError(`expected ${what}, not ${describe(value)}`);
}

/* Calls `inspect` with the arguments before a function, or a method, has them. */
function guard(owner, name, inspect) {
  const call = owner[name];

  owner[name] = function (...values) {
    inspect(...values);
    return call.apply(this, values);
  };
}

/* GObject would make objects of these without anything in them. */
function rejectNew() {
  for (const [name, maker] of Object.entries({
    Variable: 'Tg.Variable.new() and the operators', Constant: 'Tg.constant()',
    SharedVariable: 'Tg.shared()', Function: 'Tg.function()',
    FunctionInput: 'Tg.FunctionInput.new()', Op: 'Tg.Op.lookup()',
  })) {
    Tg[name].prototype._init = function () {
      throw new TypeError(`a Tg.${name} is made by ${maker}`);
    };
  }
}

function add() {
  const variable = value => check(value, Tg.Variable, 'a variable');
  const variables = values => {
    check(values, Array, 'an array of variables');
    values.forEach(variable);
  };
  const cost = value => value === null || variable(value);

  rejectNew();
  for (const name of ['broadcast_arrays', 'meshgrid'])
    guard(Tg, name, variables);
  for (const name of ['clone', 'jvp', 'vectorize', 'vjp'])
    guard(Tg, name, (...lists) => lists.slice(0, 3).forEach(variables));
  for (const name of ['hessian', 'hvp', 'jacobian']) {
    guard(Tg, name, (value, ...rest) => {
      variable(value);
      rest.slice(0, -1).forEach(variables);
    });
  }
  guard(Tg, 'grad_with_options', (value, wrt, options) => {
    cost(value);
    variables(wrt);
    check(options, Tg.GradOptions, 'a Tg.GradOptions');
  });
  guard(Tg, 'custom_gradient', (value, inputs, g, gradients) => {
    [value, g].forEach(variable);
    [inputs, gradients].forEach(variables);
  });
  guard(Tg, 'parse_npz', bytes => check(bytes, GLib.Bytes, 'a GLib.Bytes'));
  guard(Tg.Variable.prototype, 'eval', variables);
}
