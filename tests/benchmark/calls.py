#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a call from Python costs: libtg beside PyTensor and JAX.

Run it by hand, in the environment of `meson devenv -C build` or with libtg installed.  The peers
come from PyPI into a virtual environment, which is made if it is not there.  Each library runs in a
process of its own; they take turns, so that a busy machine disturbs all of them, and the smallest
time of many counts.
"""

import argparse
import json
import os
import subprocess
import sys
import timeit
import venv
from pathlib import Path

N_CALLS, N_REPEATS, N_ROUNDS = 1000, 100, 3
LIST = [1., 2., 3.]
LISTS = [[1., 2.], [3., 4.]]


def prepare_libtg():
    import gi
    gi.require_version('Tg', '1')
    from gi.repository import Tg
    x, y, v, m = Tg.dscalar('x'), Tg.dscalar('y'), Tg.dvector('v'), Tg.dmatrix('m')
    return {name: Tg.function(*parts) for name, parts in make_functions(x, y, v, m).items()}


def prepare_pytensor():
    import pytensor
    from pytensor import tensor
    x, y, v, m = tensor.dscalar('x'), tensor.dscalar('y'), tensor.dvector('v'), tensor.dmatrix('m')
    return {name: pytensor.function(*parts) for name, parts in make_functions(x, y, v, m).items()}


def make_functions(x, y, v, m):
    return {'one': ([x], x + 1), 'two': ([x, y], x + y), 'vector': ([v], v + 1),
            'matrix': ([m], m + 1), 'product': ([m, v], m @ v)}


def prepare_jax():
    import jax
    jax.config.update('jax_enable_x64', True)
    import numpy as np

    def wait(function, convert=lambda value: value):
        compiled = jax.jit(function)
        return lambda *args, **kwargs: compiled(*map(convert, args), **{
            key: convert(value) for key, value in kwargs.items()}).block_until_ready()

    return {'one': wait(lambda x: x + 1), 'two': wait(lambda x, y: x + y),
            'vector': wait(lambda v: v + 1, np.asarray),
            'matrix': wait(lambda m: m + 1, np.asarray), 'product': wait(lambda m, v: m @ v)}


PREPARE = {'libtg': prepare_libtg, 'PyTensor': prepare_pytensor, 'JAX': prepare_jax}


def measure(library):
    """Microseconds for a call of each kind."""
    import numpy as np
    functions = PREPARE[library]()
    one, two, vector, matrix, product = functions.values()
    array, square = np.array(LIST), np.ones((3, 3))
    cases = {
        'a float': lambda: one(1.5),
        'two floats': lambda: two(1.5, 2.5),
        'two keywords': lambda: two(y=1.5, x=2.5),
        'a list of 3': lambda: vector(LIST),
        'a list by keyword': lambda: vector(v=LIST),
        'nested lists, 2 x 2': lambda: matrix(LISTS),
        'an array of 3': lambda: vector(array),
        'a product, 3 x 3': lambda: product(square, array),
    }
    return {name: min(timeit.repeat(call, number=N_CALLS, repeat=N_REPEATS)) / N_CALLS * 1e6
            for name, call in cases.items()}


def find_peers(folder):
    """The Python of a virtual environment that has the peers."""
    python = folder / 'bin' / 'python'
    if not python.exists():
        print(f'Installing PyTensor and JAX in {folder}', file=sys.stderr)
        venv.create(folder, with_pip=True)
        subprocess.run([python, '-m', 'pip', 'install', '--quiet', 'pytensor>=3', 'jax'],
                       check=True)
    return python


def run(library, python):
    # Only libtg needs where it was built; OPENBLAS_CORETYPE would choose slower kernels for some.
    environment = {key: value for key, value in os.environ.items()
                   if key not in ('OPENBLAS_CORETYPE', 'TG_DEBUG', 'G_DEBUG') and
                   (library == 'libtg' or key not in ('PYTHONPATH', 'LD_LIBRARY_PATH'))}
    output = subprocess.run([python, __file__, '--alone', library], env=environment, check=True,
                            stdout=subprocess.PIPE).stdout
    return json.loads(output.splitlines()[-1])


def compare(folder):
    peers = find_peers(folder)
    best = {library: {} for library in PREPARE}
    for _ in range(N_ROUNDS):
        for library, times in best.items():
            for name, time in run(library, sys.executable if library == 'libtg' else peers).items():
                times[name] = min(time, times.get(name, time))

    print(f'{"microseconds":22}' + ''.join(f'{library:>10}' for library in best) +
          '   times as long as libtg')
    for name, own in best['libtg'].items():
        times = [times[name] for times in best.values()]
        print(f'{name:22}' + ''.join(f'{time:10.2f}' for time in times) + '   ' +
              ' '.join(f'{time / own:8.1f}' for time in times[1:]))


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--venv', type=Path, default=Path('build', 'benchmark-venv'),
                        help='where the peers are, or are installed')
    parser.add_argument('--alone', choices=PREPARE, help='measure this one alone')
    options = parser.parse_args()
    if options.alone:
        print(json.dumps(measure(options.alone)))
    else:
        compare(options.venv)
