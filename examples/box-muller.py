# SPDX-License-Identifier: LGPL-2.1-or-later
"""Normal numbers from two streams of uniform ones, by the formula of Box and Muller."""

import gi

gi.require_version('Tg', '1')
import numpy as np
from gi.repository import Tg

streams = Tg.RandomStreams(seed=234)
u1, u2 = streams.uniform((10000,)), streams.uniform((10000,))
z = Tg.sqrt(-2 * Tg.log(u1)) * Tg.cos(2 * np.pi * u2)

mean = z.mean()
deviation = Tg.sqrt(((z - mean) ** 2).mean())
draw = Tg.function([], [mean, deviation])

for call in range(3):
    print('mean %.6f, deviation %.6f' % tuple(draw()))
