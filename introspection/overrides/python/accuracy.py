# SPDX-License-Identifier: LGPL-2.1-or-later
"""How accurate an expression is."""

from .base import Tg, override
from .variables import check_variable

__all__ = ['AccuracyReport', 'accuracy']


class AccuracyReport(Tg.AccuracyReport):
    """How accurate an expression is, as it is written and as it is optimised."""

    def __str__(self):
        return self.to_string()


AccuracyReport = override(AccuracyReport)


def accuracy(expression, ranges=None):
    """What an expression is wrong by, as written and as optimised: a Tg.AccuracyReport.

    The dictionary `ranges` has for variables the least and the greatest of what their elements are:

        print(Tg.accuracy(Tg.exp(x) - 1, {x: (1e-10, 1)}))
    """
    check_variable(expression, 'accuracy')
    ranges = dict(ranges or {})
    for variable, ends in ranges.items():
        check_variable(variable, 'ranges')
        if len(ends) != 2:
            raise TypeError(f'ranges: expected the least and the greatest number, not {ends!r}')
    return Tg.accuracy(expression, list(ranges), [float(low) for low, _ in ranges.values()],
                       [float(high) for _, high in ranges.values()])
