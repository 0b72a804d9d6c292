# SPDX-License-Identifier: LGPL-2.1-or-later
"""Random variables: their distributions against scipy, states, gradients, extremes and mistakes."""

import hashlib

import gi

gi.require_version('Tg', '1')

import numpy as np
import pytest
import scipy.special
import scipy.stats
from gi.repository import GLib, Tg

N = 100000

# Seeds are fixed, so a p-value this small is no accident that comes and goes.
LEAST = 1e-4


def draw(variable):
    """The value of a draw of a random variable."""
    return Tg.function([], variable)()


def check_continuous(numbers, cdf):
    assert scipy.stats.kstest(numbers.ravel(), cdf).pvalue > LEAST


def check_discrete(numbers, distribution):
    """A chi-square test in cells of about as many numbers each; small ones are put together."""
    ends = np.unique(distribution.ppf(np.linspace(0, 1, 42)[1:-1]))
    cells = np.diff(np.concatenate([[0], distribution.cdf(ends), [1]]))
    counts = np.bincount(np.searchsorted(ends, numbers.ravel()), minlength=len(cells))
    large = cells * numbers.size > 10
    cells = np.append(cells[large], cells[~large].sum())
    counts = np.append(counts[large], counts[~large].sum())
    assert np.all(counts[cells * numbers.size < 1e-9] == 0)
    counts, cells = counts[cells > 1e-14], cells[cells > 1e-14]
    if len(cells) > 1:
        expected = cells / cells.sum() * numbers.size
        assert scipy.stats.chisquare(counts, expected).pvalue > LEAST


# Numbers

@pytest.mark.parametrize('backend', ['cpu', 'reference'])
@pytest.mark.parametrize('name, dtype, digest', [
    ('random_uniform', 'float16', 'ddead3cf5f0e049c'),
    ('random_uniform', 'bfloat16', '3932aa8181c56042'),
    ('random_uniform', 'float32', 'ac551ef31670eddf'),
    ('random_uniform', 'float64', 'a1ecb428a53d83af'),
    ('random_normal', 'float16', 'b03110605bc89cc2'),
    ('random_normal', 'bfloat16', 'd3070e7c83210dc5'),
    ('random_normal', 'float32', 'a315ecc1f76ecac7'),
    ('random_normal', 'float64', '107cf938abc98d37'),
])
def test_the_numbers_of_a_state_stay_the_same(name, dtype, digest, backend):
    states = [5, 0, 0], [2**40 + 7, 3, 2**33 + 1], [-1, 2**32 - 1, 2**56 - 1]
    draws = [getattr(Tg, name)(np.array(state), shape, dtype)
             for state in states for shape in ((), (3, 5), (1023,), (70_001,))]
    numbers = Tg.function([], draws, mode=backend)()
    drawn = b''.join(np.asarray(each).tobytes() for each in numbers)
    assert hashlib.sha256(drawn).hexdigest()[:16] == digest


# Distributions

CONTINUOUS = {
    'uniform': (lambda s, n, low, high: s.uniform(n, low, high),
                lambda low, high: scipy.stats.uniform(low, high - low),
                [(0., 1.), (-3., 5.), (1e6, 2e6), (-1e-3, 0.)]),
    'normal': (lambda s, n, avg, std: s.normal(n, avg, std), scipy.stats.norm,
               [(0., 1.), (-5., 0.25), (1e3, 1e3)]),
    'truncated_normal': (
        lambda s, n, low, high: s.truncated_normal(n, 0., 1., low, high), scipy.stats.truncnorm,
        [(-2., 2.), (-1., 0.99), (0., 0.5), (0., 2.5), (0., np.inf), (-np.inf, 1.), (-0.1, np.inf),
         (3., np.inf), (3., 3.1), (8., 9.), (-9., -8.), (30., np.inf)]),
    'exponential': (lambda s, n, scale: s.exponential(n, scale),
                    lambda scale: scipy.stats.expon(0, scale), [(1.,), (1e-5,), (300.,)]),
    'gamma': (lambda s, n, a, scale: s.gamma(n, a, scale),
              lambda a, scale: scipy.stats.gamma(a, 0, scale),
              [(0.1, 1.), (0.5, 2.), (0.999, 1.), (1., 1.), (1.5, 0.1), (4., 3.), (100., 1.),
               (1e7, 1.), (1e13, 1e-6)]),
    'beta': (lambda s, n, a, b: s.beta(n, a, b), scipy.stats.beta,
             [(1., 1.), (0.5, 0.5), (0.1, 2.), (2., 5.), (1e3, 2e3), (30., 0.4)]),
    'chisquare': (lambda s, n, df: s.chisquare(n, df), scipy.stats.chi2,
                  [(1.,), (0.5,), (2.,), (7.5,), (1e4,)]),
}

DISCRETE = {
    'bernoulli': (lambda s, n, p: s.bernoulli(n, p), scipy.stats.bernoulli,
                  [(0.5,), (0.01,), (0.999,)]),
    'binomial': (lambda s, n, trials, p: s.binomial(n, trials, p), scipy.stats.binom,
                 [(1, 0.3), (5, 0.5), (10, 0.9), (19, 0.5), (20, 0.5), (21, 0.5), (1000, 0.009),
                  (1000, 0.011), (100, 0.97), (12345, 0.3), (10**7, 1e-7), (10**9, 0.4)]),
    'poisson': (lambda s, n, lam: s.poisson(n, lam), scipy.stats.poisson,
                [(0.01,), (1.,), (5.5,), (9.99,), (10.,), (13.,), (40.,), (1e3,), (1e6,), (1e9,)]),
    'integers': (lambda s, n, low, high: s.integers(low, high, n), scipy.stats.randint,
                 [(0, 2), (-5, 5), (0, 7), (-100, 155), (10, 11)]),
    'random_integers': (lambda s, n, low, high: s.random_integers(n, low, high),
                        lambda low, high: scipy.stats.randint(low, high + 1),
                        [(1, 6), (-1, 1), (3, 3)]),
    'categorical': (lambda s, n, p: s.categorical(n, p),
                    lambda p: scipy.stats.rv_discrete(values=(range(len(p)), p)),
                    [((0.5, 0.5),), ((0.1, 0.2, 0.3, 0.4),), ((0.125, 0., 0.875, 0.),),
                     ((0., 0., 1.),), ((1.,),)]),
    'choice': (lambda s, n, a: s.choice(n, a), lambda a: scipy.stats.randint(0, a), [(2,), (13,)]),
}


def cases(table):
    return [(name, parameters) for name, row in table.items() for parameters in row[2]]


@pytest.mark.parametrize('name, parameters', cases(CONTINUOUS))
def test_continuous_distributions(name, parameters):
    make, distribution, _ = CONTINUOUS[name]
    numbers = draw(make(Tg.RandomStreams(42), N, *parameters))
    expected = distribution(*parameters)

    check_continuous(numbers, expected.cdf)
    # Within five standard errors.
    assert abs(numbers.mean() - expected.mean()) < 5 * expected.std() / N**0.5
    spread = ((expected.stats('k') + 2) / N)**0.5
    assert abs(numbers.var() / expected.var() - 1) < 5 * spread + 1e-9


@pytest.mark.filterwarnings('ignore:divide by zero')
@pytest.mark.parametrize('name, parameters', cases(DISCRETE))
def test_discrete_distributions(name, parameters):
    make, distribution, _ = DISCRETE[name]
    numbers = draw(make(Tg.RandomStreams(43), N, *parameters))
    expected = distribution(*parameters)

    assert numbers.dtype == np.int64 and numbers.shape == (N,)
    check_discrete(numbers, expected)
    assert abs(numbers.mean() - expected.mean()) <= 5 * expected.std() / N**0.5
    if expected.var() > 0:
        spread = ((expected.stats(moments='k') + 2) / N)**0.5
        assert abs(numbers.var() / expected.var() - 1) < 5 * spread + 25 / N


@pytest.mark.parametrize('name', CONTINUOUS)
def test_float32(name):
    make, distribution, rows = CONTINUOUS[name]
    streams = Tg.RandomStreams(44)
    parameters = rows[1]
    arguments = {'dtype': 'float32', 'size': N}
    names = {'gamma': ('shape', 'scale'), 'beta': ('a', 'b'), 'chisquare': ('df',),
             'exponential': ('scale',), 'normal': ('avg', 'std')}.get(name, ('low', 'high'))

    variable = getattr(streams, name)(**dict(zip(names, parameters)), **arguments)
    vector = getattr(streams, name)(**dict(zip(names, map(np.array, parameters))), **arguments)

    assert variable.dtype == vector.dtype == 'float32'
    check_continuous(draw(variable).astype('float64'), distribution(*parameters).cdf)
    check_continuous(draw(vector).astype('float64'), distribution(*parameters).cdf)


@pytest.mark.parametrize('a', [1e-300, 1e-3, 0.05, 0.7, 1., 20., 1e9])
def test_logarithms_of_gamma_numbers(a):
    numbers = draw(Tg.random_log_gamma([1, 2, 3], N, a))

    def cdf(x):
        # Far down the distribution function is a power; there the number itself is 0.
        return np.where(x < -600, np.exp(np.minimum(a * x - scipy.special.gammaln(a + 1), 0)),
                        scipy.special.gammainc(a, np.exp(np.maximum(x, -600))))

    assert np.isfinite(numbers).all()
    check_continuous(numbers, cdf)


def test_beta_numbers_of_small_shapes():
    """Where gamma numbers would all be 0, a beta number is almost surely at an end."""
    numbers = draw(Tg.RandomStreams(3).beta(N, 1e-5, 3e-5))

    assert np.isfinite(numbers).all()
    assert abs((numbers > 0.5).mean() - 0.25) < 0.01


def test_counts_of_a_multinomial_distribution():
    p = np.array([0.2, 0., 0.35, 0.45])
    numbers = draw(Tg.RandomStreams(5).multinomial(N, 20, p))

    assert numbers.shape == (N, 4) and numbers.dtype == np.int64
    assert (numbers.sum(1) == 20).all() and (numbers >= 0).all()
    for i, chance in enumerate(p):
        check_discrete(numbers[:, i], scipy.stats.binom(20, chance))
    covariance = 20 * (np.diag(p) - np.outer(p, p))
    np.testing.assert_allclose(np.cov(numbers.T), covariance, atol=0.06)


def test_many_trials_of_a_multinomial_distribution():
    p = np.full(1000, 1e-3)
    numbers = draw(Tg.RandomStreams(6).multinomial(None, 10**12, p))

    assert numbers.sum() == 10**12
    assert scipy.stats.chisquare(numbers).pvalue > LEAST


def test_orders_are_all_as_likely():
    orders = draw(Tg.RandomStreams(7).permutation(N, 4))
    choose = Tg.function([], Tg.RandomStreams(8).choice(4, 4, False))
    choices = np.array([choose() for _ in range(5000)])

    for rows in (orders, choices):
        assert (np.sort(rows, 1) == np.arange(4)).all()
        counts = np.unique(rows @ [64, 16, 4, 1], return_counts=True)[1]
        assert len(counts) == 24 and scipy.stats.chisquare(counts).pvalue > LEAST


def test_choices_without_replacement():
    """Two of three: the probability of a pair is p_i p_j / (1 - p_i)."""
    p = np.array([0.5, 0.3, 0., 0.2])
    choice = Tg.RandomStreams(9).choice(2, 4, False, p)
    function = Tg.function([], choice)
    pairs = np.array([function() for _ in range(20000)])

    assert (pairs[:, 0] != pairs[:, 1]).all() and (pairs != 2).all()
    for i in (0, 1, 3):
        for j in {0, 1, 3} - {i}:
            expected = p[i] * p[j] / (1 - p[i])
            found = ((pairs[:, 0] == i) & (pairs[:, 1] == j)).mean()
            assert abs(found - expected) < 0.015


def test_choices_from_arrays():
    streams = Tg.RandomStreams(9)
    x = np.array([[1., 2.], [3., 4.], [5., 6.]])
    v = Tg.dvector('v')

    rows = draw(streams.choice(2000, x, p=[0.5, 0., 0.5]))
    assert rows.shape == (2000, 2) and {tuple(row) for row in rows} == {(1, 2), (5, 6)}
    assert sorted(draw(streams.choice(3, x[:, 0], False))) == [1, 3, 5]
    variable = streams.choice((2, 2), v)
    assert variable.dtype == 'float64' and variable.rng.get_value().tolist() == [9, 2, 0]
    function = Tg.function([v], [variable, Tg.grad(variable.sum(), v)])
    chosen, gradient = function([1, 10, 100])
    assert (gradient @ [1, 10, 100] == chosen.sum()) and gradient.sum() == 4


def test_shuffles():
    streams = Tg.RandomStreams(10)
    x = np.arange(24.).reshape(2, 3, 4)

    rows = draw(streams.shuffle_row_elements(x))
    assert (np.sort(rows, -1) == x).all() and (rows != x).any()
    assert len({tuple(np.argsort(row)) for row in rows.reshape(-1, 4)}) > 1
    together = draw(streams.shuffle(x, 2))
    assert (np.sort(together, -1) == x).all()
    assert len({tuple(np.argsort(row)) for row in together.reshape(-1, 4)}) == 1
    order = draw(streams.shuffle(np.arange(10**5)))
    assert (np.sort(order) == np.arange(10**5)).all()
    assert abs(np.corrcoef(order[:-1], order[1:])[0, 1]) < 0.02

    for axis, single in ((0, True), (1, False), (-1, True)):
        shuffled = Tg.random_shuffle([1, 2, 3], x, axis, single)
        assert (draw(Tg.random_unshuffle([1, 2, 3], shuffled, axis, single)) == x).all()
        Tg.verify_grad(lambda x: Tg.square(Tg.random_shuffle([1, 2, 3], x, axis, single)), [x])
        Tg.verify_grad(lambda x: Tg.square(Tg.random_unshuffle([1, 2, 3], x, axis, single)), [x])


def test_integers_of_all_bits():
    numbers = draw(Tg.RandomStreams(11).random_integers(N, -2**63, 2**63 - 1))
    check_continuous(numbers / 2.0**64 + 0.5, 'uniform')
    for bit in (0, 31, 32, 62, 63):
        assert abs((numbers >> bit & 1).mean() - 0.5) < 0.01

    # No remainder of a division is favoured: of 3 * 2^61 numbers each third has as many.
    wide = draw(Tg.RandomStreams(12).integers(0, 3 * 2**61, N))
    assert scipy.stats.chisquare(np.bincount(wide // 2**61)).pvalue > LEAST


# Independence

def test_draws_are_independent():
    streams = Tg.RandomStreams(13)
    a, b = streams.gamma(N, 0.7), streams.gamma(N, 0.7)
    function = Tg.function([], [a, b, a - a])

    first, second = function(), function()

    assert (first[2] == 0).all()
    pairs = [(first[0], first[1]), (first[0], second[0]), (first[0][1:], first[0][:-1]),
             (first[0], draw(Tg.RandomStreams(14).gamma(N, 0.7)))]
    for x, y in pairs:
        assert not np.array_equal(x, y)
        assert abs(scipy.stats.spearmanr(x, y)[0]) < 5 / N**0.5
        # Also in the corners, which correlation may not see.
        assert abs(((x < 0.1) & (y < 0.1)).mean() - (x < 0.1).mean() * (y < 0.1).mean()) < 0.005


def test_both_parts_of_a_beta_number_are_independent_of_the_next_draw():
    function = Tg.function([], Tg.RandomStreams(15).beta(N, 2., 2.))
    draws = [function() for _ in range(3)]

    for i in range(2):
        assert abs(np.corrcoef(draws[i], draws[i + 1])[0, 1]) < 5 / N**0.5


@pytest.mark.parametrize('make', [
    lambda a: Tg.random_gamma([1, 2, 3], a.shape, a),
    lambda a: Tg.random_poisson([1, 2, 3], a.shape, a * 10),
    lambda a: Tg.random_binomial([1, 2, 3], a.shape, 100, 1 / (1 + a)),
    lambda a: Tg.random_truncated_normal([1, 2, 3], a.shape, -a, a),
])
def test_a_number_depends_on_its_own_parameters_alone(make):
    a = np.linspace(0.1, 5, 1000)
    changed = np.where(np.arange(1000) % 3 == 0, a, a[::-1])
    first, second, short = draw(make(Tg.constant(a))), draw(make(Tg.constant(changed))), draw(
        make(Tg.constant(a[:500])))

    assert (first[::3] == second[::3]).all()
    assert (first[:500] == short).all()


# Shapes and dtypes

def test_sizes():
    streams = Tg.RandomStreams(16)
    n, v = Tg.lscalar('n'), Tg.dvector('v')
    m = Tg.dmatrix('m')
    sizes = Tg.lvector('sizes')

    assert streams.gamma().eval().shape == ()
    assert streams.gamma(shape=[1., 2.], scale=[[1.], [2.], [3.]]).eval().shape == (3, 2)
    assert streams.normal(avg=v, std=m).eval({v: [1, 2, 3], m: np.ones((2, 1))}).shape == (2, 3)
    assert streams.poisson((n, 2), 3.).eval({n: 4}).shape == (4, 2)
    assert streams.binomial((n, 2), [5, 6], 0.5).eval({n: 4}).shape == (4, 2)
    assert streams.categorical(None, np.full((3, 2), 0.5)).eval().shape == (3,)
    assert streams.categorical((5, n), np.full((3, 2), 0.5)).eval({n: 3}).shape == (5, 3)
    assert streams.multinomial(None, [4, 5], [0.5, 0.5]).eval().shape == (2, 2)
    assert streams.multinomial((n,), 4, [0.5, 0.5]).eval({n: 3}).shape == (3, 2)
    assert streams.permutation((n, 2), 5).eval({n: 3}).shape == (3, 2, 5)
    assert streams.permutation(n=n).eval({n: 3}).shape == (3,)
    assert streams.integers(n).eval({n: 3}).shape == ()
    assert streams.choice((2, n), 9, False).eval({n: 3}).shape == (2, 3)
    assert streams.uniform(Tg.stack([n, n + 1])).eval({n: 3}).shape == (3, 4)
    assert streams.uniform((0, 3)).eval().shape == (0, 3)
    assert streams.normal((2, 3), ndim=2).type.shape == (2, 3)
    assert streams.normal(avg=Tg.tensor('float64', (2, 1)), std=[1., 2.]).type.shape == (2, 2)
    with pytest.raises(ValueError, match='size: expected 2 elements, as ndim says, not 1'):
        streams.normal(3, ndim=2)
    with pytest.raises(GLib.Error, match='sizes|known'):
        streams.normal(sizes)


def test_parameters_of_many_shapes():
    """Each number has its own parameters, whatever their layout."""
    rows = np.array([[1.], [100.]])
    columns = np.arange(1., 4)
    numbers = draw(Tg.RandomStreams(17).gamma((N // 10, 2, 3), rows, columns))

    np.testing.assert_allclose(numbers.mean(0), rows * columns, rtol=0.05)


def test_dtypes():
    streams = Tg.RandomStreams(18)

    for dtype in ('bool', 'int8', 'int32', 'int64', 'uint8', 'uint64', 'float16', 'float64'):
        for variable in (streams.bernoulli(9, dtype=dtype),
                         streams.binomial(9, 1, 0.5, dtype=dtype),
                         streams.integers(0, 2, 9, dtype=dtype),
                         streams.categorical(9, dtype=dtype)):
            assert variable.dtype == draw(variable).dtype == dtype
    for dtype in ('int32', 'uint16', 'float16', 'float32'):
        assert draw(streams.poisson(3, 4., dtype=dtype)).dtype == dtype
        assert draw(streams.multinomial(3, 4, dtype=dtype)).dtype == dtype
        assert draw(streams.permutation(3, 4, dtype=dtype)).dtype == dtype
        assert draw(streams.choice(3, 4, False, dtype=dtype)).dtype == dtype
    assert draw(streams.shuffle(np.arange(4, dtype='int32'))).dtype == 'int32'
    narrow = draw(streams.uniform(N, dtype='float16'))
    assert narrow.dtype == 'float16' and narrow.min() == 0 and narrow.max() == 1 - 2.0**-11
    bfloat16 = draw(streams.uniform(N, dtype=Tg.DType.BFLOAT16).astype('float64'))
    assert bfloat16.min() == 0 and bfloat16.max() == 1 - 2.0**-8
    half = draw(streams.normal(N, dtype='float16')).astype('float64')
    assert half.std() == pytest.approx(1, abs=0.01)
    top = np.uint64(2**64 - 1)
    large = draw(streams.random_integers(99, np.uint64(2**63), top, dtype='uint64'))
    assert large.dtype == 'uint64' and large.min() >= 2**63 and len(set(large)) == 99
    # A count of trials is not rounded to the dtype of the probability.
    assert draw(streams.binomial(None, 2**24 + 1, np.float32(1))) == 2**24 + 1


# States

def test_states_can_be_read_and_set():
    streams = Tg.RandomStreams(19)
    a, b = streams.normal(5), streams.beta(5, 2., 3.)
    function = Tg.function([], [a, b])

    assert a.rng.get_value().tolist() == [19, 0, 0]
    assert b.rng.get_value().tolist() == [19, 1, 0]
    first = function()
    states = streams.get_states()
    assert states.tolist() == [[19, 0, 1], [19, 1, 2]]
    second = function()
    streams.set_states(states)
    again = function()
    assert all((x == y).all() for x, y in zip(second, again))

    a.rng.set_value([19, 0, 0])
    third = function()
    assert (third[0] == first[0]).all() and (third[1] != first[1]).all()


def test_streams_can_be_seeded():
    streams, others = Tg.RandomStreams(20), Tg.RandomStreams(21)
    function = Tg.function([], [streams.uniform(5), streams.poisson(5, 50.)])
    other = Tg.function([], [others.uniform(5), others.poisson(5, 50.)])
    first, other_first = function(), other()

    assert (first[0] != other_first[0]).all()
    streams.seed(21)
    assert streams.get_seed() == 21
    assert all((x == y).all() for x, y in zip(function(), other_first))
    assert (draw(streams.uniform(5)) == draw(others.uniform(5))).all()
    streams.seed(2**64 - 1)
    large = function()
    assert (large[0] != first[0]).all()
    assert (Tg.RandomStreams(2**64 - 1).uniform(5).eval() == large[0]).all()
    streams.seed()
    assert (function()[0] != large[0]).all()


def test_one_stream_can_be_seeded():
    streams = Tg.RandomStreams(22)
    a, b = streams.uniform(5), streams.uniform(5)
    function = Tg.function([], [a, b])
    first = function()

    assert streams.seed_variable(a, 23)
    second = function()
    assert streams.seed_variable(a, 22)
    third = function()

    assert (second[0] != first[0]).all() and (third[0] == first[0]).all()
    assert b.rng.get_value().tolist() == [22, 1, 3]


def test_states_that_do_not_fit():
    streams = Tg.RandomStreams(24)
    a = streams.uniform(5)

    for states in ([[1, 2]], [1, 2, 3], [[1, 2, 3]] * 2, [[1., 2., 3.]]):
        with pytest.raises(GLib.Error, match='the states of 1 streams are i64.1, 3., not'):
            streams.set_states(states)
    with pytest.raises(GLib.Error, match='not one that these streams made'):
        Tg.RandomStreams(25).seed_variable(a, 3)
    assert Tg.RandomStreams(25).find_state(a) is None
    assert streams.find_state(Tg.dscalar()) is None
    assert a.rng.get_value().tolist() == [24, 0, 0]
    assert Tg.MRG_RandomStreams is Tg.RandomStreams


# Gradients

def quantile_slope(cdf_inverse, a, q):
    """The derivative of a quantile with respect to a parameter, by differences of high order."""
    h = 1e-3 * a
    d = [(cdf_inverse(a + k * h, q) - cdf_inverse(a - k * h, q)) / (2 * k * h) for k in (1, 2, 3)]
    return 1.5 * d[0] - 0.6 * d[1] + 0.1 * d[2]


@pytest.mark.parametrize('a', [0.05, 0.3, 0.9, 1., 2.5, 20., 99., 101., 3e3, 1e6])
def test_slopes_of_gamma_quantiles(a):
    q = np.array([0.01, 0.1, 0.4, 0.6, 0.9, 0.999])
    x = scipy.special.gammaincinv(a, q)
    found = draw(Tg.gamma_quantile_slope(a, np.log(x))) * x

    np.testing.assert_allclose(found, quantile_slope(scipy.special.gammaincinv, a, q), rtol=1e-6)


@pytest.mark.parametrize('low, high', [(-1., 2.), (0.5, 3.), (-3., -0.5), (-4., 0.1), (5., 6.)])
def test_slopes_of_truncated_normal_quantiles(low, high):
    q = np.array([0.01, 0.3, 0.7, 0.99])
    ndtr, ndtri = scipy.special.ndtr, scipy.special.ndtri

    def quantile(low, high):
        if low > 0:
            return -ndtri(ndtr(-low) - q * (ndtr(-low) - ndtr(-high)))
        return ndtri(ndtr(low) + q * (ndtr(high) - ndtr(low)))

    x, h = quantile(low, high), 1e-5
    np.testing.assert_allclose(draw(Tg.truncated_normal_quantile_slope(x, low, high)),
                               (quantile(low + h, high) - quantile(low - h, high)) / (2 * h),
                               rtol=1e-5, atol=1e-9)
    np.testing.assert_allclose(draw(Tg.truncated_normal_quantile_slope(-x, -high, -low)),
                               (quantile(low, high + h) - quantile(low, high - h)) / (2 * h),
                               rtol=1e-5, atol=1e-9)


def test_slopes_far_away():
    slope = Tg.truncated_normal_quantile_slope
    # Far out the truncated normal distribution is exponential: x moves with the lower end.
    assert abs(draw(slope(1e8 + 1e-8, 1e8, np.inf)) - 1) < 1e-7
    assert draw(slope(3., -np.inf, 5.)) == 0 and draw(slope(-50., -50., np.inf)) == 1
    assert draw(slope(1e300, 1e300, np.inf)) == 1
    assert abs(draw(slope(0., -1e-9, 1e-9)) - 0.5) < 1e-12
    assert draw(slope(5e-324, 0., 1e-323)) == 0.5
    assert np.isnan(draw(slope([3., 1.], [0., 2.], [2., 1.]))).all()
    gamma = draw(Tg.gamma_quantile_slope([0., -1., np.nan, 1e12, 1., 1.],
                                         [0., 0., 0., np.log(1e12), -np.inf, np.inf]))
    assert np.isnan(gamma[:3]).all() and gamma[3:].tolist() == [pytest.approx(1e-12), 0, 0]


# A cost whose expectation is known, and the gradients of that.
GRADIENTS = {
    'uniform': (lambda s, a, b: s.uniform(N, a, b)**2, (0.5, 2.),
                lambda a, b: (a**2 + a * b + b**2) / 3),
    'normal': (lambda s, a, b: s.normal(N, a, b)**2, (0.5, 2.), lambda a, b: a**2 + b**2),
    'exponential': (lambda s, a: s.exponential(N, a)**2, (1.5,), lambda a: 2 * a**2),
    'gamma': (lambda s, a, b: s.gamma(N, a, b)**2, (0.7, 2.), lambda a, b: a * (a + 1) * b**2),
    'gamma of a large shape': (lambda s, a, b: s.gamma(N, a, b)**2, (150., 0.5),
                               lambda a, b: a * (a + 1) * b**2),
    'chisquare': (lambda s, a: s.chisquare(N, a)**2, (3.5,), lambda a: a * (a + 2)),
    'beta': (lambda s, a, b: s.beta(N, a, b), (0.8, 2.5), lambda a, b: a / (a + b)),
    'truncated_normal': (
        lambda s, a, b: s.truncated_normal(N, 0., 1., a, b), (-0.5, 2.),
        lambda a, b: scipy.stats.truncnorm.mean(a, b)),
}


@pytest.mark.parametrize('name', GRADIENTS)
def test_gradients_are_those_of_the_expectation(name):
    make, point, expectation = GRADIENTS[name]
    symbols = [Tg.dscalar(f'x{i}') for i in range(len(point))]
    cost = make(Tg.RandomStreams(26), *symbols).mean()
    gradients = Tg.function(symbols, Tg.grad(cost, symbols))(*point)

    for i, found in enumerate(gradients):
        h = np.eye(len(point))[i] * 1e-4
        expected = (expectation(*(point + h)) - expectation(*(point - h))) / 2e-4
        assert abs(found / expected - 1) < 0.03


def test_gradients_are_summed_to_the_shapes_of_parameters():
    a, scale = Tg.dvector('a'), Tg.fmatrix('scale')
    cost = Tg.RandomStreams(27).gamma((4, 2, 3), a, scale).sum()
    gradients = Tg.function([a, scale], Tg.grad(cost, [a, scale]))(
        [0.5, 1, 30], np.ones((2, 1), 'float32'))

    assert gradients[0].shape == (3,) and gradients[1].shape == (2, 1)
    assert gradients[1].dtype == 'float32' and (gradients[0] > 0).all()


@pytest.mark.parametrize('make, name', [
    (lambda s, x: s.poisson(3, x, dtype='float64'), 'lam'),
    (lambda s, x: s.bernoulli(3, x, dtype='float64'), 'p'),
])
def test_counts_have_no_gradient(make, name):
    x = Tg.dscalar('x')

    with pytest.raises(GLib.Error, match=f'there is no gradient for {name}') as error:
        Tg.grad(make(Tg.RandomStreams(1), x).sum(), x)
    assert error.value.matches(Tg.GradError.quark(), Tg.GradError.UNDEFINED)


# Extremes

@pytest.mark.parametrize('make, expected', [
    (lambda s: s.binomial(5, 0, 0.5), 0), (lambda s: s.binomial(5, 7, 0.), 0),
    (lambda s: s.binomial(5, 7, 1.), 7), (lambda s: s.bernoulli(5, 1.), 1),
    (lambda s: s.bernoulli(5, 0.), 0), (lambda s: s.poisson(5, 0.), 0),
    (lambda s: s.binomial(5, 2**53, 1e-300), 0), (lambda s: s.binomial(5, 2**53, 1.), 2**53),
    (lambda s: s.gamma(5, 0.), 0), (lambda s: s.gamma(5, np.inf), np.inf),
    (lambda s: s.gamma(5, 1e-300), 0), (lambda s: s.gamma(5, 2., 0.), 0),
    (lambda s: s.gamma(5, np.nan), np.nan), (lambda s: s.gamma(5, 1e308), 1e308),
    (lambda s: s.exponential(5, 0.), 0), (lambda s: s.exponential(5, np.inf), np.inf),
    (lambda s: s.normal(5, 3., 0.), 3), (lambda s: s.normal(5, np.nan, 1.), np.nan),
    (lambda s: s.normal(5, 0., np.nan), np.nan), (lambda s: s.uniform(5, 2., 2.), 2),
    (lambda s: s.truncated_normal(5, 0., 1., 1e300, np.inf), 1e300),
    (lambda s: s.truncated_normal(5, 0., 1., -np.inf, -1e300), -1e300),
    (lambda s: s.truncated_normal(5, 0., 1., np.nan, 1.), np.nan),
    (lambda s: s.chisquare(5, np.inf), np.inf), (lambda s: s.beta(5, np.nan, 1.), np.nan),
    (lambda s: s.multinomial(5, 9, [0., 1.])[:, 1], 9),
    (lambda s: s.multinomial(5, 0, [0.5, 0.5]).sum(1), 0),
    (lambda s: s.random_integers(5, 2**63 - 1, 2**63 - 1), 2**63 - 1),
    (lambda s: s.categorical(5, [0., 0., 1., 0.]), 2),
    (lambda s: s.choice(1, 1, False), 0),
])
def test_extremes(make, expected):
    np.testing.assert_array_equal(draw(make(Tg.RandomStreams(28))), expected)


@pytest.mark.parametrize('lam', [1e12, 1e15, 1e18, 9e18])
def test_large_means(lam):
    numbers = draw(Tg.RandomStreams(29).poisson(N, lam)).astype('longdouble')
    check_continuous(((numbers - lam) / lam**0.5).astype('float64'), 'norm')


@pytest.mark.parametrize('n, p', [(10**12, 0.5), (10**15, 1e-13), (2**53, 0.9), (2**53, 1e-15)])
def test_many_trials(n, p):
    numbers = draw(Tg.RandomStreams(30).binomial(N, n, p))
    if n * p < 1000:
        check_discrete(numbers, scipy.stats.poisson(n * p))
    else:
        check_continuous((numbers - n * p) / (n * p * (1 - p))**0.5, 'norm')


@pytest.mark.parametrize('make', [
    lambda s: s.permutation(0, 5), lambda s: s.permutation(3, 0), lambda s: s.choice(0, 5, False),
    lambda s: s.gamma((0,), 1.), lambda s: s.multinomial((0,), 5, [0.5, 0.5]),
    lambda s: s.categorical((0,)), lambda s: s.shuffle(np.zeros((0, 3))),
    lambda s: s.shuffle_row_elements(np.zeros((3, 0))),
])
def test_draws_of_nothing(make):
    assert draw(make(Tg.RandomStreams(31))).size == 0
