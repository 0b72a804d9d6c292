/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-reference-private.h"

#include "tg-attribute-private.h"
#include "tg-error.h"
#include "tg-form-private.h"

/* Operators that find elements by positions, which are checked as they come. */

static gboolean
fail_position (gint64    position,
               guint     axis,
               gint64    size,
               GError  **error)
{
  g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_INDEX,
               "index %" G_GINT64_FORMAT " is out of bounds for axis %u of size %" G_GINT64_FORMAT,
               position, axis, size);

  return FALSE;
}

/* What is done with elements, and those at positions along an axis of a whole. */
typedef enum
{
  MOTION_TAKE,
  MOTION_PUT,
  MOTION_ADD,
} Motion;

typedef struct
{
  Motion      motion;
  gint64      size;    /* of the axis */
  gint64      stride;
  TgDType     dtype;
  TgInnerLoop copy;
  TgInnerLoop add;
  gint64      wrong;
  gboolean    failed;
} Walk;

/* The place of a position, from the beginning of its row on; FALSE where there is none. */
static inline gboolean
find_place (gint64      size,
            gint64      stride,
            const char *position,
            gint64     *place)
{
  gint64 given = *(const gint64 *) (gconstpointer) position;
  gint64 normal = given < 0 ? given + size : given;

  *place = normal * stride;

  return normal >= 0 && normal < size;
}

static void
fail (Walk       *self,
      const char *position)
{
  self->wrong = *(const gint64 *) (gconstpointer) position;
  self->failed = TRUE;
}

#define ADD_TO(T) (*(T *) (gpointer) place += *(const T *) (gconstpointer) element)

/* Elements that all belong to one position. */
static void
walk_beside (Walk          *self,
             gsize          count,
             char         **data,
             const gint64  *strides)
{
  char *element = data[0], *place = data[2];
  gint64 offset;

  if (!find_place (self->size, self->stride, data[1], &offset))
    {
      fail (self, data[1]);
      return;
    }

  place += offset;
  if (self->motion == MOTION_TAKE)
    self->copy (count, (char *[]) { element, place }, (gint64[]) { strides[0], strides[2] }, NULL);
  else if (self->motion == MOTION_PUT)
    self->copy (count, (char *[]) { place, element }, (gint64[]) { strides[2], strides[0] }, NULL);
  else if (self->dtype == TG_DTYPE_FLOAT64)
    for (; count > 0; count--, place += strides[2], element += strides[0])
      ADD_TO (double);
  else
    self->add (count, (char *[]) { place, place, element },
               (gint64[]) { strides[2], strides[2], strides[0] }, NULL);
}

#define FOR_EACH(statement)                                                   \
  {                                                                           \
    const gint64 size = self->size, stride = self->stride;                    \
    char *element = data[0], *row = data[2];                                  \
    const char *position = data[1];                                           \
    const gint64 step = strides[0], position_step = strides[1], row_step = strides[2]; \
                                                                              \
    for (gsize i = 0; i < count; i++)                                         \
      {                                                                       \
        char *place;                                                          \
        gint64 offset;                                                        \
                                                                              \
        if (!find_place (size, stride, position, &offset))                    \
          {                                                                   \
            fail (self, position);                                            \
            return;                                                           \
          }                                                                   \
                                                                              \
        place = row + offset;                                                 \
        statement;                                                            \
        element += step;                                                      \
        position += position_step;                                            \
        row += row_step;                                                      \
      }                                                                       \
  }

static inline void
move_each (Walk          *self,
           gsize          count,
           char         **data,
           const gint64  *strides,
           gsize          n_bytes)
{
  if (self->motion == MOTION_TAKE)
    FOR_EACH (memcpy (element, place, n_bytes))
  else
    FOR_EACH (memcpy (place, element, n_bytes))
}

/* Sizes that are common are known to the compiler. */
static void
move_elements (Walk          *self,
               gsize          count,
               char         **data,
               const gint64  *strides)
{
  gsize n_bytes = tg_dtype_get_size (self->dtype);

  if (n_bytes == 8)
    move_each (self, count, data, strides, 8);
  else if (n_bytes == 4)
    move_each (self, count, data, strides, 4);
  else
    move_each (self, count, data, strides, n_bytes);
}

static void
add_elements (Walk          *self,
              gsize          count,
              char         **data,
              const gint64  *strides)
{
  const gint64 stay[3] = { 0, 0, 0 };

  if (self->dtype == TG_DTYPE_FLOAT64)
    FOR_EACH (ADD_TO (double))
  else if (self->dtype == TG_DTYPE_FLOAT32)
    FOR_EACH (ADD_TO (float))
  else
    FOR_EACH (self->add (1, (char *[]) { place, place, element }, stay, NULL))
}

/* Operands: element, position, the beginning of its row. */
static void
walk (gsize         count,
      char        **data,
      const gint64 *strides,
      gpointer      user_data)
{
  Walk *self = user_data;

  if (self->failed)
    return;

  if (strides[1] == 0)
    walk_beside (self, count, data, strides);
  else if (self->motion == MOTION_ADD)
    add_elements (self, count, data, strides);
  else
    move_elements (self, count, data, strides);
}

/* Goes over all elements; the strides are those of positions, and of rows of the whole. */
static gboolean
run_walk (Walk          *self,
          TgTensor      *elements,
          TgTensor      *positions,
          const gint64  *position_strides,
          TgTensor      *whole,
          const gint64  *row_strides,
          guint          axis,
          GError       **error)
{
  self->dtype = whole->dtype;
  self->copy = tg_tensor_get_cast_loop (whole->dtype, whole->dtype);
  self->add = tg_reference_kernels[TG_OP_ADD][whole->dtype].loop;

  tg_loop_run (elements->ndim, elements->shape, 3,
               (char *[]) { elements->data, positions->data, whole->data },
               (const gint64 *[]) { elements->strides, position_strides, row_strides }, walk,
               self);

  return !self->failed || fail_position (self->wrong, axis, self->size, error);
}

/* Of `elements`, the axes of the positions take the place of axes of the whole, so many: of one, or
 * positions are offsets, which have been checked.  What is put is row-major, so that positions
 * follow each other in their order. */
static gboolean
walk_parts (Motion      motion,
            TgTensor   *elements,
            TgTensor   *positions,
            gboolean    are_offsets,
            TgTensor   *whole,
            guint       axis,
            guint       n_axes,
            GError    **error)
{
  gint64 position_strides[TG_MAX_NDIM], row_strides[TG_MAX_NDIM];
  Walk state = { .motion = motion, .size = are_offsets ? G_MAXINT64 : whole->shape[axis],
                 .stride = are_offsets ? 1 : whole->strides[axis] };

  for (guint i = 0; i < elements->ndim; i++)
    {
      gboolean is_before = i < axis, is_behind = i >= axis + positions->ndim;

      position_strides[i] = is_before || is_behind ? 0 : positions->strides[i - axis];
      row_strides[i] = is_before ? whole->strides[i]
                       : is_behind ? whole->strides[i - positions->ndim + n_axes] : 0;
    }

  /* Positions count where there is nothing at them. */
  for (gsize i = 0; elements->n_elements == 0 && i < positions->n_elements; i++)
    {
      const char *position = positions->data + i * sizeof (gint64);
      gint64 offset;

      if (!state.failed && !find_place (state.size, state.stride, position, &offset))
        fail (&state, position);
    }

  return run_walk (&state, elements, positions, position_strides, whole, row_strides, axis, error);
}

TgTensor *
tg_reference_run_take (TgVariable       *variable,
                       TgTensor *const  *inputs,
                       GError          **error)
{
  TgTensor *x = inputs[0];
  guint axis = (guint) tg_variable_find_int (variable, "axis");
  gint64 shape[TG_MAX_NDIM];
  guint ndim = 0;
  g_autoptr (TgTensor) result = NULL;

  for (guint i = 0; i < x->ndim; i++)
    {
      if (i != axis)
        shape[ndim++] = x->shape[i];

      for (guint k = 0; k < inputs[1]->ndim && i == axis; k++)
        shape[ndim++] = inputs[1]->shape[k];
    }

  result = tg_tensor_new_uninitialised (x->dtype, shape, ndim, error);

  return result != NULL && walk_parts (MOTION_TAKE, result, inputs[1], FALSE, x, axis, 1, error)
           ? g_steal_pointer (&result) : NULL;
}

/* Zeros, and what is to be put there, in the dtype in which it is added. */
static gboolean
prepare_put (TgVariable       *variable,
             TgTensor *const  *inputs,
             TgTensor        **zeros,
             TgTensor        **elements,
             GError          **error)
{
  TgDType dtype = tg_dtype_widen (variable->compute);
  g_autoptr (TgTensor) wide = tg_tensor_astype (inputs[0], dtype, error);

  *elements = wide != NULL ? tg_tensor_make_contiguous (wide, error) : NULL;
  *zeros = *elements != NULL ? tg_tensor_new_zeros (dtype, tg_reference_get_integers (inputs[1]),
                                                    inputs[1]->n_elements, error)
                             : NULL;

  return *zeros != NULL;
}

static Motion
get_motion (TgVariable *variable)
{
  return tg_variable_find_bool (variable, "accumulate") ? MOTION_ADD : MOTION_PUT;
}

static gboolean
fail_shape (GError **error)
{
  g_set_error_literal (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_MISMATCH,
                       "x must have the shape of what is taken");

  return FALSE;
}

TgTensor *
tg_reference_run_untake (TgVariable       *variable,
                         TgTensor *const  *inputs,
                         GError          **error)
{
  guint axis = (guint) tg_variable_find_int (variable, "axis");
  g_autoptr (TgTensor) elements = NULL;
  g_autoptr (TgTensor) result = NULL;

  if (!prepare_put (variable, inputs, &result, &elements, error))
    return NULL;

  for (guint i = 0; i < elements->ndim; i++)
    {
      guint n_positions = inputs[2]->ndim;
      gint64 needed = i < axis ? result->shape[i]
                      : i < axis + n_positions ? inputs[2]->shape[i - axis]
                                               : result->shape[i + 1 - n_positions];

      if (elements->shape[i] != needed && !fail_shape (error))
        return NULL;
    }

  return walk_parts (get_motion (variable), elements, inputs[2], FALSE, result, axis, 1, error)
           ? tg_tensor_astype (result, variable->type->dtype, error) : NULL;
}

/* Elements have the shape of the positions, which go along the axis too. */
static gboolean
walk_along_axis (Motion      motion,
                 TgTensor   *elements,
                 TgTensor   *positions,
                 TgTensor   *whole,
                 guint       axis,
                 GError    **error)
{
  gint64 row_strides[TG_MAX_NDIM];
  Walk state = {
    .motion = motion, .size = whole->shape[axis], .stride = whole->strides[axis]
  };

  for (guint i = 0; i < whole->ndim; i++)
    {
      row_strides[i] = i == axis ? 0 : whole->strides[i];
      if ((i != axis && whole->shape[i] != positions->shape[i])
          || elements->shape[i] != positions->shape[i])
        {
          g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_MISMATCH,
                       "indices must have the shape of x but along axis %u", axis);
          return FALSE;
        }
    }

  return run_walk (&state, elements, positions, positions->strides, whole, row_strides, axis,
                   error);
}

TgTensor *
tg_reference_run_take_along_axis (TgVariable       *variable,
                                  TgTensor *const  *inputs,
                                  GError          **error)
{
  guint axis = (guint) tg_variable_find_int (variable, "axis");
  g_autoptr (TgTensor) result = NULL;

  result = tg_tensor_new_uninitialised (inputs[0]->dtype, inputs[1]->shape, inputs[1]->ndim, error);

  return result != NULL
         && walk_along_axis (MOTION_TAKE, result, inputs[1], inputs[0], axis, error)
           ? g_steal_pointer (&result) : NULL;
}

TgTensor *
tg_reference_run_untake_along_axis (TgVariable       *variable,
                                    TgTensor *const  *inputs,
                                    GError          **error)
{
  guint axis = (guint) tg_variable_find_int (variable, "axis");
  g_autoptr (TgTensor) elements = NULL;
  g_autoptr (TgTensor) result = NULL;

  return prepare_put (variable, inputs, &result, &elements, error)
         && walk_along_axis (get_motion (variable), elements, inputs[2], result, axis, error)
           ? tg_tensor_astype (result, variable->type->dtype, error) : NULL;
}

/* Positions along the first axes, as many as the last axis of `positions` holds, become offsets in
 * bytes. */
static TgTensor *
join_positions (TgTensor  *positions,
                TgTensor  *whole,
                GError   **error)
{
  guint n_outer = positions->ndim - 1;
  gint64 n_indexed = positions->shape[n_outer];
  const gint64 *position = tg_reference_get_integers (positions);
  g_autoptr (TgTensor) joined = NULL;
  gint64 *target;

  joined = tg_tensor_new_uninitialised (TG_DTYPE_INT64, positions->shape, n_outer, error);
  if (joined == NULL)
    return NULL;

  target = (gint64 *) (gpointer) joined->data;
  for (gsize k = 0; k < joined->n_elements; k++, position += n_indexed)
    {
      target[k] = 0;
      for (gint64 i = 0; i < n_indexed; i++)
        {
          gint64 size = whole->shape[i], place;

          if (!find_place (size, whole->strides[i], (const char *) &position[i], &place))
            {
              fail_position (position[i], (guint) i, size, error);
              return NULL;
            }

          target[k] += place;
        }
    }

  return g_steal_pointer (&joined);
}

TgTensor *
tg_reference_run_take_nd (TgVariable       *variable,
                          TgTensor *const  *inputs,
                          GError          **error)
{
  TgTensor *positions = inputs[1];
  guint n_indexed = (guint) positions->shape[positions->ndim - 1];
  gboolean goes_back = FALSE;
  g_autoptr (TgTensor) x = NULL;
  g_autoptr (TgTensor) joined = NULL;
  g_autoptr (TgTensor) result = NULL;
  gint64 shape[TG_MAX_NDIM];
  guint ndim = 0;

  /* An offset that is negative would count from the end. */
  for (guint i = 0; i < n_indexed; i++)
    goes_back = goes_back || inputs[0]->strides[i] < 0;
  x = goes_back ? tg_tensor_make_contiguous (inputs[0], error) : tg_tensor_ref (inputs[0]);
  joined = x != NULL ? join_positions (positions, x, error) : NULL;
  if (joined == NULL)
    return NULL;

  for (guint i = 0; i < joined->ndim; i++)
    shape[ndim++] = joined->shape[i];

  for (guint i = n_indexed; i < x->ndim; i++)
    shape[ndim++] = x->shape[i];

  result = tg_tensor_new_uninitialised (x->dtype, shape, ndim, error);

  return result != NULL && walk_parts (MOTION_TAKE, result, joined, TRUE, x, 0, n_indexed, error)
           ? g_steal_pointer (&result) : NULL;
}

TgTensor *
tg_reference_run_untake_nd (TgVariable       *variable,
                            TgTensor *const  *inputs,
                            GError          **error)
{
  TgTensor *positions = inputs[2];
  guint n_outer = positions->ndim - 1;
  guint n_indexed = (guint) positions->shape[n_outer];
  g_autoptr (TgTensor) joined = NULL;
  g_autoptr (TgTensor) elements = NULL;
  g_autoptr (TgTensor) result = NULL;

  if (!prepare_put (variable, inputs, &result, &elements, error))
    return NULL;

  for (guint i = 0; i < elements->ndim; i++)
    {
      gint64 needed = i < n_outer ? positions->shape[i] : result->shape[i - n_outer + n_indexed];

      if (elements->shape[i] != needed && !fail_shape (error))
        return NULL;
    }

  joined = join_positions (positions, result, error);

  return joined != NULL
         && walk_parts (get_motion (variable), elements, joined, TRUE, result, 0, n_indexed, error)
           ? tg_tensor_astype (result, variable->type->dtype, error) : NULL;
}

/* The diagonal of `x` as a view of it. */
static TgTensor *
look_at_diagonal (TgVariable *variable,
                  TgTensor   *x)
{
  gint64 offset = tg_variable_find_int (variable, "offset");
  guint rows = (guint) tg_variable_find_int (variable, "axis1");
  guint columns = (guint) tg_variable_find_int (variable, "axis2");
  gint64 length = tg_diagonal_length (x->shape[rows], x->shape[columns], offset);
  gint64 shape[TG_MAX_NDIM], strides[TG_MAX_NDIM];
  char *data = x->data;
  guint ndim = 0;

  for (guint i = 0; i < x->ndim; i++)
    {
      if (i == rows || i == columns)
        continue;

      shape[ndim] = x->shape[i];
      strides[ndim++] = x->strides[i];
    }

  shape[ndim] = length;
  strides[ndim++] = x->strides[rows] + x->strides[columns];
  if (length > 0)
    data += offset < 0 ? -offset * x->strides[rows] : offset * x->strides[columns];

  return tg_tensor_new_view (x, ndim, shape, strides, data);
}

TgTensor *
tg_reference_run_diagonal (TgVariable       *variable,
                           TgTensor *const  *inputs,
                           GError          **error)
{
  return look_at_diagonal (variable, inputs[0]);
}

TgTensor *
tg_reference_run_undiagonal (TgVariable       *variable,
                             TgTensor *const  *inputs,
                             GError          **error)
{
  g_autoptr (TgTensor) result = NULL;
  g_autoptr (TgTensor) place = NULL;

  result = tg_tensor_new_zeros (variable->compute, tg_reference_get_integers (inputs[1]),
                                inputs[1]->n_elements, error);
  if (result == NULL)
    return NULL;

  place = look_at_diagonal (variable, result);

  return tg_reference_fill_place (place, inputs[0], error) ? g_steal_pointer (&result) : NULL;
}
