// SPDX-License-Identifier: LGPL-2.1-or-later
/* Random streams. */

const {Tg} = imports.gi;
const {asDType, readOptions} = imports.overrides.libtg.values;
const {asInts, asVariable} = imports.overrides.libtg.variables;

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
    const {dtype, ...parameters} = readOptions(name, options, {...defaults, dtype: preset});
    return draw.call(this, asInts(shape), ...Object.values(parameters).map(asVariable),
      asDType(dtype));
  };
}

function add() {
  const {prototype} = Tg.RandomStreams;
  const {integers, shuffle} = prototype;

  prototype._init = function (seed = 0) {
    return Tg.RandomStreams.new(seed);
  };

  for (const [name, [defaults, preset]] of Object.entries(DISTRIBUTIONS))
    addDistribution(name, defaults, preset);

  prototype.integers = function (shape, low, high, options = {}) {
    const {closed, dtype} = readOptions('integers', options, {closed: false, dtype: 'int64'});
    return integers.call(this, asInts(shape), asVariable(low), asVariable(high), closed,
      asDType(dtype));
  };

  prototype.shuffle = function (x, options = {}) {
    const {axis, together} = readOptions('shuffle', options, {axis: 0, together: true});
    return shuffle.call(this, asVariable(x), axis, together);
  };
}
