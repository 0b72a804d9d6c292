/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * How a quantile of a distribution moves with a parameter: so does a number that was drawn, by
 * whatever method, at its place among all others (M. Figurnov, S. Mohamed, A. Mnih, Implicit
 * reparameterization gradients, NeurIPS 2018). With the distribution function F and the density f
 * it is -(dF / da) / f. Both integrals below have integrands of one sign, so nothing cancels.
 */

typedef double (* TgkIntegrand) (double v, const double *parameters);

/* The integral from 0 to `end`, by Gauss and Legendre's rule with 32 points. */
static inline double
tgk_integrate (TgkIntegrand function, const double *parameters, double end)
{
  static const double rule[16][2] = {
    { 0x1.8bbc8488cc498p-5, 0x1.8b6d9eaec77aep-4 },
    { 0x1.27e0ea717f237p-3, 0x1.87bc776f8c6d5p-4 },
    { 0x1.ea0f7e19c094bp-3, 0x1.8062fc0f6fef9p-4 },
    { 0x1.53d55ce57bdf6p-2, 0x1.7572bdb3f6e4fp-4 },
    { 0x1.af76b57c6f8f1p-2, 0x1.6705e18e13ed8p-4 },
    { 0x1.038862866b29dp-1, 0x1.553ee25ebebcdp-4 },
    { 0x1.2ce9146962ca4p-1, 0x1.40483e126fd14p-4 },
    { 0x1.537a89c487f8ap-1, 0x1.2854103b35e08p-4 },
    { 0x1.76e0931d693bap-1, 0x1.0d9b9a62cac09p-4 },
    { 0x1.96c69481c4bc5p-1, 0x1.e0bd76c924998p-5 },
    { 0x1.b2e04fd686a13p-1, 0x1.a1c6ae961fc04p-5 },
    { 0x1.caea9b4574cbap-1, 0x1.5ee963a335470p-5 },
    { 0x1.deac0259f7f42p-1, 0x1.18c5800a355f5p-5 },
    { 0x1.edf5518053baap-1, 0x1.a0060a8532064p-6 },
    { 0x1.f8a212714bcdcp-1, 0x1.0aa3c2486971ep-6 },
    { 0x1.fe995e70409b6p-1, 0x1.cbf8bc743c8c4p-8 },
  };
  double half = 0.5 * end;
  double sum = 0.0;

  for (int i = 0; i < 16; i++)
    sum += rule[i][1] * (function (half - half * rule[i][0], parameters)
                         + function (half + half * rule[i][0], parameters));

  return half * sum;
}

/* The density of the gamma distribution, in the logarithm, next to that at x: v away, down where
 * the parameters end in -1 and up where in 1. They are a, x and digamma (a) - log (x) first. */
static inline double
tgk_gamma_integrand (double v, const double *parameters)
{
  double a = parameters[0], x = parameters[1], sign = parameters[3];

  return tgk_exp_f64 (sign * a * v - x * tgk_expm1_f64 (sign * v)) * (v - sign * parameters[2]);
}

/* Where the density has fallen by more than e^-40: beyond it all is less than rounding. */
static inline double
tgk_gamma_end (double a, double x, double sign)
{
  double end = 1.0 / (1.0 + a + x);
  double start = 0.0;

  while (x * tgk_expm1_f64 (sign * end) - sign * a * end < 40.0)
    {
      start = end;
      end *= 2.0;
    }

  for (int i = 0; i < 8; i++)
    {
      double middle = 0.5 * (start + end);

      if (x * tgk_expm1_f64 (sign * middle) - sign * a * middle < 40.0)
        start = middle;
      else
        end = middle;
    }

  return end;
}

/* The series of the distribution function, each term times its own derivative; for x that are not
 * above the mean by much. */
static inline double
tgk_gamma_slope_series (double a, double log_x)
{
  double x = tgk_exp_f64 (log_x);
  double difference = tgk_digamma_f64 (a + 1.0) - log_x;
  double factor = 1.0 / a;
  double sum = factor * difference;

  for (double n = a + 1.0; n < a + 1000.0; n++)
    {
      factor *= x / n;
      difference += 1.0 / n;
      if (!(factor * difference > 0x1p-56 * sum))
        break;
      sum += factor * difference;
    }

  return sum;
}

/*
 * The derivative of log (x) with respect to a, where x is a fixed quantile of the gamma
 * distribution of shape a; 0 where x is 0 or infinite, so that x times this is what it tends to.
 * Where a is so large that the distribution is a normal one, it is that of a + z sqrt (a).
 */
static inline double
tgk_gamma_quantile_slope_f64 (double a, double log_x)
{
  double x = tgk_exp_f64 (log_x);
  double above, digamma, sign;

  if (!(a > 0.0) || log_x != log_x)
    return NAN;
  if (isinf (log_x) || x > 0x1p1000)
    return 0.0;
  if (a > 1e9)
    return (0.5 + 0.5 * x / a) / x;

  above = tgk_digamma_f64 (a + 1.0);
  digamma = above - 1.0 / a;
  sign = log_x > (a < 100.0 ? above : digamma) ? 1.0 : -1.0;
  if (sign < 0.0 && a < 100.0)
    return tgk_gamma_slope_series (a, log_x);

  return tgk_integrate (tgk_gamma_integrand, (double[]) { a, x, digamma - log_x, sign },
                        tgk_gamma_end (a, x, sign));
}

/* The density of the normal distribution next to that at the parameter, v above it. */
static inline double
tgk_normal_integrand (double v, const double *parameters)
{
  return tgk_exp_f64 (-v * (parameters[0] + 0.5 * v));
}

/* The probability between low and high over the density at low, for 0 <= low. */
static inline double
tgk_normal_mass_beyond (double low, double high)
{
  double end = low < 0x1p100 ? 80.0 / (low + sqrt (low * low + 80.0)) : 40.0 / low;

  return tgk_integrate (tgk_normal_integrand, &low, high - low < end ? high - low : end);
}

/* Likewise over the density at 0, for low <= 0 <= high. */
static inline double
tgk_normal_mass_around (double low, double high)
{
  return 0x1.40d931ff62705p+0 * (tgk_erf_f64 (0x1.6a09e667f3bcdp-1 * high)
                                 - tgk_erf_f64 (0x1.6a09e667f3bcdp-1 * low));
}

/*
 * The derivative of x with respect to low, where x is a fixed quantile of the normal distribution
 * between low and high. (With respect to high it is that for -x between -high and -low.)
 */
static inline double
tgk_truncated_normal_quantile_slope_f64 (double x, double low, double high)
{
  double ratio = tgk_exp_f64 (0.5 * (x - low) * (x + low));
  double all;

  if (!(low <= x && x <= high && low < high))
    return NAN;
  if (isinf (low))
    return 0.0;
  if (high - low < 0x1p-1000)
    return (high - x) / (high - low);
  if (low >= 0.0)
    return tgk_normal_mass_beyond (x, high) / tgk_normal_mass_beyond (low, high);
  if (high <= 0.0)
    return ratio * tgk_normal_mass_beyond (-high, -x) / tgk_normal_mass_beyond (-high, -low);

  all = tgk_normal_mass_around (low, high);
  if (x >= 0.0)
    return tgk_exp_f64 (-0.5 * low * low) * tgk_normal_mass_beyond (x, high) / all;

  return ratio * tgk_normal_mass_around (x, high) / all;
}
