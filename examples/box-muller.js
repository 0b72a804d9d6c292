// SPDX-License-Identifier: LGPL-2.1-or-later
// Normal numbers from two streams of uniform ones, by the formula of Box and Muller.

import Tg from 'gi://Tg?version=1';

const streams = new Tg.RandomStreams(234);
const [u1, u2] = [streams.uniform([10000]), streams.uniform([10000])];
const z = Tg.expr`sqrt(-2 * log(${u1})) * cos(2 * pi * ${u2})`;

const mean = z.mean();
const deviation = Tg.expr`sqrt(mean((${z} - ${mean}) ** 2))`;
const draw = Tg.function([], [mean, deviation]);

for (let call = 0; call < 3; call++) {
  const [m, d] = draw().map(Number);
  print(`mean ${m.toFixed(6)}, deviation ${d.toFixed(6)}`);
}
