# SPDX-License-Identifier: LGPL-2.1-or-later
"""The rows by numexpr, which has elementwise operators, sums and maxima."""

import re

import numexpr
from system import System

WORDS = {'exp', 'log', 'log1p', 'sqrt', 'sin', 'cos', 'tanh', 'where', 'sum', 'max', 'axis'}


class Numexpr(System):
    def __init__(self):
        numexpr.set_num_threads(1)

    def value(self, row):
        words = set(re.findall(r'[a-z]\w*', row.formula))
        if not words <= WORDS | set(row.inputs) or '@' in row.formula or row.keywords:
            raise NotImplementedError(row.formula)
        numexpr.validate(row.formula, row.draw())

        def compute(*values):
            return numexpr.re_evaluate(dict(zip(row.inputs, values)))
        return compute
