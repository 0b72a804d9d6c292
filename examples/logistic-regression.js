// SPDX-License-Identifier: LGPL-2.1-or-later
// Logistic regression, as in Theano's tutorial: on random numbers, or on a table of data.

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import System from 'system';
import Tg from 'gi://Tg?version=1';

const USAGE = `Usage: logistic-regression.js [--data FILE] [--steps N]

  --data FILE   a table to train and to test on
  --steps N     steps of the training`;

function readOptions(words) {
  const options = {data: null, steps: 10000};
  for (let i = 0; i < words.length; i++) {
    const [name, value] = words[i].includes('=') ? words[i].split('=') : [words[i], words[++i]];
    if (name === '--data' && value)
      options.data = value;
    else if (name === '--steps' && Number.isInteger(+value))
      options.steps = +value;
    else
      return null;
  }
  return options;
}

/* The rows to train on, those to test on, and the names of the classes. */
function readTable(path) {
  const text = new TextDecoder().decode(GLib.file_get_contents(path)[1]);
  const [head, ...lines] = text.trim().split('\n');
  const rows = lines.map(line => line.split(',').map(Number));
  return {
    trainRows: rows.filter((_, i) => i % 4 !== 3),
    testRows: rows.filter((_, i) => i % 4 === 3),
    classes: head.split(',').slice(2),
  };
}

const getFeatures = rows => Tg.Tensor.from(rows.map(row => row.slice(0, -1)));
const getClasses = rows => Tg.Tensor.from(rows.map(row => row.at(-1)));

function makeStandardise() {
  const [x, sample] = Tg.dmatrices('x', 'sample');
  const mean = sample.mean({axis: 0});
  const deviation = Tg.expr`sqrt(mean((${sample} - ${mean}) ** 2, axis=0))`;
  return Tg.function([x, sample], Tg.expr`(${x} - ${mean}) / ${deviation}`);
}

const stdout = new Gio.UnixOutputStream({fd: 1});
const isTerminal = GLib.log_writer_supports_color(1);

function showProgress(step, steps, cost) {
  if (isTerminal) {
    const end = step === steps ? '\n' : '';
    stdout.write(`\rstep ${step} of ${steps}, cost ${(+cost).toFixed(6)}${end}`, null);
  }
}

const options = readOptions(ARGV);
if (!options) {
  print(USAGE);
  System.exit(1);
}

const streams = new Tg.RandomStreams(1);
let data, test, classes;
if (options.data) {
  const table = readTable(options.data);
  const standardise = makeStandardise();
  const [train, rest] = [getFeatures(table.trainRows), getFeatures(table.testRows)];
  data = [standardise(train, train), getClasses(table.trainRows)];
  test = [standardise(rest, train), getClasses(table.testRows)];
  ({classes} = table);
} else {
  test = data = Tg.function([], [streams.normal([400, 784]), streams.uniform([400]).round()])();
}

const [samples, features] = data[0].shape;
print(`${samples} samples, ${features} features, ${options.steps} steps`);

// The model, as in the tutorial
const x = Tg.dmatrix('x'), y = Tg.dvector('y');
const w = Tg.shared(Tg.function([], streams.normal([features], {deviation: 0.01}))(), 'w');
const b = Tg.shared(0, 'b');
const p1 = Tg.expr`1 / (1 + exp(-dot(${x}, ${w}) - ${b}))`;                  // probability of 1
const prediction = p1.gt(0.5);
const xent = Tg.expr`-${y} * log(${p1}) - (1 - ${y}) * log(1 - ${p1})`;      // cross-entropy
const cost = Tg.expr`mean(${xent}) + 0.01 * sum(${w} ** 2)`;                 // to be minimised
const [gw, gb] = Tg.grad(cost, [w, b]);

const train = Tg.function([x, y], [prediction, xent], {
  updates: [[w, Tg.expr`${w} - 0.1 * ${gw}`], [b, Tg.expr`${b} - 0.1 * ${gb}`]],
});
const predict = Tg.function([x], prediction);
const loss = Tg.function([x, y], cost);

for (let step = 1; step <= options.steps; step++) {
  train(...data);
  if (step % 100 === 0 || step === options.steps)
    showProgress(step, options.steps, loss(...data));
}

const predicted = predict(test[0]).toArray().map(Number);
const actual = test[1].toArray();
const right = predicted.filter((value, i) => value === actual[i]).length;
const kind = options.data ? 'test' : 'training';
print(`final cost: ${(+loss(...data)).toPrecision(17)}`);
print(`${kind} accuracy: ${(right / actual.length).toFixed(4)} (${right} of ${actual.length})`);

if (options.data) {
  print(`\n${' '.repeat(12)}${classes.map(name => `predicted ${name}`.padStart(22)).join('')}`);
  classes.forEach((name, i) => {
    const counts = [0, 1].map(j =>
      predicted.filter((value, k) => value === j && actual[k] === i).length);
    print(name.padEnd(12) + counts.map(count => String(count).padStart(22)).join(''));
  });
}
