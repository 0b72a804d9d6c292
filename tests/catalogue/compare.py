# SPDX-License-Identifier: LGPL-2.1-or-later
"""The catalogue by all systems: compare.py PYTHON FOLDER writes the page of the manual.

PYTHON has PyTensor and JAX, which are given the points in a file in FOLDER and answer in another.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
from measure import compare, get_shape, get_stem, measure_way, read, sample

FOLDER = Path(__file__).resolve().parent
PAGE = FOLDER.parent.parent / 'introspection' / 'manual' / 'catalogue.md'
FILES = ('expressions', 'arrays', 'gradients')
PEERS = ('PyTensor', 'JAX')
SYSTEMS = ('As written', 'libtg', 'libtg, accurate', *PEERS)
LIMIT = 2  # bits of error up to which a problem is recognised


def describe(problem, points):
    """What a peer is told of a problem."""
    return {'inputs': [(spec[0], get_shape(spec)) for spec in problem.inputs],
            'ways': problem.ways, 'wrt': problem.wrt,
            'points': [[np.asarray(value).tolist() for value in point.values()]
                       for point, _ in points]}


def ask(python, folder, peer, described):
    """The version and the answers of a peer, which keeps those to what it was asked before."""
    memory, source, target = (folder / f'{peer}{end}.json' for end in ('', '-asked', '-answered'))
    known = json.loads(memory.read_text(encoding='utf-8')) if memory.exists() else {}
    keys = [json.dumps(problem) for problem in described]
    missing = [key for key in keys if key not in known]
    if missing:
        source.write_text(f'[{", ".join(missing)}]', encoding='utf-8')
        subprocess.run([python, FOLDER / 'peers.py', peer, source, target], check=True,
                       env={name: value for name, value in os.environ.items()
                            if name not in ('LD_LIBRARY_PATH', 'PYTHONPATH')})
        answer = json.loads(target.read_text(encoding='utf-8'))
        known |= dict(zip(missing, answer['results'])) | {'version': answer['version']}
        memory.write_text(json.dumps(known), encoding='utf-8')
    return known['version'], [known[key] for key in keys]


def judge(answer, points):
    """A peer's mean error; where it has no answer it knows nothing."""
    return 64. if isinstance(answer, str) else compare(answer, points)


def measure_all(python, folder):
    """The versions, and for each file its problems with the errors of each way in each system."""
    problems = [(name, problem) for name in FILES for problem in read(name)]
    points = [list(sample(problem)) for _, problem in problems]
    described = [describe(problem, chosen) for (_, problem), chosen in zip(problems, points)]
    versions, answers = zip(*(ask(python, folder, peer, described) for peer in PEERS))
    tables = {name: [] for name in FILES}
    for (name, problem), chosen, *of_peers in zip(problems, points, *answers):
        rows = [measure_way(problem, text, chosen)[0] for text in problem.ways]
        for row, *found in zip(rows, *of_peers):
            row += [judge(answer, chosen) for answer in found]
        tables[name].append((problem, rows))
    return versions, tables


def gather(table):
    """For each distinct problem and each system, its error in the way that it knows least about."""
    worst = {}
    for problem, rows in table:
        worst.setdefault(get_stem(problem), []).extend(rows)
    return np.array([np.max(rows, axis=0) for rows in worst.values()])


def write_row(title, values):
    return f'| {title} | {" | ".join(map(str, values))} |'


def count(errors):
    return np.sum(errors <= LIMIT, axis=0)


def summarise(tables):
    """Markdown: how many problems each system recognises."""
    gathered = {name: gather(table) for name, table in tables.items()}
    everything = np.concatenate(list(gathered.values()))
    ways = np.array([row for table in tables.values() for _, rows in table for row in rows])
    yield write_row('', SYSTEMS)
    yield '|---' * (len(SYSTEMS) + 1) + '|'
    yield write_row(f'Problems recognised, of {len(everything)}', count(everything))
    for name, errors in gathered.items():
        yield write_row(f'{name.capitalize()}, of {len(errors)}', count(errors))
    yield write_row(f'Ways recognised, of {len(ways)}', count(ways))
    yield write_row('Mean bits of problems', np.round(np.mean(everything, axis=0), 1))
    yield write_row('Ways worse than written by more than a bit',
                    np.sum(ways > ways[:, :1] + 1, axis=0))


def print_table(table):
    yield write_row('Problem | Way', SYSTEMS)
    yield '|---' * (len(SYSTEMS) + 2) + '|'
    for problem, rows in table:
        for number, (text, errors) in enumerate(zip(problem.ways, rows)):
            yield write_row(f'{problem.name if number == 0 else ""} | `{text}`',
                            [f'{bits:.1f}' for bits in errors])


def make_page(versions, tables):
    names = ' and '.join(f'{peer} {version}' for peer, version in zip(PEERS, versions))
    text = (FOLDER / 'page.md').read_text(encoding='utf-8').replace('VERSIONS', names)
    lines = text.replace('SUMMARY', '\n'.join(summarise(tables))).splitlines()
    for name, table in tables.items():
        lines += ['', f'## {name.capitalize()}', '', *print_table(table)]
    return '\n'.join(lines) + '\n'


def main(python, folder):
    folder = Path(folder)
    folder.mkdir(exist_ok=True)
    PAGE.write_text(make_page(*measure_all(python, folder)), encoding='utf-8')


if __name__ == '__main__':
    main(*sys.argv[1:])
