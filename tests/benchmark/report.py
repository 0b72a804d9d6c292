# SPDX-License-Identifier: LGPL-2.1-or-later
"""The table, and the plot: report.py RESULTS PLOT draws what is in the file of results."""

import json
import sys

from system import SYSTEMS

NAME, NUMBER = 46, 9
WIDTHS = {system: max(NUMBER, len(system)) + 1 for system in SYSTEMS}
UNITS = {'s': 1, 'ms': 1e-3, 'µs': 1e-6, 'ns': 1e-9}


def find_numbers(results):
    """What was measured, without what is said of systems that failed."""
    return {name: value for name, value in results.items() if not isinstance(value, str)}


def find_ratio(results):
    """How much longer than libtg the best peer takes, or None."""
    numbers = find_numbers(results)
    own = numbers.pop('libtg', None)
    return min(numbers.values()) / own if numbers and own else None


def show(value, is_memory):
    if isinstance(value, str):
        return value if len(value) <= NUMBER else value[:NUMBER - 1] + '…'
    if is_memory:
        return f'{value / 2 ** 20:.0f} MiB'
    name, unit = next((item for item in UNITS.items() if value >= 0.9995 * item[1]), ('ns', 1e-9))
    return f'{value / unit:.3g} {name}'


def print_head():
    print(' ' * NAME + ''.join(f'{system:>{width}}' for system, width in WIDTHS.items()) +
          '  best peer / libtg')


def print_row(name, results):
    ratio = find_ratio(results)
    cells = [f'{show(results.get(system, "-"), "memory" in name):>{width}}'
             for system, width in WIDTHS.items()]
    print(f'{name:{NAME}}' + ''.join(cells) + ('' if ratio is None else f'{ratio:19.2f}'))
    for system, value in results.items():
        if isinstance(value, str) and len(value) > NUMBER:
            print(f'    {system}: {value}')
    sys.stdout.flush()


def draw(rows, path):
    """A line a row, with a point a system: how many times as long as libtg it takes."""
    import matplotlib
    matplotlib.use('svg')
    from matplotlib import pyplot

    rows = {name: find_numbers(results) for name, results in reversed(rows.items())}
    rows = {name: numbers for name, numbers in rows.items() if 'libtg' in numbers}
    figure, axes = pyplot.subplots(figsize=(10, 1.5 + 0.24 * len(rows)), layout='constrained')
    axes.axvline(1, color='black', linewidth=1, label='libtg')
    for system in list(SYSTEMS)[1:]:
        points = [(numbers[system] / numbers['libtg'], i) for i, numbers in enumerate(rows.values())
                  if system in numbers]
        if points:
            axes.plot(*zip(*points), 'o', label=system, markersize=5, alpha=0.8)
    axes.set(xscale='log', xlabel='times as much as libtg; what is left of the line takes less',
             yticks=range(len(rows)), yticklabels=list(rows))
    axes.grid(alpha=0.3)
    figure.legend(loc='outside lower center', ncols=len(SYSTEMS), frameon=False)
    figure.savefig(path, metadata={'Date': None})


if __name__ == '__main__':
    with open(sys.argv[1], encoding='utf-8') as results_file:
        draw(json.load(results_file)['rows'], sys.argv[2])
