// SPDX-License-Identifier: LGPL-2.1-or-later
// Normal numbers from two streams of uniform ones, by the formula of Box and Muller.

double to_double (Tg.Tensor tensor) throws Error {
  double number;
  tensor.get_double (out number);
  return number;
}

int main () {
  try {
    var streams = new Tg.RandomStreams (234);
    var shape = new Tg.Constant.integers ({ 10000 });
    var zero = new Tg.Constant.double (0);
    var one = new Tg.Constant.double (1);
    var u1 = streams.uniform (shape, zero, one, Tg.DType.FLOAT64);
    var u2 = streams.uniform (shape, zero, one, Tg.DType.FLOAT64);
    u1.name = "u1";
    u2.name = "u2";

    var z = Tg.parse ("sqrt(-2 * log(u1)) * cos(2 * pi * u2)", { u1, u2 });
    z.name = "z";
    var mean = z.mean (null, false);
    var deviation = Tg.parse ("sqrt(mean((z - mean(z)) ** 2))", { z });
    var draw = new Tg.Function ({}, { mean, deviation });

    for (var call = 0; call < 3; call++) {
      var results = draw.call ({});
      print ("mean %.6f, deviation %.6f\n", to_double (results[0]), to_double (results[1]));
    }
  } catch (Error e) {
    printerr ("%s\n", e.message);
    return 1;
  }

  return 0;
}
