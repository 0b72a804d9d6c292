/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-search-regions-private.h"

#include "tg-cluster-private.h"

gboolean
tg_regions_takes (TgRegions  *self,
                  TgVariable *variable)
{
  return tg_cluster_takes (variable)
         && (self->stops == NULL || !g_hash_table_contains (self->stops, variable));
}

static gboolean
is_truth (TgVariable *variable)
{
  return variable->type->dtype == TG_DTYPE_BOOL;
}

/* A comparison that no cluster contains compares what others see of its operands. */
gboolean
tg_regions_goes_through (TgRegions  *self,
                         TgVariable *user,
                         TgVariable *input)
{
  return tg_regions_takes (self, user) && tg_regions_takes (self, input)
         && tg_cluster_joins (user, input) && !g_hash_table_contains (self->cuts, input)
         && (!is_truth (user) || g_hash_table_contains (self->conditions, user));
}

static void
find_conditions (TgRegions *self)
{
  for (guint i = self->order->len; i-- > 0;)
    {
      TgVariable *variable = self->order->pdata[i];

      for (guint k = 0; k < variable->n_inputs; k++)
        {
          TgVariable *input = variable->inputs[k];

          if (is_truth (input) && tg_regions_goes_through (self, variable, input))
            g_hash_table_add (self->conditions, input);
        }
    }
}

static GArray *
get_region (TgRegions  *self,
            TgVariable *variable)
{
  return g_hash_table_lookup (self->regions, variable);
}

static gboolean
contains (const GArray *region,
          guint         place)
{
  for (guint i = 0; i < region->len; i++)
    {
      if (g_array_index (region, guint, i) == place)
        return TRUE;
    }

  return FALSE;
}

/* Both together, in order. */
static GArray *
join (const GArray *region,
      const guint  *places,
      guint         n_places)
{
  GArray *result = g_array_sized_new (FALSE, FALSE, sizeof (guint), region->len + n_places);
  guint i = 0, k = 0;

  while (i < region->len || k < n_places)
    {
      guint first = i < region->len ? g_array_index (region, guint, i) : G_MAXUINT;
      guint second = k < n_places ? places[k] : G_MAXUINT;
      guint least = MIN (first, second);

      g_array_append_val (result, least);
      i += first == least;
      k += second == least;
    }

  return result;
}

static GArray *
make_region (TgRegions  *self,
             TgVariable *variable,
             guint       place)
{
  GArray *result = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < variable->n_inputs; i++)
    {
      TgVariable *input = variable->inputs[i];
      g_autoptr (GArray) before = result;
      const GArray *own = get_region (self, input);
      guint first = tg_regions_goes_through (self, variable, input) ? 0 : own->len - 1;

      result = join (before, &g_array_index (own, guint, first), own->len - first);
    }

  g_array_append_val (result, place);

  return result;
}

static void
cut (TgRegions  *self,
     TgVariable *variable)
{
  g_hash_table_add (self->cuts, variable);
  g_hash_table_add (self->roots, variable);
}

/* Cuts an input off.  What it shares with another one must be the same for both: where each had a
 * form of its own, what cancels between them would no longer do so. */
static void
cut_input (TgRegions  *self,
           TgVariable *user,
           TgVariable *input)
{
  const GArray *region = get_region (self, input);

  cut (self, input);
  for (guint i = 0; i < user->n_inputs; i++)
    {
      const GArray *other = get_region (self, user->inputs[i]);
      const GArray *above = NULL;

      if (!tg_regions_goes_through (self, user, user->inputs[i]))
        continue;

      for (guint k = region->len; k-- > 0;)
        {
          guint place = g_array_index (region, guint, k);
          TgVariable *shared = self->order->pdata[place];

          if (!contains (other, place) || !tg_regions_takes (self, shared)
              || (above != NULL && contains (above, place)))
            continue;

          cut (self, shared);
          above = get_region (self, shared);
        }
    }
}

/* Finds where clusters end: at what others than elementwise operators use, and where they would
 * become too large. */
static void
find_roots (TgRegions *self,
            GPtrArray *outputs)
{
  for (guint i = 0; i < outputs->len; i++)
    g_hash_table_add (self->roots, outputs->pdata[i]);

  for (guint i = 0; i < self->order->len; i++)
    {
      TgVariable *variable = self->order->pdata[i];
      GArray *region = make_region (self, variable, i);

      for (guint k = 0; k < variable->n_inputs; k++)
        {
          TgVariable *input = variable->inputs[k];

          if (region->len > TG_CLUSTER_MAX_ITEMS && tg_regions_goes_through (self, variable, input)
              && get_region (self, input)->len > TG_CLUSTER_MAX_ITEMS / 4)
            {
              cut_input (self, variable, input);
              g_array_unref (region);
              region = make_region (self, variable, i);
            }

          if (!tg_regions_goes_through (self, variable, input))
            g_hash_table_add (self->roots, input);
        }

      g_hash_table_insert (self->regions, variable, region);
    }
}

void
tg_regions_init (TgRegions  *self,
                 GPtrArray  *order,
                 GPtrArray  *outputs,
                 GHashTable *stops)
{
  *self = (TgRegions) { .order = order, .stops = stops };
  self->regions = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_array_unref);
  self->roots = g_hash_table_new (NULL, NULL);
  self->cuts = g_hash_table_new (NULL, NULL);
  self->conditions = g_hash_table_new (NULL, NULL);
  find_conditions (self);
  find_roots (self, outputs);
}

void
tg_regions_clear (TgRegions *self)
{
  g_hash_table_unref (self->regions);
  g_hash_table_unref (self->roots);
  g_hash_table_unref (self->cuts);
  g_hash_table_unref (self->conditions);
}
