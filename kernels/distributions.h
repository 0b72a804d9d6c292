/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Numbers of one distribution each, from a sequence of uniform ones that is as
 * long as it takes, within a bound: nothing here can run for ever.
 *
 * Each sampler takes what is drawn from and an array of parameters, which are
 * valid or nan. Where the bound is met, with a probability below 1e-70, the
 * result is the mode or the mean of the distribution, as each says.
 */

/*
 * A sequence of blocks for one element. The number of a block goes into the top
 * byte of the counter's last word, so the first is the block of the counter.
 */
typedef struct
{
  uint32_t key[2];
  uint32_t counter[4];
  uint32_t block;
} TgkDraws;

#define TGK_N_BLOCKS 256u

static inline bool
tgk_draw_words (TgkDraws *self, uint32_t words[4])
{
  uint32_t counter[4] = { self->counter[0], self->counter[1], self->counter[2],
                          self->counter[3] ^ self->block << 24 };

  if (self->block == TGK_N_BLOCKS)
    return false;

  tgk_philox4x32_10 (counter, self->key, words);
  self->block++;

  return true;
}

/* Two uniform numbers in [0, 1), of a block. */
static inline bool
tgk_draw_pair (TgkDraws *self, double pair[2])
{
  uint32_t words[4];

  if (!tgk_draw_words (self, words))
    return false;

  pair[0] = tgk_uniform_f64 (words[0], words[1]);
  pair[1] = tgk_uniform_f64 (words[2], words[3]);

  return true;
}

/* Two normal numbers, of a block. */
static inline bool
tgk_draw_normals (TgkDraws *self, double pair[2])
{
  if (!tgk_draw_pair (self, pair))
    return false;

  tgk_normal_pair_f64 (pair[0], pair[1], &pair[0], &pair[1]);

  return true;
}

/*
 * A number below n, or any of 64 bits where n is 0: the upper half of a product, each as likely as
 * the others once some products are dropped (D. Lemire, Fast random integer generation in an
 * interval, ACM TOMACS 29, 2019). At the bound it is the last product, whatever that is.
 */
static inline uint64_t
tgk_draw_below (TgkDraws *self, uint64_t n)
{
  uint64_t dropped = n > 0 ? (0 - n) % n : 0;
  uint64_t word = 0;
  uint32_t words[4];

  while (tgk_draw_words (self, words))
    {
      for (int i = 0; i < 4; i += 2)
        {
          word = (uint64_t) words[i] << 32 | words[i + 1];
          if (n == 0)
            return word;
          if (word * n >= dropped)
            return tgk_multiply_high (word, n);
        }
    }

  return tgk_multiply_high (word, n);
}

/*
 * A gamma number of shape a >= 1: the cube of a normal one, shifted, with rejection (G. Marsaglia
 * and W. W. Tsang, A simple method for generating gamma variables, ACM TOMS 26, 2000). One in 20 is
 * rejected at most. The logarithm of the ratio of densities is written in what differs from 1, so
 * that it is also right for large a. The mean at the bound.
 */
static inline double
tgk_draw_gamma (TgkDraws *self, double a)
{
  double d = a - 1.0 / 3.0;
  double c = 1.0 / sqrt (9.0 * d);
  double normals[2], uniforms[2];

  while (tgk_draw_normals (self, normals) && tgk_draw_pair (self, uniforms))
    {
      for (int i = 0; i < 2; i++)
        {
          double x = normals[i];
          double t = c * x;
          double e = t * (3.0 + t * (3.0 + t));
          double u = 1.0 - uniforms[i];

          if (t <= -1.0)
            continue;
          if (u < 1.0 - 0.0331 * (x * x) * (x * x)
              || tgk_log_f64 (u) < 0.5 * x * x + d * (tgk_log1p_f64 (e) - e))
            return d * (1.0 + e);
        }
    }

  return a;
}

/*
 * The logarithm of a gamma number of shape a, its only parameter. Below 1, it is that of a number
 * of shape a + 1 times a uniform one to the power of 1 / a.
 */
static inline double
tgk_random_log_gamma (TgkDraws *draws, const double *parameters)
{
  double a = parameters[0];
  double pair[2] = { 0.0, 0.0 };

  if (!(a > 0) || a > 0x1p1000)
    return tgk_log_f64 (a);
  if (a >= 1.0)
    return tgk_log_f64 (tgk_draw_gamma (draws, a));

  tgk_draw_pair (draws, pair);

  return tgk_log_f64 (tgk_draw_gamma (draws, a + 1.0)) + tgk_log1p_f64 (-pair[0]) / a;
}

/* Likewise the number itself. */
static inline double
tgk_random_gamma (TgkDraws *draws, const double *parameters)
{
  double a = parameters[0];
  double pair[2] = { 0.0, 0.0 };

  if (!(a > 0) || a > 0x1p1000)
    return a;
  if (a >= 1.0)
    return tgk_draw_gamma (draws, a);

  tgk_draw_pair (draws, pair);

  return tgk_draw_gamma (draws, a + 1.0) * tgk_exp_f64 (tgk_log1p_f64 (-pair[0]) / a);
}

/* What Stirling's formula lacks of log (n!), for whole n > 0. */
static inline double
tgk_stirling_rest (double n)
{
  double factorial = 1.0;
  double r = 1.0 / (n * n);

  if (n >= 16.0)
    return (1.0 / 12.0 - r * (1.0 / 360.0 - r * (1.0 / 1260.0 - r * (1.0 / 1680.0
            - r / 1188.0)))) / n;

  for (double i = 2.0; i <= n; i++)
    factorial *= i;

  return tgk_log_f64 (factorial) - (n + 0.5) * tgk_log_f64 (n) + n - 0x1.d67f1c864beb4p-1;
}

/*
 * k log (k / mean) + mean - k, without cancellation where the two are close (C. Loader, Fast and
 * accurate computation of binomial probabilities, 2000).
 */
static inline double
tgk_deviance (double k, double mean)
{
  double difference = k - mean;
  double v = difference / (k + mean);
  double term = 2.0 * k * v;
  double sum = difference * v;

  if (!(fabs (v) < 0.1))
    return k * tgk_log_f64 (k / mean) - difference;

  for (int i = 3; i < 40; i += 2)
    {
      term *= v * v;
      sum += term / i;
    }

  return sum;
}

/* The logarithm of the probability of k, for whole k >= 0. */
static inline double
tgk_log_poisson (double k, double mean)
{
  if (k <= 0.0)
    return -mean;

  return -tgk_stirling_rest (k) - tgk_deviance (k, mean)
         - 0.5 * tgk_log_f64 (0x1.921fb54442d18p+2 * k);
}

/* Likewise of k successes in n trials, for 0 < p < 1. */
static inline double
tgk_log_binomial (double k, double n, double p)
{
  double rest = n - k;

  if (k <= 0.0)
    return n * tgk_log1p_f64 (-p);
  if (rest <= 0.0)
    return n * tgk_log_f64 (p);

  return tgk_stirling_rest (n) - tgk_stirling_rest (k) - tgk_stirling_rest (rest)
         - tgk_deviance (k, n * p) - tgk_deviance (rest, n * (1.0 - p))
         - 0.5 * tgk_log_f64 (0x1.921fb54442d18p+2 * k * (rest / n));
}

/*
 * A Poisson number; the parameter is the mean. Small means add probabilities up to a uniform number
 * (the bound is where those that are left round to nothing), others transform one and reject
 * (W. Hoermann, The transformed rejection method for generating Poisson random variables,
 * Insurance: Mathematics and Economics 12, 1993: PTRS). The mean at the bound.
 */
static inline double
tgk_random_poisson (TgkDraws *draws, const double *parameters)
{
  double mean = parameters[0];
  double b = 0.931 + 2.53 * sqrt (mean);
  double a = -0.059 + 0.02483 * b;
  double scale = 1.1239 + 1.1328 / (b - 3.4);
  double squeeze = 0.9277 - 3.6224 / (b - 2.0);
  double pair[2] = { 0.0, 0.0 };

  if (mean < 10.0)
    {
      double probability = tgk_exp_f64 (-mean);
      double k = 0.0;

      tgk_draw_pair (draws, pair);
      while (pair[0] >= probability && (k < mean || probability > 0x1p-60))
        {
          pair[0] -= probability;
          k++;
          probability *= mean / k;
        }

      return k;
    }

  while (tgk_draw_pair (draws, pair))
    {
      double u = pair[0] - 0.5;
      double v = 1.0 - pair[1];
      double edge = 0.5 - fabs (u);
      double k = floor ((2.0 * a / edge + b) * u + mean + 0.43);

      if (edge >= 0.07 && v <= squeeze)
        return k;
      if (k < 0.0 || (edge < 0.013 && v > edge))
        continue;
      if (tgk_log_f64 (v * scale / (a / (edge * edge) + b)) <= tgk_log_poisson (k, mean))
        return k;
    }

  return floor (mean);
}

/* A binomial number for p <= 1/2 and n p < 10, by adding probabilities up to a uniform number. */
static inline double
tgk_draw_few_successes (TgkDraws *self, double n, double p)
{
  double probability = tgk_exp_f64 (n * tgk_log1p_f64 (-p));
  double odds = p / (1.0 - p);
  double k = 0.0;
  double pair[2] = { 0.0, 0.0 };

  tgk_draw_pair (self, pair);
  while (pair[0] >= probability && k < n && (k < n * p || probability > 0x1p-60))
    {
      pair[0] -= probability;
      k++;
      probability *= odds * ((n - k + 1.0) / k);
    }

  return k;
}

/*
 * Likewise for n p >= 10, by transformed rejection (W. Hoermann, The generation of binomial random
 * variates, Journal of Statistical Computation and Simulation 46, 1993: BTRS). The mode at the
 * bound.
 */
static inline double
tgk_draw_many_successes (TgkDraws *self, double n, double p)
{
  double deviation = sqrt (n * p * (1.0 - p));
  double b = 1.15 + 2.53 * deviation;
  double a = -0.0873 + 0.0248 * b + 0.01 * p;
  double squeeze = 0.92 - 4.2 / b;
  double scale = (2.83 + 5.1 / b) * deviation;
  double mode = floor ((n + 1.0) * p);
  double at_mode = tgk_log_binomial (mode, n, p);
  double pair[2] = { 0.0, 0.0 };

  while (tgk_draw_pair (self, pair))
    {
      double u = pair[0] - 0.5;
      double v = 1.0 - pair[1];
      double edge = 0.5 - fabs (u);
      double k = floor ((2.0 * a / edge + b) * u + n * p + 0.5);

      if (edge >= 0.07 && v <= squeeze)
        return k;
      if (k < 0.0 || k > n)
        continue;
      if (tgk_log_f64 (v * scale / (a / (edge * edge) + b)) <= tgk_log_binomial (k, n, p) - at_mode)
        return k;
    }

  return mode;
}

/* A binomial number; the parameters are the number of trials and the probability of success. */
static inline double
tgk_random_binomial (TgkDraws *draws, const double *parameters)
{
  double n = parameters[0], p = parameters[1];
  double rare = p <= 0.5 ? p : 1.0 - p;
  double k;

  if (n <= 0.0 || rare <= 0.0)
    k = 0.0;
  else if (n * rare < 10.0)
    k = tgk_draw_few_successes (draws, n, rare);
  else
    k = tgk_draw_many_successes (draws, n, rare);

  return p <= 0.5 ? k : n - k;
}

/*
 * A normal number between 0 <= low < high: from the exponential distribution cut off likewise,
 * whose rate is the one-sided optimum (C. P. Robert, Simulation of truncated normal variables,
 * Statistics and Computing 5, 1995). The lower end at the bound.
 */
static inline double
tgk_draw_normal_beyond (TgkDraws *self, double low, double high)
{
  double rate = low < 0x1p100 ? 0.5 * (low + sqrt (low * low + 4.0)) : low;
  double best = rate < high ? rate : high;
  double cut = tgk_expm1_f64 (-rate * (high - low));
  double pair[2] = { 0.0, 0.0 };

  while (tgk_draw_pair (self, pair))
    {
      double x = low - tgk_log1p_f64 (pair[0] * cut) / rate;

      if (pair[1] < tgk_exp_f64 (-0.5 * (x - best) * ((x - rate) + (best - rate))))
        return x < high ? x : high;
    }

  return low;
}

/* Likewise for low < 0 < high: a narrow part of a uniform number, a wide part of a normal one. Zero
 * at the bound. */
static inline double
tgk_draw_normal_around (TgkDraws *self, double low, double high)
{
  bool is_narrow = high - low < 2.0;
  double pair[2] = { 0.0, 0.0 };

  while (is_narrow ? tgk_draw_pair (self, pair) : tgk_draw_normals (self, pair))
    {
      double x = low + (high - low) * pair[0];

      if (is_narrow && pair[1] < tgk_exp_f64 (-0.5 * x * x))
        return x;
      if (!is_narrow && low <= pair[0] && pair[0] <= high)
        return pair[0];
      if (!is_narrow && low <= pair[1] && pair[1] <= high)
        return pair[1];
    }

  return 0.0;
}

/* A normal number between two others, which are the parameters. At least 47 of 100 are accepted. */
static inline double
tgk_random_truncated_normal (TgkDraws *draws, const double *parameters)
{
  double low = parameters[0], high = parameters[1];

  if (!(low < high))
    return low + (high - low);
  if (low >= 0.0)
    return tgk_draw_normal_beyond (draws, low, high);
  if (high <= 0.0)
    return -tgk_draw_normal_beyond (draws, -high, -low);

  return tgk_draw_normal_around (draws, low, high);
}
