# SPDX-License-Identifier: LGPL-2.1-or-later
"""Logistic regression, as in Theano's tutorial: on random numbers, or on a table of data."""

import argparse
import sys

import gi

gi.require_version('Tg', '1')
import numpy as np
from gi.repository import Tg as T
from gi.repository.Tg import RandomStreams, function, shared


def read_table(path):
    """The rows to train on, those to test on, and the names of the classes."""
    with open(path, encoding='utf-8') as file:
        classes = file.readline().strip().split(',')[2:]
        rows = np.loadtxt(file, delimiter=',')
    is_test = np.arange(len(rows)) % 4 == 3
    return rows[~is_test], rows[is_test], classes


def show_progress(step, steps, cost):
    if sys.stdout.isatty():
        end = '\n' if step == steps else ''
        print(f'\rstep {step} of {steps}, cost {cost:.6f}', end=end, flush=True)


parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument('--data', metavar='FILE', help='a table to train and to test on')
parser.add_argument('--steps', metavar='N', type=int, default=10000, help='steps of the training')
options = parser.parse_args()

streams = RandomStreams(seed=1)
if options.data:
    train_rows, test_rows, classes = read_table(options.data)
    x_train, y_train = train_rows[:, :-1], train_rows[:, -1]
    mean, deviation = x_train.mean(axis=0), x_train.std(axis=0)
    data = (x_train - mean) / deviation, y_train
    test = (test_rows[:, :-1] - mean) / deviation, test_rows[:, -1]
else:
    test = data = function([], [streams.normal((400, 784)), T.round(streams.uniform((400,)))])()

samples, features = data[0].shape
print(f'{samples} samples, {features} features, {options.steps} steps')

# The model, as in the tutorial
x, y = T.dmatrix('x'), T.dvector('y')
w = shared(streams.normal((features,), std=0.01).eval(), name='w')
b = shared(0., name='b')
p_1 = 1 / (1 + T.exp(-T.dot(x, w) - b))              # probability that the class is 1
prediction = p_1 > 0.5
xent = -y * T.log(p_1) - (1 - y) * T.log(1 - p_1)    # cross-entropy
cost = xent.mean() + 0.01 * (w ** 2).sum()           # to be minimised
gw, gb = T.grad(cost, [w, b])

train = function(inputs=[x, y], outputs=[prediction, xent],
                 updates=((w, w - 0.1 * gw), (b, b - 0.1 * gb)))
predict = function(inputs=[x], outputs=prediction)
loss = function(inputs=[x, y], outputs=cost)

for step in range(1, options.steps + 1):
    train(*data)
    if step % 100 == 0 or step == options.steps:
        show_progress(step, options.steps, loss(*data))

predicted, actual = predict(test[0]), test[1] == 1
right = np.sum(predicted == actual)
kind = 'test' if options.data else 'training'
print(f'final cost: {loss(*data):.17g}')
print(f'{kind} accuracy: {right / len(actual):.4f} ({right} of {len(actual)})')

if options.data:
    print('\n' + ' ' * 12 + ''.join(f'{"predicted " + name:>22}' for name in classes))
    for i, name in enumerate(classes):
        counts = [np.sum((actual == i) & (predicted == j)) for j in range(2)]
        print(f'{name:12}' + ''.join(f'{count:22}' for count in counts))
