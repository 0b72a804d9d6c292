# SPDX-License-Identifier: LGPL-2.1-or-later
"""Compares libtg with its peers: `run` starts this with the Python that has the peers."""

import argparse
import json
import os
import platform
import signal
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from report import print_head, print_row
from rows import FRESH, ROWS
from system import SYSTEMS
from system_numpy import Truth
from workers import Failure, Worker

SECONDS = 0.3  # of a turn


def take_turns(turns, n_rounds):
    """The least that each of some functions gave, or what failed, by name."""
    found, failed = {name: np.inf for name in turns}, {}
    for _ in range(n_rounds):
        for name in list(found):
            try:
                found[name] = min(found[name], turns[name]())
            except Failure as failure:
                failed[name] = str(failure)
                del found[name]
    return found | failed


def measure_row(row, workers, options):
    """For each system the seconds for a call, if what it computed is right."""
    truth = Truth()
    expected = truth.compute(truth.prepare(row), row)
    turns, wrong = {}, {}
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder, 'results.npz'))
        for name, worker in workers.items():
            try:
                worker.ask(options.limit, 'prepare', row.name, path)
                with np.load(path) as file:
                    distance = row.compare([file[key] for key in file.files], expected)
                if not distance <= 1:
                    raise Failure(f'wrong: {distance:.3g} times the tolerance')
                turns[name] = lambda worker=worker: worker.ask(options.limit, 'measure', SECONDS)
            except Failure as failure:
                wrong[name] = str(failure)
    return take_turns(turns, options.rounds) | wrong


def measure_afresh(what, row, cached, options, make_worker):
    """For each system what a new process says, the first of all or one after another."""
    def start(name, filled={}):
        if cached and name not in filled:
            filled[name] = make_worker(name)
            filled[name].ask_afresh(options.limit, row)
        worker = filled[name] if cached else make_worker(name)
        return worker.ask_afresh(options.limit, row)[what]

    return take_turns({name: lambda name=name: start(name) for name, kind in SYSTEMS.items()
                       if kind.compiles or what != 'first'}, options.rounds)


def measure(names, options, log):
    """The rows with their results, one after the other."""
    def make_worker(name):
        return Worker(name, options.peers, log)

    workers = {name: make_worker(name) for name in SYSTEMS}
    try:
        for name in names:
            if name in ROWS:
                yield name, measure_row(ROWS[name], workers, options)
            else:
                yield name, measure_afresh(*FRESH[name], options, make_worker)
    finally:
        for worker in workers.values():
            worker.stop()


def choose(names):
    """The rows that begin with one of the names, or all of them."""
    everything = [*ROWS, *FRESH]
    chosen = [name for name in everything if not names or name.startswith(tuple(names))]
    if not chosen:
        sys.exit('\n  '.join(['There is no such row among', *everything]))
    return chosen


def describe_machine():
    with open('/proc/cpuinfo', encoding='utf-8') as file:
        model = next((line.split(':')[1].strip() for line in file if line.startswith('model name')),
                     platform.machine())
    return {'processor': model, 'date': time.strftime('%Y-%m-%d'), 'load': os.getloadavg()[0]}


def main():
    parser = argparse.ArgumentParser(prog='run', description='Compares libtg with its peers.',
                                     epilog='--build FOLDER names the folder of the build.')
    parser.add_argument('--rows', nargs='+', metavar='NAME', default=[],
                        help='those whose names begin so; a wrong one lists them all')
    parser.add_argument('--rounds', type=int, default=3, help='how often systems take turns')
    parser.add_argument('--limit', type=float, default=60, metavar='SECONDS',
                        help='for what is asked of one system at a time')
    parser.add_argument('--peers', required=True, help=argparse.SUPPRESS)
    parser.add_argument('--output', type=Path, required=True, help=argparse.SUPPRESS)
    options = parser.parse_args()
    names = choose(options.rows)
    options.output.mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # and no process stays behind
    rows, machine = {}, describe_machine()
    print_head()
    with open(options.output / 'log.txt', 'w', encoding='utf-8') as log:
        for name, results in measure(names, options, log):
            rows[name] = results
            print_row(name, results)
            text = json.dumps({'machine': machine, 'rows': rows}, indent=1)
            (options.output / 'results.json').write_text(text + '\n', encoding='utf-8')


if __name__ == '__main__':
    main()
