// SPDX-License-Identifier: LGPL-2.1-or-later
// libtg as Vala sees it: no casts, errors caught by domain and code, signals of properties.

Tg.Variable symbol (string name, uint ndim) {
  return new Tg.Variable (name, Tg.DType.FLOAT64, ndim);
}

Tg.SharedVariable shared (double value, string name) {
  return new Tg.SharedVariable (new Tg.Tensor.double (value), name);
}

Tg.Tensor vector (double[] values) throws Error {
  return new Tg.Tensor.doubles (values, { values.length });
}

double to_double (Tg.Tensor tensor) throws Error {
  double number;
  assert (tensor.get_double (out number));
  return number;
}

Tg.Tensor call (Tg.Function function, double value) throws Error {
  return function.call ({ new Tg.Tensor.double (value) })[0];
}

Tg.Function make_accumulator (Tg.SharedVariable state) throws Error {
  var inc = symbol ("inc", 0);
  var builder = new Tg.FunctionBuilder ();
  builder.set_name ("accumulator");
  builder.add_input (inc);
  builder.add_output (state, "before");
  builder.add_update (state, state.add (inc));
  return builder.build ();
}

void test_logistic () throws Error {
  var x = symbol ("x", 1);
  var one = new Tg.Constant.integer (1);
  var s = one.divide (one.add (x.negative ().exp ()));
  var logistic = new Tg.Function ({ x }, { s, Tg.parse ("1 / (1 + exp(-x))", { x }) });
  var results = logistic.call ({ vector ({ 0, 1 }) });

  assert (results.length == 2);
  assert (results[0].equal (results[1]));
  assert (results[0].get_shape ().length == 1 && results[0].get_shape ()[0] == 2);
  assert (results[0].dup_doubles ()[0] == 0.5);
  assert (Math.fabs (results[0].dup_doubles ()[1] - 1 / (1 + Math.exp (-1))) < 1e-15);
}

void test_accumulator_returns_the_value_before () throws Error {
  var state = shared (0, "state");
  var accumulator = make_accumulator (state);

  assert (to_double (call (accumulator, 1)) == 0);
  assert (to_double (call (accumulator, 300)) == 1);
  assert (to_double (state.value) == 301);
  assert (accumulator.get_output_name (0) == "before");

  state.set_value (new Tg.Tensor.double (-1));
  assert (to_double (call (accumulator, 3)) == -1);
  assert (to_double (state.dup_value ()) == 2);
}

void test_value_notifies () throws Error {
  var state = shared (0, "state");
  var accumulator = make_accumulator (state);
  double[] seen = {};

  state.notify["value"].connect ((object, pspec) => {
    try {
      seen += to_double (state.value);
    } catch (Error e) {
      error ("%s", e.message);
    }
  });
  call (accumulator, 2);
  call (accumulator, 3);
  state.set_value (new Tg.Tensor.double (7));

  assert (seen.length == 3);
  assert (seen[0] == 2 && seen[1] == 5 && seen[2] == 7);
}

void test_gradient () throws Error {
  var x = symbol ("x", 1);
  var cost = Tg.parse ("sum(x ** 3)", { x });
  var gradient = Tg.grad (cost, { x }, Tg.DisconnectedInputs.RAISE)[0];
  var second = Tg.grad (gradient.sum (null, false), { x }, Tg.DisconnectedInputs.RAISE)[0];
  var results = new Tg.Function ({ x }, { gradient, second }).call ({ vector ({ 1, -2 }) });

  assert (results[0].equal (vector ({ 3, 12 })));
  assert (results[1].equal (vector ({ 6, -12 })));
}

void test_gradient_descent () throws Error {
  var w = shared (5, "w");
  var cost = Tg.parse ("(w - 2) ** 2", { w });
  var gradient = Tg.grad (cost, { w }, Tg.DisconnectedInputs.RAISE)[0];
  var builder = new Tg.FunctionBuilder ();
  builder.add_update (w, w.subtract (gradient.multiply (new Tg.Constant.double (0.1))));
  var step = builder.build ();

  for (var i = 0; i < 200; i++)
    assert (step.call ({}).length == 0);

  assert (Math.fabs (to_double (w.value) - 2) < 1e-12);
}

void test_axes () throws Error {
  var x = symbol ("x", 2);
  var function = new Tg.Function ({ x }, {
    x.sum (null, false), x.sum ({ 0 }, false), x.sum ({ 1 }, true), x.permute_dims ({ 1, 0 })
  });
  var results = function.call ({ new Tg.Tensor.doubles ({ 1, 2, 3, 4, 5, 6 }, { 2, 3 }) });

  assert (to_double (results[0]) == 21);
  assert (results[1].equal (vector ({ 5, 7, 9 })));
  assert (results[2].equal (new Tg.Tensor.doubles ({ 6, 15 }, { 2, 1 })));
  assert (results[3].equal (new Tg.Tensor.doubles ({ 1, 4, 2, 5, 3, 6 }, { 3, 2 })));
}

void test_one_variable_is_one_draw () throws Error {
  var streams = new Tg.RandomStreams (234);
  var u = streams.uniform (new Tg.Constant.integers ({ 4 }), new Tg.Constant.double (0),
                           new Tg.Constant.double (1), Tg.DType.FLOAT64);
  var draw = new Tg.Function ({}, { u, u.subtract (u) });
  var first = draw.call ({});

  assert (first[1].equal (vector ({ 0, 0, 0, 0 })));
  assert (!first[0].equal (draw.call ({})[0]));
}

void test_a_graph_is_a_list () throws Error {
  var graph = Tg.parse_function ("f(x: f64[]) = exp(x) + 1");
  var sum = graph.get_output (0);

  assert (graph.get_n_items () >= 3);
  assert (graph.get_item_type ().is_a (typeof (Tg.Variable)));
  assert (sum.get_op ().get_name () == "add");
  assert (sum.get_input (0).get_op ().get_name () == "exp");
  assert (sum.get_input (0).get_input (0) == graph.get_input (0));
  assert (graph.get_input (0).name == "x" && graph.get_input (0).get_op () == null);
}

void test_errors_have_domains () throws Error {
  var x = symbol ("x", 1);
  var y = symbol ("y", 1);
  var caught = 0;

  try {
    Tg.parse ("1 + * x", { x });
  } catch (Tg.ParseError.SYNTAX e) {
    assert (e.message.has_prefix ("1:5: "));
    caught++;
  }

  try {
    new Tg.Function ({ x }, { x.add (y) });
  } catch (Tg.CompileError.MISSING_INPUT e) {
    assert ("y" in e.message);
    caught++;
  }

  try {
    Tg.grad (x, { x }, Tg.DisconnectedInputs.RAISE);
  } catch (Tg.GradError.SHAPE e) {
    caught++;
  }

  try {
    Tg.grad (x.sum (null, false), { y }, Tg.DisconnectedInputs.RAISE);
  } catch (Tg.GradError.DISCONNECTED e) {
    caught++;
  }

  try {
    x.sum ({ 1 }, false);
  } catch (Tg.ShapeError.AXIS e) {
    assert ("sum" in e.message);
    caught++;
  }

  try {
    Tg.parse ("-(x > 0)", { x });
  } catch (Tg.TypeError.DTYPE e) {
    caught++;
  }

  assert (caught == 6);
}

void test_a_call_that_fails_changes_nothing () throws Error {
  var total = new Tg.SharedVariable (vector ({ 1, 2 }), "total");
  var x = symbol ("x", 1);
  var builder = new Tg.FunctionBuilder ();
  builder.add_input (x);
  builder.add_output (total, null);
  builder.add_update (total, total.add (x));
  var function = builder.build ();
  var caught = 0;

  try {
    function.call ({ vector ({ 1, 2, 3 }) });
  } catch (Tg.ShapeError e) {
    caught++;
  }

  try {
    function.call ({});
  } catch (Tg.RunError.INPUTS e) {
    caught++;
  }

  try {
    total.set_value (new Tg.Tensor.double (0));
  } catch (Tg.TypeError e) {
    caught++;
  }

  assert (caught == 3);
  assert (total.value.equal (vector ({ 1, 2 })));
  function.call ({ vector ({ 10, 20 }) });
  assert (total.value.equal (vector ({ 11, 22 })));
}

void test_brackets_look_at_the_same_memory () throws Error {
  var matrix = new Tg.Tensor.doubles ({ 1, 2, 3, 4, 5, 6 }, { 2, 3 });
  var row = matrix[-1];

  assert (row.equal (vector ({ 4, 5, 6 })));
  assert (to_double (matrix[0][2]) == 3);
  assert (row.get_address () - matrix.get_address () == 3 * sizeof (double));
  try {
    row = matrix[2];
    assert_not_reached ();
  } catch (Tg.ShapeError.INDEX e) {
    assert ("out of bounds" in e.message);
  }
}

void test_inputs_have_options () throws Error {
  var x = symbol ("x", 0);
  var input = new Tg.FunctionInput (x);
  input.set_value (new Tg.Tensor.double (2));
  input.set_update (x.add (new Tg.Constant.double (1)));
  var builder = new Tg.FunctionBuilder ();
  builder.set_mode (new Tg.Mode.from_string ("reference,check-finite"));
  builder.set_on_unused_input (Tg.UnusedInput.IGNORE);
  builder.add_input_options (input);
  builder.add_output (x.multiply (x), null);
  var square = builder.build ();

  assert (to_double (square.call ({})[0]) == 4);
  assert (to_double (square.call_named ({ new Tg.Tensor.double (5) }, { "x" })[0]) == 25);
  assert (to_double (square.copy (null, false, {}, {}).call ({})[0]) == 36);
}

void test_a_call_is_awaited () throws Error {
  var loop = new MainLoop ();
  var state = shared (1, "state");
  var accumulator = make_accumulator (state);
  var cancellable = new Cancellable ();
  var caught = 0;

  accumulate.begin (accumulator, cancellable, (object, result) => {
    try {
      accumulate.end (result);
    } catch (IOError.CANCELLED e) {
      caught++;
    } catch (Error e) {
      error ("%s", e.message);
    }
    loop.quit ();
  });
  loop.run ();

  assert (caught == 1);
  assert (to_double (state.value) == 6);
}

/* Calls twice, and then in vain. */
async void accumulate (Tg.Function accumulator, Cancellable cancellable) throws Error {
  var before = yield accumulator.call_async ({ new Tg.Tensor.double (2) }, cancellable);
  assert (to_double (before[0]) == 1);
  before = yield accumulator.call_named_async ({ new Tg.Tensor.double (3) }, { "inc" },
                                               cancellable);
  assert (to_double (before[0]) == 3);
  cancellable.cancel ();
  yield accumulator.call_async ({ new Tg.Tensor.double (2) }, cancellable);
}

void test_places_on_request () throws Error {
  var before = symbol ("x", 1);
  Tg.Place.push (Log.FILE, Log.LINE, Log.METHOD);
  var y = before.exp ();
  Tg.Place.pop ();

  assert_null (before.place);
  assert_true (y.place.get_file ().has_suffix ("test-vala.vala"));
  assert_true (y.place.get_function ().has_suffix ("test_places_on_request"));
  assert_cmpstr (y.place.to_string (), CompareOperator.EQ,
                 "test-vala.vala, line %u".printf (y.place.get_line ()));
}

void test_name_scopes () throws Error {
  Tg.name_scope_push ("layer1");
  var w = shared (1, "w");
  Tg.name_scope_pop ();

  assert_cmpstr (w.name, CompareOperator.EQ, "layer1/w");
  assert_cmpstr (w.scope, CompareOperator.EQ, "layer1");
}

void test_eval_and_clone () throws Error {
  var x = symbol ("x", 0);
  var y = symbol ("y", 0);
  var square = x.multiply (x);
  var clone = Tg.clone ({ square }, { x }, { y }, true, true)[0];

  assert_cmpfloat (to_double (square.eval ({ x }, { new Tg.Tensor.double (3) })),
                   CompareOperator.EQ, 9);
  assert_cmpfloat (to_double (clone.eval ({ y }, { new Tg.Tensor.double (4) })),
                   CompareOperator.EQ, 16);
}

void test_products_with_the_jacobian () throws Error {
  var x = symbol ("x", 1);
  var y = x.multiply (x);
  var v = new Tg.Constant (vector ({ 1, 10 }));
  var function = new Tg.Function ({ x }, {
    Tg.vjp ({ y }, { x }, { v }, Tg.DisconnectedInputs.RAISE)[0], Tg.jvp ({ y }, { x }, { v })[0],
    Tg.jacobian (y, { x }, Tg.DisconnectedInputs.RAISE)[0]
  });
  var results = function.call ({ vector ({ 3, 4 }) });

  assert (results[0].equal (vector ({ 6, 80 })) && results[1].equal (vector ({ 6, 80 })));
  assert (results[2].equal (new Tg.Tensor.doubles ({ 6, 0, 0, 8 }, { 2, 2 })));
}

void test_known_gradients () throws Error {
  var x = symbol ("x", 1);
  var y = x.multiply (x);
  var options = new Tg.GradOptions ();
  options.add_known_gradient (y, new Tg.Constant (vector ({ 1, 2 })));
  var gradient = Tg.grad_with_options (null, { x }, options)[0];

  assert (gradient.eval ({ x }, { vector ({ 3, 4 }) }).equal (vector ({ 6, 16 })));
}

void test_parts () throws Error {
  var x = symbol ("x", 1);
  var first = x.index (new Tg.Constant.integer (0), 0);
  var pieces = Tg.split (x, { 1, -1 }, 0);
  var function = new Tg.Function ({ x }, {
    Tg.set_subtensor (x, first, new Tg.Constant.double (9)),
    Tg.index_with_arrays (x, { 0 }, { new Tg.Constant.integers ({ 2, 0 }) }), pieces[1]
  });
  var results = function.call ({ vector ({ 1, 2, 3 }) });

  assert (pieces.length == 2);
  assert (results[0].equal (vector ({ 9, 2, 3 })));
  assert (results[1].equal (vector ({ 3, 1 })) && results[2].equal (vector ({ 2, 3 })));
}

void test_complex_numbers () throws Error {
  var z = new Tg.Variable ("z", Tg.DType.COMPLEX128, 0);
  var size = z.multiply (new Tg.Constant.complex (0, 1)).abs ();
  var value = new Tg.Tensor.double (-3).astype (Tg.DType.COMPLEX128);

  assert (size.dtype == Tg.DType.FLOAT64);
  assert (to_double (size.eval ({ z }, { value })) == 3);
}

void test_files () throws Error {
  var folder = DirUtils.make_tmp ("tg-vala-XXXXXX");
  var path = Path.build_filename (folder, "both.npz");
  string[] names;

  Tg.save_npz (path, { "a", "b" }, { vector ({ 1, 2 }), new Tg.Tensor.double (3) }, true);
  var tensors = Tg.load_npz (path, out names);

  assert (names.length == 2 && names[1] == "b");
  assert (tensors[0].equal (vector ({ 1, 2 })) && to_double (tensors[1]) == 3);
  FileUtils.remove (path);
  DirUtils.remove (folder);
}

void test_streams_have_many_distributions () throws Error {
  var streams = new Tg.RandomStreams (1);
  var shape = new Tg.Constant.integers ({ 4000 });
  var two = new Tg.Constant.double (2);
  var draws = new Tg.Function ({}, {
    streams.gamma (shape, two, two, Tg.DType.FLOAT64).mean (null, false),
    streams.poisson (shape, two, Tg.DType.FLOAT64).mean (null, false)
  }).call ({});

  assert (Math.fabs (to_double (draws[0]) - 4) < 0.25);
  assert (Math.fabs (to_double (draws[1]) - 2) < 0.15);
}

delegate void TestCase () throws Error;

void add (string name, owned TestCase test) {
  Test.add_data_func ("/vala/" + name, () => {
    try {
      test ();
    } catch (Error e) {
      error ("%s: %s", name, e.message);
    }
  });
}

int main (string[] args) {
  Test.init (ref args);

  add ("logistic", test_logistic);
  add ("accumulator-returns-the-value-before", test_accumulator_returns_the_value_before);
  add ("value-notifies", test_value_notifies);
  add ("gradient", test_gradient);
  add ("gradient-descent", test_gradient_descent);
  add ("axes", test_axes);
  add ("one-variable-is-one-draw", test_one_variable_is_one_draw);
  add ("a-graph-is-a-list", test_a_graph_is_a_list);
  add ("errors-have-domains", test_errors_have_domains);
  add ("a-call-that-fails-changes-nothing", test_a_call_that_fails_changes_nothing);
  add ("brackets-look-at-the-same-memory", test_brackets_look_at_the_same_memory);
  add ("inputs-have-options", test_inputs_have_options);
  add ("a-call-is-awaited", test_a_call_is_awaited);
  add ("places-on-request", test_places_on_request);
  add ("name-scopes", test_name_scopes);
  add ("eval-and-clone", test_eval_and_clone);
  add ("products-with-the-jacobian", test_products_with_the_jacobian);
  add ("known-gradients", test_known_gradients);
  add ("parts", test_parts);
  add ("complex-numbers", test_complex_numbers);
  add ("files", test_files);
  add ("streams-have-many-distributions", test_streams_have_many_distributions);

  return Test.run ();
}
