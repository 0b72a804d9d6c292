// SPDX-License-Identifier: LGPL-2.1-or-later
// What the tests in JavaScript are made of.

import GLib from 'gi://GLib';
import System from 'system';
import Tg from 'gi://Tg?version=1';

const tests = [];

export function test(name, body) {
  tests.push([name, body]);
}

export function check(condition, message = 'the condition does not hold') {
  if (!condition)
    throw new Error(message);
}

export function same(actual, expected) {
  const [a, e] = [actual, expected].map(value => JSON.stringify(value, (_, part) => {
    const plain = part instanceof Tg.Tensor ? part.toArray() : part;
    return typeof plain === 'bigint' ? `${plain}n` : plain;
  }));
  check(a === e, `${a} is not ${e}`);
}

export function close(actual, expected, tolerance = 1e-14) {
  const [a, e] = [actual, expected].map(value => [value].flat(Infinity).flatMap(part =>
    part instanceof Tg.Tensor ? [part.toArray()].flat(Infinity) : part));
  check(a.length === e.length && a.every((number, i) =>
    Math.abs(number - e[i]) <= tolerance * Math.max(1, Math.abs(e[i]))),
  `[${a}] is not close to [${e}]`);
}

/* Runs what must fail, and gives the error. */
export function fails(body) {
  try {
    body();
  } catch (error) {
    return error;
  }
  throw new Error(`nothing was thrown by ${body}`);
}

export function failsWith(domain, code, body) {
  const error = fails(body);
  check(error instanceof GLib.Error && error.matches(domain, code), `unexpected: ${error}`);
  return error.message;
}

export function failsWithTypeError(pattern, body) {
  const error = fails(body);
  check(error instanceof TypeError && pattern.test(error.message), `unexpected: ${error}`);
}

/* Runs all tests, and ends the program with an error where one fails. */
export async function run() {
  let failed = 0;
  print(`1..${tests.length}`);
  for (const [i, [name, body]] of tests.entries()) {
    try {
      await body();
      print(`ok ${i + 1} - ${name}`);
    } catch (error) {
      failed++;
      print(`not ok ${i + 1} - ${name}\n# ${error}\n${error.stack.replace(/^/gm, '# ')}`);
    }
  }

  if (failed > 0)
    System.exit(1);
}
