# SPDX-License-Identifier: LGPL-2.1-or-later
"""A state that functions share: each call returns the value before its update."""

import gi

gi.require_version('Tg', '1')
from gi.repository import Tg

state = Tg.shared(0, 'state')
inc = Tg.iscalar('inc')
accumulator = Tg.function([inc], state, updates=[(state, state + inc)])
decrementor = Tg.function([inc], state, updates=[(state, state - inc)])

for function, value in (accumulator, 1), (accumulator, 300), (decrementor, 2):
    before = function(value)
    print(f'the state was {before} and is {state.get_value()}')
