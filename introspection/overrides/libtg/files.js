// SPDX-License-Identifier: LGPL-2.1-or-later
/* Files of tensors, in NumPy's formats, and of functions. */

const {Gio, Tg} = imports.gi;
const {wrap} = imports.overrides.libtg.functions;
const {asTensor, isOptions, readOptions} = imports.overrides.libtg.values;

function add() {
  /* The tensor in a .npy file, an object of those in a .npz file, or the function of a .tg file; of
   * several an array. */
  Tg.load = function (path, options = {}) {
    const {mode} = readOptions('load', options, {mode: null});
    if (path.endsWith('.tg')) {
      const functions = Tg.load_functions(path,
        typeof mode === 'string' ? Tg.Mode.new_from_string(mode) : mode).map(wrap);
      return functions.length === 1 ? functions[0] : functions;
    }
    const start = Gio.File.new_for_path(path).read(null).read_bytes(2, null).toArray();
    if (String.fromCharCode(...start) !== 'PK')
      return Tg.Tensor.load(path);
    const [tensors, names] = Tg.load_npz(path);
    return Object.fromEntries(names.map((name, i) => [name, tensors[i]]));
  };

  /* Writes a value to a .npy file, an object of them to a .npz file, or a function, a graph or an
   * array of functions to a .tg file. */
  Tg.save = function (path, value, options = {}) {
    const {compress} = readOptions('save', options, {compress: false});
    const functions = (Array.isArray(value) ? value : [value]).map(each => each?.function);
    if (value instanceof Tg.Graph)
      value.save(path);
    else if (functions.length > 0 && functions.every(each => each instanceof Tg.Function))
      Tg.save_functions(path, functions);
    else if (isOptions(value))
      Tg.save_npz(path, Object.keys(value), Object.values(value).map(each => asTensor(each)),
        compress);
    else
      asTensor(value).save(path);
  };
}
