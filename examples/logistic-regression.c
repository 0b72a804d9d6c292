/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Logistic regression, as in Theano's tutorial: on random numbers, or on a table of data. */
#include <tg.h>

#include <unistd.h>

/* Samples and the class of each, to train on and to test on. */
typedef struct
{
  TgTensor *train[2];
  TgTensor *test[2];
  char    **classes;
} Data;

typedef struct
{
  TgFunction *train;
  TgFunction *predict;
  TgFunction *loss;
} Model;

static void
data_clear (Data *self)
{
  for (guint i = 0; i < 2; i++)
    {
      g_clear_pointer (&self->train[i], tg_tensor_unref);
      g_clear_pointer (&self->test[i], tg_tensor_unref);
    }
  g_clear_pointer (&self->classes, g_strfreev);
}

static void
model_clear (Model *self)
{
  g_clear_object (&self->train);
  g_clear_object (&self->predict);
  g_clear_object (&self->loss);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Data, data_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Model, model_clear)

/* Calls a function for its first output. */
static TgTensor *
call (TgFunction       *function,
      TgTensor *const  *inputs,
      gsize             n_inputs,
      GError          **error)
{
  gsize n_outputs;
  g_autofree TgTensor **outputs = tg_function_call (function, inputs, n_inputs, &n_outputs, error);

  if (outputs == NULL)
    return NULL;

  for (gsize i = 1; i < n_outputs; i++)
    tg_tensor_unref (outputs[i]);

  return outputs[0];
}

/* Computes a variable that needs no inputs. */
static TgTensor *
evaluate (TgVariable  *variable,
          GError     **error)
{
  g_autoptr (TgFunction) function = NULL;

  if (variable != NULL)
    function = tg_function_new (NULL, 0, &variable, 1, error);

  return function != NULL ? call (function, NULL, 0, error) : NULL;
}

static TgTensor *
draw_normal (TgRandomStreams  *streams,
             const gint64     *shape,
             gsize             n_shape,
             gdouble           deviation,
             GError          **error)
{
  g_autoptr (TgVariable) size = tg_constant_new_integers (shape, n_shape);
  g_autoptr (TgVariable) mean = tg_constant_new_double (0);
  g_autoptr (TgVariable) spread = tg_constant_new_double (deviation);
  g_autoptr (TgVariable) normal = tg_random_streams_normal (streams, size, mean, spread,
                                                            TG_DTYPE_FLOAT64, error);

  return evaluate (normal, error);
}

/* Draws as many zeros and ones. */
static TgTensor *
draw_classes (TgRandomStreams  *streams,
              gint64            n,
              GError          **error)
{
  g_autoptr (TgVariable) size = tg_constant_new_integers (&n, 1);
  g_autoptr (TgVariable) low = tg_constant_new_double (0);
  g_autoptr (TgVariable) high = tg_constant_new_double (1);
  g_autoptr (TgVariable) uniform = tg_random_streams_uniform (streams, size, low, high,
                                                              TG_DTYPE_FLOAT64, error);
  g_autoptr (TgVariable) classes = tg_round (uniform, error);

  return evaluate (classes, error);
}

static gboolean
draw_data (TgRandomStreams  *streams,
           Data             *data,
           GError          **error)
{
  const gint64 shape[] = { 400, 784 };

  data->train[0] = draw_normal (streams, shape, 2, 1, error);
  if (data->train[0] == NULL)
    return FALSE;

  data->train[1] = draw_classes (streams, shape[0], error);
  if (data->train[1] == NULL)
    return FALSE;

  data->test[0] = tg_tensor_ref (data->train[0]);
  data->test[1] = tg_tensor_ref (data->train[1]);

  return TRUE;
}

/* Splits a table into its features and, from the last column, the classes. */
static gboolean
split_table (GArray    *numbers,
             gsize      n_columns,
             TgTensor  *parts[2],
             GError   **error)
{
  const gint64 shape[] = { (gint64) (numbers->len / n_columns), (gint64) n_columns };
  g_autoptr (TgTensor) table = tg_tensor_new_doubles ((const gdouble *) (gpointer) numbers->data,
                                                      numbers->len, shape, 2, error);

  if (table == NULL)
    return FALSE;

  parts[0] = tg_tensor_slice (table, 1, 0, shape[1] - 1, 1, error);
  parts[1] = parts[0] != NULL ? tg_tensor_index (table, 1, shape[1] - 1, error) : NULL;

  return parts[1] != NULL;
}

/* Reads the numbers of a line, the last of which is the class. */
static gboolean
read_row (const char  *line,
          gsize        n_columns,
          GArray      *numbers,
          GError     **error)
{
  g_auto (GStrv) words = g_strsplit (line, ",", -1);

  if (g_strv_length (words) != n_columns)
    {
      g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "expected %zu numbers", n_columns);
      return FALSE;
    }

  for (gsize i = 0; i < n_columns; i++)
    {
      gdouble number = g_ascii_strtod (words[i], NULL);

      if (i + 1 == n_columns && number != 0 && number != 1)
        {
          g_set_error_literal (error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                               "the class must be 0 or 1");
          return FALSE;
        }

      g_array_append_val (numbers, number);
    }

  return TRUE;
}

/* Every fourth row is to test on. */
static gboolean
read_table (const char  *path,
            Data        *data,
            GError     **error)
{
  g_autoptr (GArray) train = g_array_new (FALSE, FALSE, sizeof (gdouble));
  g_autoptr (GArray) test = g_array_new (FALSE, FALSE, sizeof (gdouble));
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  g_auto (GStrv) head = NULL;
  gsize n_columns;

  if (!g_file_get_contents (path, &text, NULL, error))
    return FALSE;

  lines = g_strsplit (g_strstrip (text), "\n", -1);
  head = g_strsplit (lines[0] != NULL ? lines[0] : "", ",", -1);
  if (g_strv_length (head) != 4)
    {
      g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                   "%s: the first line must have two numbers and two classes", path);
      return FALSE;
    }

  data->classes = g_strdupv (head + 2);
  n_columns = g_ascii_strtoull (head[1], NULL, 10) + 1;

  for (guint i = 1; lines[i] != NULL; i++)
    {
      if (!read_row (lines[i], n_columns, i % 4 == 0 ? test : train, error))
        {
          g_prefix_error (error, "%s:%u: ", path, i + 1);
          return FALSE;
        }
    }

  return split_table (train, n_columns, data->train, error)
         && split_table (test, n_columns, data->test, error);
}

/* Gives all features the mean 0 and the deviation 1 in the samples to train on. */
static gboolean
standardise (Data    *data,
             GError **error)
{
  g_autoptr (TgScope) scope = tg_scope_new ();
  g_autoptr (TgFunction) function = NULL;
  TgTensor *inputs[2][2] = {
    { data->train[0], data->train[0] },
    { data->test[0], data->train[0] },
  };
  TgVariable *symbols[2];
  TgVariable *standard;

  symbols[0] = tg_scope_keep (scope, tg_variable_new ("x", TG_DTYPE_FLOAT64, 2));
  symbols[1] = tg_scope_keep (scope, tg_variable_new ("sample", TG_DTYPE_FLOAT64, 2));
  standard = tg_scope_parse (scope,
                             "let mean = mean(sample, axis=0);"
                             "(x - mean) / sqrt(mean((sample - mean) ** 2, axis=0))",
                             error);
  if (standard == NULL)
    return FALSE;

  function = tg_function_new (symbols, 2, &standard, 1, error);
  if (function == NULL)
    return FALSE;

  data->train[0] = call (function, inputs[0], 2, error);
  data->test[0] = data->train[0] != NULL ? call (function, inputs[1], 2, error) : NULL;
  tg_tensor_unref (inputs[0][0]);
  tg_tensor_unref (inputs[1][0]);

  return data->test[0] != NULL;
}

/* Reads an expression that later ones may name. */
static TgVariable *
define (TgScope     *scope,
        const char  *name,
        const char  *text,
        GError     **error)
{
  TgVariable *variable = *error == NULL ? tg_scope_parse (scope, text, error) : NULL;

  if (variable == NULL)
    return NULL;

  tg_variable_set_name (variable, name);

  return tg_scope_keep (scope, g_object_ref (variable));
}

static void
build_functions (Model       *model,
                 TgVariable  *inputs[2],
                 TgVariable  *outputs[2],
                 TgVariable  *cost,
                 TgVariable  *updates[2][2],
                 GError     **error)
{
  g_autoptr (TgFunctionBuilder) builder = tg_function_builder_new ();

  for (guint i = 0; i < 2; i++)
    {
      tg_function_builder_add_input (builder, inputs[i]);
      tg_function_builder_add_output (builder, outputs[i], NULL);
      tg_function_builder_add_update (builder, updates[i][0], updates[i][1]);
    }

  model->train = tg_function_builder_build (builder, error);
  if (model->train != NULL)
    model->predict = tg_function_new (inputs, 1, outputs, 1, error);
  if (model->predict != NULL)
    model->loss = tg_function_new (inputs, 2, &cost, 1, error);
}

/* The model, as in the tutorial. */
static gboolean
make_model (Model     *model,
            TgTensor  *weights,
            GError   **error)
{
  g_autoptr (TgScope) scope = tg_scope_new ();
  g_autoptr (TgTensor) zero = tg_tensor_new_double (0);
  TgVariable *x = tg_scope_keep (scope, tg_variable_new ("x", TG_DTYPE_FLOAT64, 2));
  TgVariable *y = tg_scope_keep (scope, tg_variable_new ("y", TG_DTYPE_FLOAT64, 1));
  TgVariable *w = tg_scope_keep (scope, tg_shared_variable_new (weights, "w"));
  TgVariable *b = tg_scope_keep (scope, tg_shared_variable_new (zero, "b"));
  TgVariable *prediction, *xent, *cost, *next_w, *next_b;
  g_autofree TgVariable **gradients = NULL;

  define (scope, "p_1", "1 / (1 + exp(-dot(x, w) - b))", error);
  prediction = define (scope, "prediction", "p_1 > 0.5", error);
  xent = define (scope, "xent", "-y * log(p_1) - (1 - y) * log(1 - p_1)", error);
  cost = define (scope, "cost", "mean(xent) + 0.01 * sum(w ** 2)", error);
  if (cost == NULL)
    return FALSE;

  gradients = tg_grad (cost, (TgVariable *[]) { w, b }, 2, TG_DISCONNECTED_INPUTS_RAISE, NULL,
                       error);
  if (gradients == NULL)
    return FALSE;

  tg_variable_set_name (tg_scope_keep (scope, gradients[0]), "gw");
  tg_variable_set_name (tg_scope_keep (scope, gradients[1]), "gb");
  next_w = tg_scope_keep (scope, tg_parse ("w - 0.1 * gw", (TgVariable *[]) { w, gradients[0] }, 2,
                                           error));
  if (next_w == NULL)
    return FALSE;

  next_b = tg_scope_keep (scope, tg_parse ("b - 0.1 * gb", (TgVariable *[]) { b, gradients[1] }, 2,
                                           error));
  if (next_b == NULL)
    return FALSE;

  build_functions (model, (TgVariable *[]) { x, y }, (TgVariable *[]) { prediction, xent }, cost,
                   (TgVariable *[2][2]) { { w, next_w }, { b, next_b } }, error);

  return model->loss != NULL;
}

static gboolean
get_cost (Model    *model,
          Data     *data,
          gdouble  *cost,
          GError  **error)
{
  g_autoptr (TgTensor) loss = call (model->loss, data->train, 2, error);

  return loss != NULL && tg_tensor_get_double (loss, cost, error);
}

static gboolean
train (Model   *model,
       Data    *data,
       int      n_steps,
       GError **error)
{
  gboolean is_terminal = isatty (STDOUT_FILENO);

  for (int step = 1; step <= n_steps; step++)
    {
      g_autoptr (TgTensor) prediction = call (model->train, data->train, 2, error);
      gdouble cost;

      if (prediction == NULL)
        return FALSE;

      if (is_terminal && (step % 100 == 0 || step == n_steps))
        {
          if (!get_cost (model, data, &cost, error))
            return FALSE;

          g_print ("\rstep %d of %d, cost %.6f%s", step, n_steps, cost,
                   step == n_steps ? "\n" : "");
        }
    }

  return TRUE;
}

static gboolean
report (Model   *model,
        Data    *data,
        GError **error)
{
  g_autoptr (TgTensor) prediction = call (model->predict, data->test, 1, error);
  g_autofree gdouble *predicted = NULL;
  g_autofree gdouble *actual = NULL;
  int counts[2][2] = { { 0, 0 }, { 0, 0 } };
  gdouble cost;
  gsize n_tests;
  int right;

  if (prediction == NULL || !get_cost (model, data, &cost, error))
    return FALSE;

  predicted = tg_tensor_dup_doubles (prediction, &n_tests);
  actual = tg_tensor_dup_doubles (data->test[1], &n_tests);
  for (gsize i = 0; i < n_tests; i++)
    counts[(int) actual[i]][(int) predicted[i]]++;

  right = counts[0][0] + counts[1][1];
  g_print ("final cost: %.17g\n", cost);
  g_print ("%s accuracy: %.4f (%d of %zu)\n", data->classes != NULL ? "test" : "training",
           (gdouble) right / (gdouble) n_tests, right, n_tests);
  if (data->classes == NULL)
    return TRUE;

  g_print ("\n%12s", "");
  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *title = g_strconcat ("predicted ", data->classes[i], NULL);

      g_print ("%22s", title);
    }
  g_print ("\n");
  for (guint i = 0; i < 2; i++)
    g_print ("%-12s%22d%22d\n", data->classes[i], counts[i][0], counts[i][1]);

  return TRUE;
}

static gboolean
run (const char  *path,
     int          n_steps,
     GError     **error)
{
  g_autoptr (TgRandomStreams) streams = tg_random_streams_new (1);
  g_auto (Data) data = { .classes = NULL };
  g_auto (Model) model = { NULL, };
  g_autoptr (TgTensor) weights = NULL;
  const gint64 *shape;

  if (path != NULL
        ? !read_table (path, &data, error) || !standardise (&data, error)
        : !draw_data (streams, &data, error))
    return FALSE;

  shape = tg_tensor_get_shape (data.train[0], NULL);
  g_print ("%d samples, %d features, %d steps\n", (int) shape[0], (int) shape[1], n_steps);

  weights = draw_normal (streams, &shape[1], 1, 0.01, error);

  return weights != NULL
         && make_model (&model, weights, error)
         && train (&model, &data, n_steps, error)
         && report (&model, &data, error);
}

int
main (int    argc,
      char **argv)
{
  g_autofree char *path = NULL;
  int n_steps = 10000;
  const GOptionEntry entries[] = {
    { "data", 0, 0, G_OPTION_ARG_FILENAME, &path, "A table to train and to test on", "FILE" },
    { "steps", 0, 0, G_OPTION_ARG_INT, &n_steps, "Steps of the training", "N" },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || !run (path, n_steps, &error))
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }

  return 0;
}
