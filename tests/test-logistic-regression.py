# SPDX-License-Identifier: LGPL-2.1-or-later
"""The logistic regression that all know, as naively as all write it: what libtg makes of it."""

import re

import gi

gi.require_version('Tg', '1')

import mpmath
import numpy as np
import pytest
from gi.repository import Tg as T
from gi.repository.Tg import function, shared

SAMPLES, FEATURES = 40, 7


CROSS_ENTROPIES = {
    'terms': lambda p, y: -y * T.log(p) - (1 - y) * T.log(1 - p),
    'a sum': lambda p, y: -(y * T.log(p) + (1 - y) * T.log(1 - p)),
    'log1p': lambda p, y: -(y * T.log(p) + (1 - y) * T.log1p(-p)),
    'a choice of logarithms': lambda p, y: -T.where(y > 0.5, T.log(p), T.log(1 - p)),
    'the logarithm of a choice': lambda p, y: -T.log(T.where(y > 0.5, p, 1 - p)),
    'the logarithm of a likelihood': lambda p, y: -T.log(p ** y * (1 - p) ** (1 - y)),
}
PROBABILITIES = {
    'minus': lambda z: 1 / (1 + T.exp(-z)),
    'minus, turned': lambda z: 1. / (T.exp(-z) + 1.),
    'quotient': lambda z: T.exp(z) / (1 + T.exp(z)),
    'complement': lambda z: 1 - 1 / (1 + T.exp(z)),
    'tanh': lambda z: 0.5 * (1 + T.tanh(z / 2)),
    'logarithm': lambda z: T.exp(-T.log(1 + T.exp(-z))),
    'power': lambda z: (1 + T.exp(-z)) ** -1,
    'sigmoid': T.sigmoid,
}


def make(cross_entropy, probability, scale):
    """The cost and its gradients, the data, and the weights."""
    rng = np.random.RandomState(22)
    data = rng.randn(SAMPLES, FEATURES), rng.randint(size=SAMPLES, low=0, high=2).astype(float)
    weights = rng.randn(FEATURES) * scale
    x, y = T.dmatrix('x'), T.dvector('y')
    w, b = shared(weights, name='w'), shared(0.5, name='b')
    cost = cross_entropy(probability(T.dot(x, w) + b), y).mean() + 0.01 * (w ** 2).sum()
    return function([x, y], [cost, *T.grad(cost, [w, b])]), data, weights


def find_truth(data, weights):
    """By mpmath, in 60 digits; the sums of the products as well, so that there is no error."""
    x, y = data
    with mpmath.workdps(60):
        w = [mpmath.mpf(float(weight)) for weight in weights]
        z = [mpmath.fdot(map(float, row), w) + 0.5 for row in x]
        cost = mpmath.fsum(mpmath.log(1 + mpmath.exp(-v if label else v))
                           for v, label in zip(z, y)) / SAMPLES
        cost += mpmath.mpf(0.01) * mpmath.fsum(v * v for v in w)
        errors = [1 / (1 + mpmath.exp(-v)) - float(label) for v, label in zip(z, y)]
        gradient = [mpmath.fdot(errors, map(float, column)) / SAMPLES + 2 * mpmath.mpf(0.01) * v
                    for column, v in zip(x.T, w)]
        return (float(cost), [float(v) for v in gradient],
                float(mpmath.fsum(errors) / SAMPLES))


@pytest.mark.parametrize('probability', PROBABILITIES)
@pytest.mark.parametrize('cross_entropy', CROSS_ENTROPIES)
@pytest.mark.parametrize('scale', [1, 1e4])
def test_cost_and_gradient_are_right(cross_entropy, probability, scale):
    f, data, weights = make(CROSS_ENTROPIES[cross_entropy], PROBABILITIES[probability], scale)
    compiled = f.dup_optimised_graph().to_string()

    assert re.search(r'\bsoftplus\(', compiled) and re.search(r'\bsigmoid\(', compiled)
    assert not re.search(r'\b(exp|expm1|log|log1p|tanh)\(', compiled)
    for result, truth in zip(f(*data), find_truth(data, weights)):
        np.testing.assert_allclose(result, truth, rtol=1e-12, atol=1e-300)
