# SPDX-License-Identifier: LGPL-2.1-or-later
"""One system in a process of its own.

measure.py SYSTEM answers requests, each a line of JSON, until there are no more; with a row's name
behind it, it answers once: how long the import took, how long the first result from there, which
includes compilers that are started, and how much memory the process had at most.
"""

import json
import os
import sys
import time
import timeit

LEAST = 1e-3  # seconds that are measured as a whole


def describe(error):
    if isinstance(error, NotImplementedError) and type(error) is NotImplementedError:
        return '-'
    return f'{type(error).__name__}: {" ".join(str(error).split())}'[:200]


class Server:
    def __init__(self, system):
        self.system = system
        self.function = None

    def prepare(self, row, path):
        """Makes the function of a row and saves its results."""
        import numpy as np
        from rows import ROWS
        self.function = None
        self.function = self.system.prepare(ROWS[row])
        np.savez(path, *self.system.compute(self.function, ROWS[row]))

    def measure(self, seconds):
        """What a call takes of the processor, the least that is seen in the seconds given.

        Of the one core that there is, others have a share; their time is not counted.
        """
        timer = timeit.Timer(self.function, timer=time.process_time)
        end = time.perf_counter() + seconds
        number, least = 1, timer.timeit(1)
        while number * least < LEAST and time.perf_counter() < end:
            number *= 2
            least = min(least, timer.timeit(number) / number)
        while time.perf_counter() < end:
            least = min(least, timer.timeit(number) / number)
        return least


def serve(name, output):
    from system import load
    server = Server(load(name))
    for line in sys.stdin:
        method, *arguments = json.loads(line)
        try:
            answer = {'value': getattr(server, method)(*arguments)}
        except Exception as error:  # whatever a system raises, it is its answer
            answer = {'error': describe(error)}
        print(json.dumps(answer), file=output, flush=True)


def get_peak_memory():
    """Bytes; what getrusage says may be those of the process that started this one."""
    with open('/proc/self/status', encoding='utf-8') as file:
        return next(int(line.split()[1]) for line in file if line.startswith('VmHWM:')) * 1024


def start_afresh(name, row):
    from system import SYSTEMS, load
    start = time.perf_counter()
    exec(SYSTEMS[name].statement, {})
    answer = {'import': time.perf_counter() - start}
    from rows import ROWS
    try:
        system, row = load(name), ROWS[row]
        row.draw()  # so that what drawing needs is there
        start = time.perf_counter()
        system.prepare(row)()
        answer['first'] = time.perf_counter() - start
        answer['memory'] = get_peak_memory()
    except Exception as error:
        answer['error'] = describe(error)
    return answer


def main(name, row=None):
    # What systems print does not belong to the answers.
    output = os.fdopen(os.dup(1), 'w', encoding='utf-8')
    os.dup2(2, 1)
    if row is None:
        serve(name, output)
    else:
        print(json.dumps(start_afresh(name, row)), file=output)


if __name__ == '__main__':
    main(*sys.argv[1:])
