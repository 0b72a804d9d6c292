/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-tensor-private.h"

/* How the floating-point numbers of a dtype are laid out: an exponent of ones alone is an infinity,
 * or, if other bits are set too, nan. */
typedef struct
{
  const char *dtype;
  gsize       size;     /* of a number */
  gsize       n_parts;  /* numbers in an element */
  guint64     exponent;
} Layout;

static const Layout layouts[] = {
  { "float64", 8, 1, G_GUINT64_CONSTANT (0x7ff0000000000000) },
  { "float32", 4, 1, 0x7f800000 },
  { "float16", 2, 1, 0x7c00 },
  { "bfloat16", 2, 1, 0x7f80 },
  { "complex128", 8, 2, G_GUINT64_CONSTANT (0x7ff0000000000000) },
  { "complex64", 4, 2, 0x7f800000 },
};

static const Layout *
find_layout (TgDType dtype)
{
  const char *name = tg_dtype_get_name (dtype);

  for (gsize i = 0; i < G_N_ELEMENTS (layouts); i++)
    if (g_str_equal (name, layouts[i].dtype))
      return &layouts[i];

  return NULL;
}

static guint64
read_bits (const char *data,
           gsize       size)
{
  switch (size)
    {
    case 2:
      return *(const guint16 *) (gconstpointer) data;

    case 4:
      return *(const guint32 *) (gconstpointer) data;

    default:
      return *(const guint64 *) (gconstpointer) data;
    }
}

/* What an element is if it is not finite, or NULL. */
static const char *
name_element (const Layout *layout,
              const char   *data)
{
  const guint64 low = (layout->exponent & -layout->exponent) - 1;

  for (gsize i = 0; i < layout->n_parts; i++)
    {
      guint64 bits = read_bits (data + i * layout->size, layout->size);

      if ((bits & layout->exponent) != layout->exponent)
        continue;
      if ((bits & low) != 0)
        return "nan";

      return bits >> (8 * layout->size - 1) != 0 ? "-inf" : "inf";
    }

  return NULL;
}

/* Goes to the next element, the last axis varying fastest. */
static const char *
advance (TgTensor   *self,
         gint64     *index,
         const char *data)
{
  for (guint i = self->ndim; i-- > 0;)
    {
      data += self->strides[i];
      if (++index[i] < self->shape[i])
        break;

      data -= self->strides[i] * self->shape[i];
      index[i] = 0;
    }

  return data;
}

const char *
tg_tensor_find_not_finite (TgTensor *self,
                           gint64   *index)
{
  const Layout *layout = find_layout (self->dtype);
  const char *data = self->data;

  if (layout == NULL)
    return NULL;

  for (guint i = 0; i < self->ndim; i++)
    index[i] = 0;

  for (gsize i = 0; i < self->n_elements; i++)
    {
      const char *name = name_element (layout, data);

      if (name != NULL)
        return name;

      data = advance (self, index, data);
    }

  return NULL;
}
