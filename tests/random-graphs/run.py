#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Compares random graphs, optimised, as they are written and by NumPy.

    run.py --graphs 1000 --seed 7 [--mode MODE] [--only NUMBER]

A failure is made small and printed; what it is called, `--only` builds again.
"""

import argparse
import os
import sys
import time
from collections import Counter
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
sys.path[:0] = [str(FOLDER), str(FOLDER.parent)]
os.environ['XDG_CACHE_HOME'] = os.devnull  # each graph is searched, and none fills the disk

from generator import FORMULAS, Generator
from gi.repository import GLib, Tg
from shrink import describe, shrink
from verdict import Failure, examine

# Graphs of one seed; the next seed has others.
PER_SEED = 1_000_000


class Report:
    """What became of all graphs."""

    def __init__(self):
        self.counts, self.rules = {}, Counter()
        self.graphs = self.rewritten = self.refused = 0
        self.operators = Counter()
        self.failures = []
        self.start = time.monotonic()

    def excused(self):
        """The share of elements that no rounding explains, but a choice, or what is not real."""
        elements = self.counts.get('elements', 0)
        return sum(self.counts.get(name, 0) for name in (
            'excused by choices', 'excused as not real', 'computed apart', 'left to the search')
        ) / max(elements, 1)

    def __str__(self):
        seconds = time.monotonic() - self.start
        counts = ', '.join(f'{count} {name}' for name, count in self.counts.items())
        known = {rule.get_name() for rule in Tg.RuleSet.get_default()
                 if rule.get_file() not in ('search.rules', 'fast.rules')}
        return (f'{self.graphs} graphs in {seconds:.0f} s, {self.rewritten} of them rewritten '
                f'({self.rewritten / max(self.graphs, 1):.0%}), {self.refused} refused; '
                f'{len(known & self.rules.keys())} rules fired, of {len(known)}; '
                f'{len(self.operators)} operators; {counts}; '
                f'{self.excused():.2%} of the elements excused; {len(self.failures)} failures')


def examine_one(number, report, mode=None, formulas=FORMULAS):
    """Builds and examines one graph; the text of a failure, or None."""
    case = Generator(number, formulas).build()
    if case is None:
        report.refused += 1
        return None
    report.operators.update(node.name for node in case.program.nodes if node.name)
    try:
        trace = examine(case, number, mode, report.counts)
    except GLib.Error:  # as it is written, it cannot be computed
        report.refused += 1
        return None
    except Failure as failure:
        report.graphs += 1
        return describe(*shrink(case, failure, number, mode), number, mode)
    report.graphs += 1
    report.rewritten += bool(trace)
    report.rules.update(trace)
    return None


def run(numbers, mode=None, formulas=FORMULAS, out=None, seconds=None):
    """A report of many graphs, as many as the seconds allow."""
    report = Report()
    for i, number in enumerate(numbers):
        text = examine_one(number, report, mode, formulas)
        if text:
            report.failures.append(text)
            if out:
                print(text, file=out, flush=True)
        if out and i % 2000 == 1999:
            print(report, file=out, flush=True)
        if seconds is not None and time.monotonic() - report.start > seconds:
            break
    return report


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition('\n')[0])
    parser.add_argument('--graphs', type=int, default=1000)
    parser.add_argument('--seed', type=int, default=0)
    parser.add_argument('--mode')
    parser.add_argument('--only', type=int)
    arguments = parser.parse_args()
    first = arguments.seed * PER_SEED
    numbers = range(first, first + arguments.graphs) if arguments.only is None else [arguments.only]
    if arguments.only is not None:
        print(Generator(arguments.only).build())
    report = run(numbers, arguments.mode, out=sys.stdout)
    print(report)
    for name, count in sorted(report.rules.items()):
        print(f'  {count:6} {name}')
    return 1 if report.failures else 0


if __name__ == '__main__':
    sys.exit(main())
