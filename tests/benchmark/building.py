# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a node costs in processor time: graphs of 100,000 elementwise operators, the fastest of
several times.
"""

import time

import gi

gi.require_version('Tg', '1')
from gi.repository import Tg

NODES = 100_000


def add(x):
    """A chain."""
    nodes = [x]
    for _ in range(NODES):
        nodes.append(nodes[-1] + x)
    return nodes


def add_number(x):
    """A chain with numbers, each of which is a node too."""
    nodes = [x]
    for _ in range(NODES // 2):
        nodes.append(nodes[-1] + 1)
    return nodes


def exp(x):
    """Nodes beside each other."""
    return [Tg.exp(x) for _ in range(NODES)]


def method(x):
    """Nodes beside each other, made by a method."""
    return [x.exp() for _ in range(NODES)]


def measure(make, x, times=5):
    fastest = float('inf')
    for _ in range(times):
        start = time.process_time()
        nodes = make(x)
        fastest = min(fastest, time.process_time() - start)
        while nodes:
            nodes.pop()
    return fastest * 1e9 / NODES


print('nanoseconds a node from Python')
for make in (add, add_number, exp, method):
    for x in (Tg.dscalar('x'), Tg.dmatrix('x')):
        print(f'{make.__name__:10} {x.ndim}-d {measure(make, x):7.0f}')
