// SPDX-License-Identifier: LGPL-2.1-or-later
/* Symbols: dmatrix(), fvectors() and their like. */

const {Tg} = imports.gi;
const {asDType} = imports.overrides.libtg.values;

function add() {
  const dtypes = {
    '': 'float64', b: 'int8', w: 'int16', i: 'int32', l: 'int64', f: 'float32', d: 'float64',
    c: 'complex64', z: 'complex128',
  };
  const shapes = {scalar: [], vector: [-1], matrix: [-1, -1], row: [1, -1], col: [-1, 1]};
  for (let ndim = 3; ndim <= 7; ndim++)
    shapes[`tensor${ndim}`] = Array(ndim).fill(-1);

  for (const [prefix, dtype] of Object.entries(dtypes)) {
    for (const [kind, shape] of Object.entries(shapes)) {
      const symbol = (name = null) =>
        Tg.Variable.new_with_type(name, Tg.TensorType.new(asDType(dtype), shape));
      const plural = kind === 'matrix' ? 'matrices' : `${kind}s`;
      Tg[prefix + kind] = symbol;
      Tg[prefix + plural] = (...names) => names.map(name => symbol(name));
    }
  }
}
