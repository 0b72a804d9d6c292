// SPDX-License-Identifier: LGPL-2.1-or-later
// A state that functions share: each call returns the value before its update.

Tg.Function make_function (Tg.SharedVariable state, Tg.Variable inc,
                           Tg.Variable value) throws Error {
  var builder = new Tg.FunctionBuilder ();
  builder.add_input (inc);
  builder.add_output (state, null);
  builder.add_update (state, value);
  return builder.build ();
}

int main () {
  try {
    var state = new Tg.SharedVariable (new Tg.Tensor.integer (0), "state");
    var inc = new Tg.Variable ("inc", Tg.DType.INT64, 0);
    var accumulator = make_function (state, inc, state.add (inc));
    var decrementor = make_function (state, inc, state.subtract (inc));
    Tg.Function[] functions = { accumulator, accumulator, decrementor };
    int[] values = { 1, 300, 2 };

    for (var i = 0; i < functions.length; i++) {
      var before = functions[i].call ({ new Tg.Tensor.integer (values[i]) })[0];
      double was, is;
      before.get_double (out was);
      state.value.get_double (out is);
      print ("the state was %g and is %g\n", was, is);
    }
  } catch (Error e) {
    printerr ("%s\n", e.message);
    return 1;
  }

  return 0;
}
