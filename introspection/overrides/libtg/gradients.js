// SPDX-License-Identifier: LGPL-2.1-or-later
/* Gradients, and products with the Jacobian. */

const {Tg} = imports.gi;
const {asPolicy, readOptions} = imports.overrides.libtg.values;
const {asReplacement, asVariable} = imports.overrides.libtg.variables;

/* Calls `differentiate` with arrays; one variable stands for an array, and one result for that of
 * results. */
function forEach(variables, differentiate) {
  const results = differentiate([variables].flat());
  return Array.isArray(variables) ? results : results[0];
}

/* Numbers and arrays take the dtype of the variable that they belong to. */
function asDirections(what, values, variables) {
  if (!Array.isArray(variables))
    return [asReplacement(values, variables)];
  if (!Array.isArray(values) || values.length !== variables.length)
    throw new TypeError(`${what}: expected an array of ${variables.length}`);
  return values.map((value, i) => asReplacement(value, variables[i]));
}

/* What becomes of variables that a cost does not depend on, of a function's options. */
function readPolicy(name, options) {
  const {disconnectedInputs} = readOptions(name, options, {disconnectedInputs: 'raise'});
  return asPolicy('disconnectedInputs', disconnectedInputs, Tg.DisconnectedInputs);
}

/* The gradient for a variable, or those for an array of variables.  Known gradients are pairs, or
 * a Map; with them, the cost may be null. */
function grad(cost, wrt, options = {}) {
  const {considerConstant, disconnectedInputs, knownGrads} = readOptions('grad', options,
    {considerConstant: [], disconnectedInputs: 'raise', knownGrads: []});
  const gradOptions = Tg.GradOptions.new();
  gradOptions.set_disconnected_inputs(
    asPolicy('disconnectedInputs', disconnectedInputs, Tg.DisconnectedInputs));
  for (const variable of considerConstant)
    gradOptions.add_constant(variable);
  for (const [variable, gradient] of knownGrads)
    gradOptions.add_known_gradient(variable, asReplacement(gradient, variable));
  return forEach(wrt, variables => Tg.grad_with_options(cost, variables, gradOptions));
}

function add() {
  const {custom_gradient, hessian, hvp, jacobian, jvp, vectorize, vjp} = Tg;

  Tg.grad = grad;

  /* Products of cotangents with the Jacobian, of the Jacobian with tangents, and of the Hessian
   * with vectors. */
  Tg.vjp = (outputs, wrt, cotangents, options = {}) =>
    forEach(wrt, variables => vjp([outputs].flat(), variables,
      asDirections('cotangents', cotangents, outputs), readPolicy('vjp', options)));
  Tg.jvp = (outputs, wrt, tangents) =>
    forEach(outputs, variables => jvp(variables, [wrt].flat(),
      asDirections('tangents', tangents, wrt)));
  Tg.hvp = (cost, wrt, vectors, options = {}) =>
    forEach(wrt, variables => hvp(cost, variables, asDirections('vectors', vectors, wrt),
      readPolicy('hvp', options)));

  /* The Jacobian or the Hessian for a variable, or those for an array of variables. */
  Tg.jacobian = (expression, wrt, options = {}) =>
    forEach(wrt, variables => jacobian(expression, variables, readPolicy('jacobian', options)));
  Tg.hessian = (cost, wrt, options = {}) =>
    forEach(wrt, variables => hessian(cost, variables, readPolicy('hessian', options)));

  /* An expression, or an array of them, that does along a new first axis what `outputs` do once:
   * pairs or a Map of variables and what stands for them, with the new axis. */
  Tg.vectorize = function (outputs, replacements) {
    const pairs = [...replacements];
    return forEach(outputs, variables => vectorize(variables, pairs.map(([variable]) => variable),
      pairs.map(([, value]) => asVariable(value))));
  };

  /* The value with the gradients for `inputs` that `differentiate` makes of the gradient of it. */
  Tg.custom_gradient = function (value, inputs, differentiate) {
    const g = Tg.Variable.new_with_type('g', value.get_tensor_type());
    g.set_test_value(value.dup_test_value()); // any of its type, where they are computed
    return custom_gradient(value, [inputs].flat(), g, [differentiate(g)].flat().map(asVariable));
  };
}
