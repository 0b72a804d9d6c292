# SPDX-License-Identifier: LGPL-2.1-or-later
"""Regression on several classes, as naively as people write it: what libtg makes of it."""

import re

import gi

gi.require_version('Tg', '1')

import mpmath
import numpy as np
import pytest
from gi.repository import Tg as T
from gi.repository.Tg import function, shared

SAMPLES, FEATURES, CLASSES = 12, 4, 3
RNG = np.random.RandomState(1)
DATA = RNG.randn(SAMPLES, FEATURES)
LABELS = RNG.randint(0, CLASSES, SAMPLES)
WEIGHTS = RNG.randn(FEATURES, CLASSES)


def quotient(e):
    return e / e.sum(axis=1, keepdims=True)


def shift(z):
    return z - z.max(axis=1, keepdims=True)


PROBABILITIES = {
    'keepdims': lambda z: quotient(T.exp(z)),
    'expand_dims': lambda z: T.exp(z) / T.expand_dims(T.exp(z).sum(axis=1), 1),
    'None': lambda z: T.exp(z) / T.exp(z).sum(axis=1)[:, None],
    'shifted': lambda z: T.exp(shift(z)) / T.exp(shift(z)).sum(axis=1, keepdims=True),
    'shifted once': lambda z: quotient(T.exp(shift(z))),
    'logarithm': lambda z: T.exp(z - T.log(T.exp(z).sum(axis=1, keepdims=True))),
    'softmax': lambda z: T.softmax(z, axis=1),
}
CROSS_ENTROPIES = {
    'one-hot, by rows': lambda p, y, one_hot: -(one_hot * T.log(p)).sum(axis=1).mean(),
    'one-hot, at once': lambda p, y, one_hot: -(one_hot * T.log(p)).sum() / SAMPLES,
    'logarithms indexed': lambda p, y, one_hot: -T.log(p)[T.arange(SAMPLES), y].mean(),
    'probabilities indexed': lambda p, y, one_hot: -T.log(p[T.arange(SAMPLES), y]).mean(),
    'taken along': lambda p, y, one_hot: -T.log(T.take_along_axis(p, y[:, None], axis=1)).mean(),
}


def find_truth(weights):
    """The cost and its gradient by mpmath, in 60 digits."""
    with mpmath.workdps(60):
        z = mpmath.matrix(DATA.tolist()) * mpmath.matrix(weights.tolist())
        errors = mpmath.matrix(SAMPLES, CLASSES)
        cost = 0
        for i, label in enumerate(LABELS.tolist()):
            powers = [mpmath.exp(z[i, j] - max(z[i, :])) for j in range(CLASSES)]
            total = mpmath.fsum(powers)
            cost += max(z[i, :]) + mpmath.log(total) - z[i, label]
            for j in range(CLASSES):
                errors[i, j] = (powers[j] / total - (j == label)) / SAMPLES
        gradient = mpmath.matrix(DATA.T.tolist()) * errors
        return float(cost / SAMPLES), np.array(gradient.tolist(), float)


@pytest.mark.parametrize('probability', PROBABILITIES)
@pytest.mark.parametrize('cross_entropy', CROSS_ENTROPIES)
@pytest.mark.parametrize('scale', [1, 1e4])
def test_cost_and_gradient_are_right(cross_entropy, probability, scale):
    x, y, one_hot = T.dmatrix('x'), T.lvector('y'), T.dmatrix('one_hot')
    w = shared(WEIGHTS * scale, name='w')
    cost = CROSS_ENTROPIES[cross_entropy](PROBABILITIES[probability](T.dot(x, w)), y, one_hot)
    f = function([x, y, one_hot], [cost, T.grad(cost, w)], on_unused_input='ignore')
    compiled = f.dup_optimised_graph().to_string()

    assert re.search(r'\blog_softmax\(', compiled)
    assert not re.search(r'\b(exp|log)\(', compiled)
    results = f(DATA, LABELS, np.eye(CLASSES)[LABELS])
    for result, truth in zip(results, find_truth(WEIGHTS * scale)):
        np.testing.assert_allclose(result, truth, rtol=1e-12, atol=1e-14)
