// SPDX-License-Identifier: LGPL-2.1-or-later
// How accurate expressions are, and what the optimiser did, as JavaScript sees it.

import GLib from 'gi://GLib';
import Tg from 'gi://Tg?version=1';

import {check, close, failsWith, failsWithTypeError, run, same, test} from './checks.js';

const [x, y] = Tg.dscalars('x', 'y');

test('accuracy is measured in ranges', () => {
  const report = Tg.accuracy(Tg.expr`sqrt(${x} + 1) - sqrt(${x})`, [[x, [1, 1e12]]]);
  check(report.get_mean_error(false) > 8 && report.get_mean_error(true) < 1);
  check(report.get_worst_error(false) >= report.get_mean_error(false));
  check(`${report}`.startsWith('written    sqrt(x + 1) - sqrt(x)\n'), report);
  same(JSON.parse(report.to_json())[0].written, 'sqrt(x + 1) - sqrt(x)');
});

test('ranges are pairs or a Map', () => {
  const expression = Tg.expr`exp(${x}) - exp(${y})`;
  const ranges = [[x, [1, 2]], [y, new Float64Array([1, 2])]];
  const [pairs, map] = [ranges, new Map(ranges)].map(each => Tg.accuracy(expression, each));
  close(pairs.get_mean_error(false), map.get_mean_error(false), 0);
  const {point} = JSON.parse(pairs.to_json())[0].before;
  check([point.x, point.y].every(place => place >= 1 && place <= 2));
});

test('a report has each operator', () => {
  const nodes = [...Tg.accuracy(Tg.expr`1 - cos(${x})`, [[x, [1e-9, 1]]])];
  same(nodes.map(node => `${node.get_variable()}`), ['cos(x)', '1 - cos(x)']);
  check(nodes[0].get_local_error() < 1 && nodes[1].get_local_error() > 10);
});

test('a report lists what was not looked at', () => {
  const v = Tg.dvector('v');
  const report = Tg.accuracy(Tg.expr`log(1 + sum(exp(${v}) - 1))`, [[v, [0, 1]]]);
  same(report.list_skipped().map(variable => `${variable}`), ['sum(exp(v) - 1)']);
});

test('what is no expression and no range is refused', () => {
  failsWithTypeError(/accuracy: expected a variable, not 1/, () => Tg.accuracy(1));
  failsWithTypeError(/ranges: expected a variable/, () => Tg.accuracy(x, [['x', [0, 1]]]));
  for (const ends of [[1], [0, 1, 2], 1, ['0', '1'], null]) {
    failsWithTypeError(/ranges: expected the least and the greatest number/,
      () => Tg.accuracy(x.exp(), [[x, ends]]));
  }
  const message = failsWith(Tg.TypeError, Tg.TypeError.VALUE,
    () => Tg.accuracy(x.exp(), [[x, [1, 0]]]));
  check(/the range of x: f64\[\] is empty/.test(message), message);
});

test('functions explain themselves', () => {
  const f = Tg.function([x, y], Tg.expr`log(1 + ${y} * ${x} / ${x})`, {mode: '-search'});
  check(f.explain().startsWith('Applied, in 3 steps:\n  1 times div-self: '), f.explain());
  same([...f.trace].map(step => step.get_rule().get_name()), ['div-self', 'mul-one', 'log1p']);
  const [first] = f.trace;
  same(first.get_assumption(), 'x != 0');
  check(`${first}`.startsWith('div-self (real.rules:') && `${f.trace}`.startsWith(`1. ${first}`));
  same(`${first.get_rule()}`, 'div-self: x / x => 1 assuming x != 0');
  same(`${f.optimisedGraph}`, 'f(x: f64[], y: f64[]) = log1p(y)');
  same([...f.optimisedGraph].map(variable => `${variable}`), ['y', 'log1p(y)']);
  same(f.trace.dup_graph(0).to_string(), f.toString());
});

test('functions say where the time of their calls goes', () => {
  const f = Tg.function([x], Tg.exp(x).add(1), {profile: true});
  f(1);
  f.profiling = false;
  f(1);
  check(!f.profiling);
  same(f.profile.get_n_calls(), 1);
  same([...f.profile].map(step => `${step}`), ['loop: exp, add']);
  check(`${f.profile}`.startsWith('1 calls took '), `${f.profile}`);
  same(Tg.function([x], x.exp()).profile.get_n_items(), 0);
});

test('functions list what may cancel', () => {
  const f = Tg.function([x, y], Tg.expr`sin(${x}) - cos(${y})`, {mode: '-search'});
  same(f.listCancellations().map(variable => `${variable}`), ['sin(x) - cos(y)']);
  same(Tg.function([x], x.exp()).listCancellations(), []);
});

test('functions that are copied and loaded explain themselves too', () => {
  const f = Tg.function([x], Tg.expr`log(1 + ${x})`);
  const folder = GLib.Dir.make_tmp('tg-XXXXXX');
  const path = GLib.build_filenamev([folder, 'f.tg']);
  Tg.save(path, f);
  for (const other of [f.copy(), Tg.load(path)])
    same(other.explain(), f.explain());
  GLib.unlink(path);
  GLib.rmdir(folder);
});

test('names that a text needs', () => {
  same(Tg.parse_names('y * exp(x) + pi'), ['y', 'x']);
});

await run();
