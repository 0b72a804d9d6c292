# SPDX-License-Identifier: LGPL-2.1-or-later
"""The table, and the plot: report.py RESULTS PLOT draws what is in the file of results."""

import json
import sys

from system import SYSTEMS

NAME, NUMBER = 40, 10
UNITS = {'s': 1, 'ms': 1e-3, 'µs': 1e-6, 'ns': 1e-9}


def find_ratio(results):
    """How much longer than libtg the best peer takes, or None."""
    peers = [value for name, value in results.items()
             if name != 'libtg' and not isinstance(value, str)]
    own = results.get('libtg')
    return min(peers) / own if peers and isinstance(own, float) else None


def show(value, is_memory):
    if isinstance(value, str):
        return value if len(value) < NUMBER - 1 else value[:NUMBER - 2] + '…'
    if is_memory:
        return f'{value / 2 ** 20:.0f} MiB'
    name, unit = next((item for item in UNITS.items() if value >= 0.9995 * item[1]), ('ns', 1e-9))
    return f'{value / unit:.3g} {name}'


def print_head():
    print(f'{"":{NAME}}' + ''.join(f'{name:>{NUMBER}.{NUMBER - 1}}' for name in SYSTEMS) +
          '   best peer / libtg')


def print_row(name, results):
    ratio = find_ratio(results)
    print(f'{name:{NAME}.{NAME}}' + ''.join(
        f'{show(results.get(system, "-"), "memory" in name):>{NUMBER}}' for system in SYSTEMS) +
        ('' if ratio is None else f'{ratio:12.2f}'), flush=True)
    for system, value in results.items():
        if isinstance(value, str) and len(value) >= NUMBER - 1:
            print(f'    {system}: {value}', flush=True)


def draw(rows, path):
    """A line a row, with a point a system: how many times as long as libtg it takes."""
    import matplotlib
    matplotlib.use('svg')
    from matplotlib import pyplot

    rows = {name: results for name, results in reversed(rows.items())
            if isinstance(results.get('libtg'), float)}
    figure, axes = pyplot.subplots(figsize=(10, 1.5 + 0.24 * len(rows)), layout='constrained')
    for system in SYSTEMS:
        points = [(results[system] / results['libtg'], i) for i, results in enumerate(rows.values())
                  if isinstance(results.get(system), float)]
        if points:
            axes.plot(*zip(*points), '|' if system == 'libtg' else 'o', label=system,
                      markersize=12 if system == 'libtg' else 5, alpha=0.8)
    axes.set(xscale='log', xlabel='times as much as libtg; what is left of the line is faster',
             yticks=range(len(rows)), yticklabels=list(rows))
    axes.axvline(1, color='black', linewidth=1, zorder=0)
    axes.grid(alpha=0.3)
    axes.legend(loc='upper center', bbox_to_anchor=(0.4, 0), ncols=len(SYSTEMS), frameon=False)
    figure.savefig(path, metadata={'Date': None})


if __name__ == '__main__':
    with open(sys.argv[1], encoding='utf-8') as results_file:
        draw(json.load(results_file)['rows'], sys.argv[2])
