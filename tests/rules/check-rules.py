#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Holds rewrite rules to what they promise, and prints for each of them ok or a counterexample.

    check-rules.py mine.rules      a person's own rules
    check-rules.py                 those of the library

A name that begins with a promise, or headings in the file, say what the rules promise; see
“Rewriting” in the manual.  TG_TEST_RULES=large tries many more points.
"""

import argparse
import collections
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from rules import checker  # noqa: E402
from rules.checker import Tg  # noqa: E402


def list_rules(paths):
    if not paths:
        return list(Tg.RuleSet.get_default())
    return [rule for path in paths for rule in Tg.RuleSet.new(path.read_text('utf-8'), path.name)]


def summarize(reports):
    """Figures for each promise."""
    groups = collections.defaultdict(list)
    for report in reports:
        groups[report.algebra.rule.get_file()].append(report)
    for name, several in groups.items():
        asked = [report for report in several if report.fires_among_all is not None]
        conditions = sum(len(report.algebra.conditions) for report in several)
        shown = conditions - sum(len(report.unviolated) for report in several)
        print(f'{name}: {len(several)} rules, {sum(not r.is_right for r in several)} wrong, '
              f'{sum(r.instances for r in several)} instances of which '
              f'{sum(r.fired for r in several)} fire, {sum(r.points for r in several)} points, '
              f'{sum(r.unsettled for r in several)} not settled; {shown} of {conditions} '
              f'conditions needed, by {sum(r.negatives for r in several)} instances, '
              f'{sum(r.others for r in several)} other expressions; '
              f'{sum(r.fires_among_all for r in asked)} of {len(asked)} fire among all rules')


def list_remarks(reports):
    """What is no mistake, but worth a look."""
    for report in reports:
        for condition in report.unviolated:
            yield f'{report.algebra.place}: no instance shows that “{condition}” is needed'
        if report.fires_among_all is False:
            yield f'{report.algebra.place}: fires alone, but other rules come before it'
        if report.algebra.promise == 'stable' and report.gain <= 2:
            yield f'{report.algebra.place}: gains at most {report.gain:.1f} bits'


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('files', nargs='*', type=Path, help='files of rules')
    parser.add_argument('--remarks', action='store_true', help='say what may be of interest too')
    arguments = parser.parse_args()
    reports = []
    for rule in list_rules(arguments.files):
        reports.append(checker.check_rule(rule))
        print(reports[-1], flush=True)
    for remark in list_remarks(reports) if arguments.remarks else ():
        print(remark)
    summarize(reports)
    return not all(report.is_right for report in reports)


if __name__ == '__main__':
    sys.exit(main())
