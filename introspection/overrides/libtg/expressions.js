// SPDX-License-Identifier: LGPL-2.1-or-later
/* Expressions as text. */

const {Tg} = imports.gi;
const {asVariable, isWhole} = imports.overrides.libtg.variables;

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

function add() {
  Tg.expr = expr;
}
