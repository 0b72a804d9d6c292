#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Counts what Meson's logs report: summarize.py BROKEN LOG.json...

A TAP line, a test of pytest and a program that counts nothing itself are one test each.  BROKEN is
the number of steps that did not get as far as a log; they count as failed.
"""

import json
import re
import sys
from collections import Counter

OUTCOMES = {'OK': 'passed', 'EXPECTEDFAIL': 'passed', 'SKIP': 'skipped'}


def count(entry):
    """How many tests of one entry of a log had which outcome."""
    output = entry.get('stdout') or ''
    counts = Counter()
    for line in output.splitlines():
        tap = re.match(r'(not )?ok \d+', line)
        if tap:
            skipped = '# SKIP' in line
            counts['skipped' if skipped else 'failed' if tap[1] else 'passed'] += 1
    if not counts and re.search(r'^.*\b\d+ \w+.* in [\d.]+s', output, re.MULTILINE):
        summary = output.rstrip().splitlines()[-1]
        for number, word in re.findall(r'(\d+) (passed|failed|errors?|skipped|x\w+)', summary):
            outcome = {'error': 'failed', 'errors': 'failed', 'xfailed': 'skipped',
                       'xpassed': 'failed'}.get(word, word)
            counts[outcome] += int(number)
    outcome = OUTCOMES.get(entry['result'], 'failed')
    if not counts or (outcome == 'failed' and not counts['failed']):
        counts[outcome] += 1
    return counts


def test_count():
    """Counts of each kind of output, and of a program that fails behind its own back."""
    def result(output, outcome='OK'):
        counts = count({'stdout': output, 'result': outcome})
        return tuple(counts[key] for key in ('passed', 'failed', 'skipped'))

    assert result('') == (1, 0, 0)
    assert result('', 'TIMEOUT') == (0, 1, 0)
    assert result('1..3\nok 1 /a\nnot ok 2 /b\nok 3 /c # SKIP no\n', 'FAIL') == (1, 1, 1)
    assert result('ok 1 /a\n', 'ERROR') == (1, 1, 0)
    assert result('...\n== 7 passed, 1 error, 2 skipped in 0.50s ==\n', 'FAIL') == (7, 1, 2)


def main(broken, paths):
    total = Counter(failed=broken)
    for path in paths:
        with open(path, encoding='utf-8') as log:
            for entry in map(json.loads, log):
                counts = count(entry)
                if counts['failed']:
                    print(f'failed: {entry["name"]} ({path})')
                total += counts
    print(f'{total["passed"]} passed, {total["failed"]} failed, {total["skipped"]} skipped')
    return total['failed'] > 0 or not total['passed']


if __name__ == '__main__':
    test_count()
    sys.exit(main(int(sys.argv[1]), sys.argv[2:]))
