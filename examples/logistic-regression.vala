// SPDX-License-Identifier: LGPL-2.1-or-later
// Logistic regression, as in Theano's tutorial: on random numbers, or on a table of data.

string? path = null;
int steps = 10000;

const OptionEntry[] OPTIONS = {
  { "data", 0, 0, OptionArg.FILENAME, ref path, "A table to train and to test on", "FILE" },
  { "steps", 0, 0, OptionArg.INT, ref steps, "Steps of the training", "N" },
  { null }
};

// Samples, and the class of each.
struct Data {
  Tg.Tensor x;
  Tg.Tensor y;
}

Data make_data (double[] numbers, int columns) throws Error {
  var table = new Tg.Tensor.doubles (numbers, { numbers.length / columns, columns });
  return { table.slice (1, 0, columns - 1, 1), table.index (1, columns - 1) };
}

// The rows to train on, those to test on, and the names of the classes.
void read_table (string path, out Data data, out Data test, out string[] classes) throws Error {
  string text;
  double[] train_numbers = {};
  double[] test_numbers = {};
  FileUtils.get_contents (path, out text);
  var lines = text.strip ().split ("\n");
  var columns = lines[1].split (",").length;

  for (var i = 1; i < lines.length; i++) {
    foreach (var word in lines[i].split (",")) {
      if (i % 4 == 0)
        test_numbers += double.parse (word);
      else
        train_numbers += double.parse (word);
    }
  }

  data = make_data (train_numbers, columns);
  test = make_data (test_numbers, columns);
  classes = lines[0].split (",")[2:];
}

Tg.Function make_standardise () throws Error {
  var x = new Tg.Variable ("x", Tg.DType.FLOAT64, 2);
  var sample = new Tg.Variable ("sample", Tg.DType.FLOAT64, 2);
  var standard = Tg.parse ("let mean = mean(sample, axis=0);" +
                           "(x - mean) / sqrt(mean((sample - mean) ** 2, axis=0))", { x, sample });
  return new Tg.Function ({ x, sample }, { standard });
}

Tg.Tensor draw_normal (Tg.RandomStreams streams, int64[] shape, double deviation) throws Error {
  var normal = streams.normal (new Tg.Constant.integers (shape), new Tg.Constant.double (0),
                               new Tg.Constant.double (deviation), Tg.DType.FLOAT64);
  return new Tg.Function ({}, { normal }).call ({})[0];
}

Tg.Tensor draw_classes (Tg.RandomStreams streams, int64 n) throws Error {
  var uniform = streams.uniform (new Tg.Constant.integers ({ n }), new Tg.Constant.double (0),
                                 new Tg.Constant.double (1), Tg.DType.FLOAT64);
  return new Tg.Function ({}, { uniform.round () }).call ({})[0];
}

double to_double (Tg.Tensor tensor) throws Error {
  double number;
  tensor.get_double (out number);
  return number;
}

void show_progress (int step, double cost) {
  if (Log.writer_supports_color (stdout.fileno ())) {
    stdout.printf ("\rstep %d of %d, cost %.6f%s", step, steps, cost, step == steps ? "\n" : "");
    stdout.flush ();
  }
}

void show_confusion (string[] classes, double[] predicted, double[] actual) {
  print ("\n%12s", "");
  foreach (var name in classes)
    print ("%22s", @"predicted $name");

  for (var i = 0; i < 2; i++) {
    var counts = new int[2];
    for (var k = 0; k < actual.length; k++) {
      if (actual[k] == i)
        counts[(int) predicted[k]]++;
    }
    print ("\n%-12s%22d%22d", classes[i], counts[0], counts[1]);
  }
  print ("\n");
}

void run () throws Error {
  var streams = new Tg.RandomStreams (1);
  Data data, test;
  string[] classes = {};

  if (path != null) {
    read_table (path, out data, out test, out classes);
    var standardise = make_standardise ();
    var sample = data.x;
    data.x = standardise.call ({ data.x, sample })[0];
    test.x = standardise.call ({ test.x, sample })[0];
  } else {
    data = { draw_normal (streams, { 400, 784 }, 1), draw_classes (streams, 400) };
    test = data;
  }

  var samples = data.x.get_shape ()[0];
  var features = data.x.get_shape ()[1];
  print (@"$samples samples, $features features, $steps steps\n");

  // The model, as in the tutorial
  var x = new Tg.Variable ("x", Tg.DType.FLOAT64, 2);
  var y = new Tg.Variable ("y", Tg.DType.FLOAT64, 1);
  var w = new Tg.SharedVariable (draw_normal (streams, { features }, 0.01), "w");
  var b = new Tg.SharedVariable (new Tg.Tensor.double (0), "b");
  var p_1 = Tg.parse ("1 / (1 + exp(-dot(x, w) - b))", { x, w, b });
  p_1.name = "p_1";
  var prediction = Tg.parse ("p_1 > 0.5", { p_1 });
  var xent = Tg.parse ("-y * log(p_1) - (1 - y) * log(1 - p_1)", { y, p_1 });
  xent.name = "xent";
  var cost = Tg.parse ("mean(xent) + 0.01 * sum(w ** 2)", { xent, w });
  var gradients = Tg.grad (cost, { w, b }, Tg.DisconnectedInputs.RAISE);

  var builder = new Tg.FunctionBuilder ();
  builder.add_input (x);
  builder.add_input (y);
  builder.add_output (prediction, null);
  builder.add_output (xent, null);
  builder.add_update (w, Tg.parse_with_names ("w - 0.1 * gw", { "w", "gw" }, { w, gradients[0] }));
  builder.add_update (b, Tg.parse_with_names ("b - 0.1 * gb", { "b", "gb" }, { b, gradients[1] }));
  var train = builder.build ();
  var predict = new Tg.Function ({ x }, { prediction });
  var loss = new Tg.Function ({ x, y }, { cost });

  for (var step = 1; step <= steps; step++) {
    train.call ({ data.x, data.y });
    if (step % 100 == 0 || step == steps)
      show_progress (step, to_double (loss.call ({ data.x, data.y })[0]));
  }

  var predicted = predict.call ({ test.x })[0].dup_doubles ();
  var actual = test.y.dup_doubles ();
  var right = 0;
  for (var i = 0; i < actual.length; i++)
    right += predicted[i] == actual[i] ? 1 : 0;

  print ("final cost: %.17g\n", to_double (loss.call ({ data.x, data.y })[0]));
  print ("%s accuracy: %.4f (%d of %d)\n", path != null ? "test" : "training",
         (double) right / actual.length, right, actual.length);
  if (path != null)
    show_confusion (classes, predicted, actual);
}

int main (string[] args) {
  try {
    var context = new OptionContext (null);
    context.add_main_entries (OPTIONS, null);
    context.parse (ref args);
    run ();
  } catch (Error e) {
    printerr ("%s\n", e.message);
    return 1;
  }

  return 0;
}
