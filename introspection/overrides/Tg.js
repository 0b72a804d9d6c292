// SPDX-License-Identifier: LGPL-2.1-or-later
/* What JavaScript adds to libtg: operators that take numbers, arrays and options, expressions as
 * template literals, and functions that are called.
 *
 * Its parts lie in the folder libtg beside this file.  They are imported where the library is
 * loaded, so that they find it in imports.gi; what they add is in their functions add(). */

const PARTS = [
  'guards', 'places', 'values', 'operators', 'adapted', 'variables', 'symbols', 'expressions',
  'functions', 'files', 'gradients', 'random', 'accuracy',
];

function _init() {
  for (const part of PARTS)
    imports.overrides.libtg[part].add();
}
