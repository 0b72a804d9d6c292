# SPDX-License-Identifier: LGPL-2.1-or-later
"""The logistic function of each element of a matrix."""

import gi

gi.require_version('Tg', '1')
from gi.repository import Tg

x = Tg.dmatrix('x')
s = 1 / (1 + Tg.exp(-x))
logistic = Tg.function([x], s)

print(repr(logistic([[0, 1], [-1, -2]])))
