/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-random-parameter-private.h"

#include "tg-error.h"

/* Parameters that are known while the graph is built are checked then. */
static gboolean
check_constants (TgApply  *apply,
                 GError  **error)
{
  TgTensor *values[TG_OP_MAX_INPUTS] = { NULL, };

  for (guint i = 0; i < apply->n_inputs; i++)
    {
      if (TG_IS_CONSTANT (apply->inputs[i]))
        values[i] = TG_CONSTANT (apply->inputs[i])->value;
    }

  return tg_random_check_parameters (apply->op, apply->attributes, apply->inputs, values,
                                     apply->n_inputs, TG_TYPE_ERROR, TG_TYPE_ERROR_VALUE, error);
}

static gboolean
check_state (TgApply  *apply,
             GError  **error)
{
  if (apply->inputs[0]->type->shape[0] == 3)
    return TRUE;

  g_set_error_literal (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_MISMATCH,
                       "state must have 3 elements");

  return FALSE;
}

static gboolean
check_dtype (TgApply     *apply,
             TgDTypeSet   set,
             const char  *what,
             GError     **error)
{
  if (tg_dtype_in_set (apply->dtype, set))
    return TRUE;

  g_set_error (error, TG_TYPE_ERROR, TG_TYPE_ERROR_DTYPE, "dtype must be %s, not %s", what,
               tg_dtype_get_name (apply->dtype));

  return FALSE;
}

/* Whether a parameter, but for its last axes, can be broadcast to the result. */
static gboolean
check_broadcast (TgApply  *apply,
                 guint     input,
                 guint     n_last,
                 GError  **error)
{
  TgTensorType *type = apply->inputs[input]->type;
  guint ndim = type->ndim - n_last;
  gboolean fits = ndim <= apply->ndim;
  g_autofree char *from = NULL;
  g_autofree char *to = NULL;

  for (guint i = 0; i < ndim && fits; i++)
    {
      gint64 size = type->shape[i];
      gint64 wanted = apply->shape[apply->ndim - ndim + i];

      fits = size == 1 || size == TG_UNKNOWN || wanted == TG_UNKNOWN || size == wanted;
    }

  if (fits)
    return TRUE;

  from = tg_shape_to_string (type->shape, ndim);
  to = tg_shape_to_string (apply->shape, apply->ndim);
  g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_BROADCAST,
               "%s of shape %s cannot be broadcast to %s", apply->op->inputs[input].name, from, to);

  return FALSE;
}

/* State, shape and parameters, the last of which has `n_last` axes of its own. */
static gboolean
infer_draw (TgApply     *apply,
            TgDTypeSet   set,
            const char  *what,
            guint        n_last,
            GError     **error)
{
  guint last = apply->n_inputs - 1;

  if (!check_state (apply, error) || !check_dtype (apply, set, what, error)
      || !tg_apply_set_shape_from_values (apply, 1, error))
    return FALSE;

  if (apply->inputs[last]->type->ndim < n_last)
    {
      g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_NDIM, "%s must have a last axis",
                   apply->op->inputs[last].name);
      return FALSE;
    }

  for (guint i = 2; i < apply->n_inputs; i++)
    {
      if (!check_broadcast (apply, i, i == last ? n_last : 0, error))
        return FALSE;
    }

  return check_constants (apply, error);
}

static gboolean
infer_continuous (TgApply  *apply,
                  GError  **error)
{
  return infer_draw (apply, TG_DTYPE_SET_FLOAT, "a floating-point one", 0, error);
}

static gboolean
infer_discrete (TgApply  *apply,
                guint     n_last,
                GError  **error)
{
  return infer_draw (apply, TG_DTYPE_SET_ORDERED, "one of real numbers", n_last, error);
}

#define CONTINUOUS(name)                                                      \
gboolean                                                                      \
tg_infer_random_##name (TgApply  *apply,                                      \
                        GError  **error)                                      \
{                                                                             \
  return infer_continuous (apply, error);                                     \
}

CONTINUOUS (uniform)
CONTINUOUS (normal)
CONTINUOUS (truncated_normal)
CONTINUOUS (gamma)
CONTINUOUS (log_gamma)

gboolean
tg_infer_random_poisson (TgApply  *apply,
                         GError  **error)
{
  return infer_discrete (apply, 0, error);
}

gboolean
tg_infer_random_binomial (TgApply  *apply,
                          GError  **error)
{
  return infer_discrete (apply, 0, error);
}

gboolean
tg_infer_random_integers (TgApply  *apply,
                          GError  **error)
{
  return infer_discrete (apply, 0, error);
}

gboolean
tg_infer_random_categorical (TgApply  *apply,
                             GError  **error)
{
  return infer_discrete (apply, 1, error);
}

gboolean
tg_infer_random_multinomial (TgApply  *apply,
                             GError  **error)
{
  TgTensorType *type = apply->inputs[3]->type;

  if (!infer_discrete (apply, 1, error))
    return FALSE;

  if (apply->ndim == TG_MAX_NDIM)
    {
      g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_NDIM,
                   "there can be at most %d dimensions", TG_MAX_NDIM);
      return FALSE;
    }

  apply->shape[apply->ndim++] = type->shape[type->ndim - 1];

  return TRUE;
}

gboolean
tg_infer_random_choice (TgApply  *apply,
                        GError  **error)
{
  if (apply->inputs[2]->type->ndim != 1)
    {
      g_set_error_literal (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_NDIM, "p must be a vector");
      return FALSE;
    }

  return infer_discrete (apply, 1, error);
}

gboolean
tg_infer_random_permutation (TgApply  *apply,
                             GError  **error)
{
  if (apply->inputs[1]->type->shape[0] == 0)
    {
      g_set_error_literal (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_NDIM,
                           "shape must have a last axis, that of the permutations");
      return FALSE;
    }

  return infer_discrete (apply, 0, error);
}

static gboolean
infer_shuffle (TgApply  *apply,
               GError  **error)
{
  guint ndim, axis;
  const gint64 *shape = tg_apply_get_shape (apply, 1, &ndim);

  tg_apply_set_shape (apply, shape, ndim);

  return check_state (apply, error) && tg_apply_normalise_axis (apply, ndim, &axis, error);
}

gboolean
tg_infer_random_shuffle (TgApply  *apply,
                         GError  **error)
{
  return infer_shuffle (apply, error);
}

gboolean
tg_infer_random_unshuffle (TgApply  *apply,
                           GError  **error)
{
  return infer_shuffle (apply, error);
}

gboolean
tg_infer_check_positive (TgApply  *apply,
                         GError  **error)
{
  return tg_infer_elementwise (apply, error) && check_constants (apply, error);
}

gboolean
tg_infer_gamma_quantile_slope (TgApply  *apply,
                               GError  **error)
{
  return tg_infer_elementwise (apply, error);
}

gboolean
tg_infer_truncated_normal_quantile_slope (TgApply  *apply,
                                          GError  **error)
{
  return tg_infer_elementwise (apply, error);
}
