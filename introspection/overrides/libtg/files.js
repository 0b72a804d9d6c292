// SPDX-License-Identifier: LGPL-2.1-or-later
/* Files of tensors, in NumPy's formats. */

const {Gio, Tg} = imports.gi;
const {asTensor, isOptions, readOptions} = imports.overrides.libtg.values;

function add() {
  /* The tensor in a .npy file, or an object of those in a .npz file. */
  Tg.load = function (path) {
    const start = Gio.File.new_for_path(path).read(null).read_bytes(2, null).toArray();
    if (String.fromCharCode(...start) !== 'PK')
      return Tg.Tensor.load(path);
    const [tensors, names] = Tg.load_npz(path);
    return Object.fromEntries(names.map((name, i) => [name, tensors[i]]));
  };

  /* Writes a value to a .npy file, or an object of them to a .npz file. */
  Tg.save = function (path, value, options = {}) {
    const {compress} = readOptions('save', options, {compress: false});
    if (isOptions(value))
      Tg.save_npz(path, Object.keys(value), Object.values(value).map(each => asTensor(each)),
        compress);
    else
      asTensor(value).save(path);
  };
}
