/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-tensor-dlpack.h"

#include <string.h>

#include "tg-dtype-private.h"
#include "tg-error.h"
#include "tg-shape-private.h"
#include "tg-tensor-private.h"

/* DLPack is how libraries lend each other arrays within a process.  The structures are those of the
 * specification, https://dmlc.github.io/dlpack/latest/c_api.html, in its versions before 1.0, where
 * a tensor is at the beginning, and since, where a version is. */

#define VERSION_MAJOR 1
#define VERSION_MINOR 0
#define DEVICE_CPU 1
#define FLAG_READ_ONLY 1

typedef struct
{
  gpointer  data;
  gint32    device_type;
  gint32    device_id;
  gint32    ndim;
  guint8    dtype_code;
  guint8    dtype_bits;
  guint16   dtype_lanes;
  gint64   *shape;
  gint64   *strides; /* in elements; NULL: row-major */
  guint64   byte_offset;
} Lent;

typedef struct Managed Managed;
struct Managed
{
  Lent       lent;
  gpointer   context;
  void    (* deleter) (Managed *self);
};

typedef struct Versioned Versioned;
struct Versioned
{
  guint32    major;
  guint32    minor;
  gpointer   context;
  void    (* deleter) (Versioned *self);
  guint64    flags;
  Lent       lent;
};

/* The numbers that DLPack has for the kinds of dtypes, by the first part of our names. */
static const struct
{
  const char *prefix;
  guint8      code;
} kinds[] = {
  { "int", 0 }, { "uint", 1 }, { "float", 2 }, { "bfloat", 4 }, { "complex", 5 }, { "bool", 6 },
};

static guint8
get_code (TgDType dtype)
{
  const char *name = tg_dtype_get_name (dtype);
  gsize length = strcspn (name, "0123456789");

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (strlen (kinds[i].prefix) == length && strncmp (kinds[i].prefix, name, length) == 0)
      return kinds[i].code;

  g_return_val_if_reached (G_MAXUINT8);
}

static gboolean
find_dtype (const Lent  *lent,
            TgDType     *dtype,
            GError     **error)
{
  for (guint i = 0; i < TG_N_DTYPES; i++)
    {
      if (!tg_dtype_is_valid ((TgDType) i) || get_code ((TgDType) i) != lent->dtype_code
          || tg_dtype_get_size ((TgDType) i) * 8 != lent->dtype_bits || lent->dtype_lanes != 1)
        continue;

      *dtype = (TgDType) i;
      return TRUE;
    }

  g_set_error (error, TG_TYPE_ERROR, TG_TYPE_ERROR_DTYPE,
               "DLPack's type of code %u, %u bits and %u lanes is none of the dtypes",
               lent->dtype_code, lent->dtype_bits, lent->dtype_lanes);
  return FALSE;
}

static void
free_managed (Managed *self)
{
  tg_tensor_unref (self->context);
  g_free (self->lent.shape);
  g_free (self);
}

static void
free_versioned (Versioned *self)
{
  tg_tensor_unref (self->context);
  g_free (self->lent.shape);
  g_free (self);
}

/* Whether each stride that is taken is a whole number of elements. */
static gboolean
has_whole_strides (TgTensor *tensor)
{
  gint64 item_size = (gint64) tg_dtype_get_size (tensor->dtype);

  for (guint i = 0; i < tensor->ndim; i++)
    if (tensor->shape[i] > 1 && tensor->strides[i] % item_size != 0)
      return FALSE;

  return TRUE;
}

static void
lend (Lent     *lent,
      TgTensor *tensor)
{
  gint64 item_size = (gint64) tg_dtype_get_size (tensor->dtype);

  lent->data = tensor->n_elements > 0 ? tensor->data : NULL;
  lent->device_type = DEVICE_CPU;
  lent->ndim = (gint32) tensor->ndim;
  lent->dtype_code = get_code (tensor->dtype);
  lent->dtype_bits = (guint8) (item_size * 8);
  lent->dtype_lanes = 1;
  lent->shape = g_new (gint64, 2 * tensor->ndim + 1);
  lent->strides = lent->shape + tensor->ndim;

  for (guint i = 0; i < tensor->ndim; i++)
    {
      lent->shape[i] = tensor->shape[i];
      lent->strides[i] = tensor->shape[i] > 1 ? tensor->strides[i] / item_size : 1;
    }
}

/**
 * tg_tensor_to_dlpack:
 * @self: a tensor
 * @versioned: whether to make a `DLManagedTensorVersioned` of DLPack 1.0, not the `DLManagedTensor`
 *   of the time before
 * @error: return location for a [error@Tg.RunError]
 *
 * Lends the elements to another library, by [DLPack](https://dmlc.github.io/dlpack/latest/).
 *
 * They are not copied, and must not be written to, which only the versioned structure can tell. The
 * memory is there until the structure's deleter is called.
 *
 * Returns: the address of the structure, which is to be released by its own deleter or by
 *   [func@Tg.dlpack_release]; 0 on errors
 */
guint64
tg_tensor_to_dlpack (TgTensor  *self,
                     gboolean   versioned,
                     GError   **error)
{
  g_autoptr (TgTensor) tensor = NULL;

  g_return_val_if_fail (self != NULL, 0);

  tensor = has_whole_strides (self) ? tg_tensor_ref (self)
                                    : tg_tensor_copy (self, self->dtype, error);
  if (tensor == NULL)
    return 0;

  if (versioned)
    {
      Versioned *result = g_new0 (Versioned, 1);

      result->major = VERSION_MAJOR;
      result->minor = VERSION_MINOR;
      result->flags = FLAG_READ_ONLY;
      result->deleter = free_versioned;
      lend (&result->lent, tensor);
      result->context = g_steal_pointer (&tensor);
      return (guint64) GPOINTER_TO_SIZE (result);
    }
  else
    {
      Managed *result = g_new0 (Managed, 1);

      result->deleter = free_managed;
      lend (&result->lent, tensor);
      result->context = g_steal_pointer (&tensor);
      return (guint64) GPOINTER_TO_SIZE (result);
    }
}

static void
release_managed (gpointer data)
{
  Managed *managed = data;

  if (managed->deleter != NULL)
    managed->deleter (managed);
}

static void
release_versioned (gpointer data)
{
  Versioned *versioned = data;

  if (versioned->deleter != NULL)
    versioned->deleter (versioned);
}

/**
 * tg_dlpack_release:
 * @address: where a structure of DLPack is
 * @versioned: whether it is a `DLManagedTensorVersioned`
 *
 * Releases a structure that nobody took over, by calling its deleter.
 */
void
tg_dlpack_release (guint64  address,
                   gboolean versioned)
{
  g_return_if_fail (address != 0);

  if (versioned)
    release_versioned (GSIZE_TO_POINTER (address));
  else
    release_managed (GSIZE_TO_POINTER (address));
}

static gboolean
check_lent (const Lent  *lent,
            TgDType     *dtype,
            gint64      *strides,
            GError     **error)
{
  gint64 item_size;

  if (lent->device_type != DEVICE_CPU)
    {
      g_set_error (error, TG_RUN_ERROR, TG_RUN_ERROR_INPUT,
                   "the memory is that of a device (DLPack's number %d), not of the processor",
                   lent->device_type);
      return FALSE;
    }

  if (lent->ndim < 0 || lent->ndim > TG_MAX_NDIM)
    {
      g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_NDIM,
                   "a tensor cannot have %d dimensions", lent->ndim);
      return FALSE;
    }

  if (!find_dtype (lent, dtype, error))
    return FALSE;

  item_size = (gint64) tg_dtype_get_size (*dtype);
  for (gint32 i = 0; lent->strides != NULL && i < lent->ndim; i++)
    if (__builtin_mul_overflow (lent->strides[i], item_size, &strides[i]))
      {
        g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_SIZE,
                     "the stride %" G_GINT64_FORMAT " is too large for memory", lent->strides[i]);
        return FALSE;
      }

  return TRUE;
}

/* Takes what is lent, which `release` gives back. */
static TgTensor *
take (const Lent     *lent,
      TgReleaseFunc   release,
      gpointer        structure,
      GError        **error)
{
  gint64 strides[TG_MAX_NDIM];
  gboolean has_strides;
  TgDType dtype;

  if (!check_lent (lent, &dtype, strides, error))
    {
      release (structure);
      return NULL;
    }

  has_strides = lent->strides != NULL;
  return tg_tensor_new_from_memory (dtype, lent->shape, (gsize) lent->ndim,
                                    has_strides ? strides : NULL,
                                    has_strides ? (gsize) lent->ndim : 0,
                                    (guint64) GPOINTER_TO_SIZE (lent->data) + lent->byte_offset,
                                    release, structure, error);
}

/**
 * tg_tensor_new_from_dlpack:
 * @address: where the structure of DLPack is that another library made
 * @versioned: whether it is a `DLManagedTensorVersioned` of DLPack 1.0, not a `DLManagedTensor`
 * @error: return location for a [error@Tg.TypeError], [error@Tg.ShapeError] or [error@Tg.RunError]
 *
 * Looks at the elements that another library lends by
 * [DLPack](https://dmlc.github.io/dlpack/latest/).
 *
 * They are not copied if their addresses are aligned, and must not change as long as the tensor is
 * there. The structure is taken over: its deleter is called once, when the memory is not needed any
 * more, from any thread; also if this fails.
 *
 * Returns: (transfer full): the tensor
 */
TgTensor *
tg_tensor_new_from_dlpack (guint64    address,
                           gboolean   versioned,
                           GError   **error)
{
  g_return_val_if_fail (address != 0, NULL);

  if (versioned)
    {
      Versioned *structure = GSIZE_TO_POINTER (address);

      if (structure->major == VERSION_MAJOR)
        return take (&structure->lent, release_versioned, structure, error);

      g_set_error (error, TG_RUN_ERROR, TG_RUN_ERROR_INPUT,
                   "DLPack's version %u.%u is not known", structure->major, structure->minor);
      release_versioned (structure);
      return NULL;
    }
  else
    {
      Managed *structure = GSIZE_TO_POINTER (address);

      return take (&structure->lent, release_managed, structure, error);
    }
}
