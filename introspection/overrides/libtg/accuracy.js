// SPDX-License-Identifier: LGPL-2.1-or-later
/* How accurate an expression is, and what the optimiser did to a function. */

const {Tg} = imports.gi;
const {describe, isArray} = imports.overrides.libtg.values;

function checkVariable(value, what) {
  if (!(value instanceof Tg.Variable))
    throw new TypeError(`${what}: expected a variable, not ${describe(value)}`);
}

function checkEnds(ends) {
  if (!isArray(ends) || ends.length !== 2 || ![...ends].every(end => typeof end === 'number'))
    throw new TypeError('ranges: expected the least and the greatest number, not ' +
      `${isArray(ends) ? `[${ends}]` : describe(ends)}`);
}

/* What is a list to the library can be walked through, and is written by to_string(). */
function extendList({prototype}) {
  prototype[Symbol.iterator] = function* () {
    for (let i = 0; i < this.get_n_items(); i++)
      yield this.get_item(i);
  };
}

function extendText({prototype}) {
  prototype.toString = function () {
    return this.to_string();
  };
}

function add() {
  const {accuracy} = Tg;

  /* What an expression is wrong by, as written and as optimised: a Tg.AccuracyReport.  Ranges are
   * pairs, or a Map, of variables and the least and the greatest of what their elements are. */
  Tg.accuracy = function (expression, ranges = []) {
    const pairs = [...ranges];
    checkVariable(expression, 'accuracy');
    for (const [variable, ends] of pairs) {
      checkVariable(variable, 'ranges');
      checkEnds(ends);
    }
    return accuracy(expression, pairs.map(([variable]) => variable),
      pairs.map(([, [low]]) => low), pairs.map(([, [, high]]) => high));
  };

  [Tg.AccuracyReport, Tg.Graph, Tg.Profile, Tg.Trace].forEach(extendList);
  [Tg.AccuracyReport, Tg.Profile, Tg.ProfileStep, Tg.Rule, Tg.Trace, Tg.TraceStep]
    .forEach(extendText);
}
