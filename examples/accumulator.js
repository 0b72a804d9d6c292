// SPDX-License-Identifier: LGPL-2.1-or-later
// A state that functions share: each call returns the value before its update.

import Tg from 'gi://Tg?version=1';

const state = Tg.shared(0n, 'state');
const inc = Tg.iscalar('inc');
const accumulator = Tg.function([inc], state, {updates: [[state, state.add(inc)]]});
const decrementor = Tg.function([inc], state, {updates: [[state, state.sub(inc)]]});

for (const [f, value] of [[accumulator, 1], [accumulator, 300], [decrementor, 2]]) {
  const before = f(value);
  print(`the state was ${+before} and is ${+state.value}`);
}
