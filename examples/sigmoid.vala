// SPDX-License-Identifier: LGPL-2.1-or-later
// The logistic function of each element of a matrix.

int main () {
  try {
    var x = new Tg.Variable ("x", Tg.DType.FLOAT64, 2);
    var s = Tg.parse ("1 / (1 + exp(-x))", { x });
    var logistic = new Tg.Function ({ x }, { s });
    var values = new Tg.Tensor.doubles ({ 0, 1, -1, -2 }, { 2, 2 });

    print ("%s\n", logistic.call ({ values })[0].to_string ());
  } catch (Error e) {
    printerr ("%s\n", e.message);
    return 1;
  }

  return 0;
}
