# SPDX-License-Identifier: LGPL-2.1-or-later
"""Test values: mistakes found in the line that makes them."""

from .base import Tg

__all__ = ['config']

_MODES = {mode.value_nick: mode for mode in Tg.TestValueMode.__enum_values__.values()}


class _Config:
    """Defaults of this thread, under Theano's names."""

    @property
    def compute_test_value(self):
        """'off', at first; 'ignore' or 'raise' for inputs without a test value."""
        return Tg.get_test_value_mode().value_nick

    @compute_test_value.setter
    def compute_test_value(self, mode):
        if mode not in _MODES:
            raise ValueError(f'compute_test_value is one of {", ".join(_MODES)}, not {mode!r}')
        Tg.set_test_value_mode(_MODES[mode])


config = _Config()
