# SPDX-License-Identifier: LGPL-2.1-or-later
"""The processes of the systems, each on one core, and with a folder for what it keeps on disk."""

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

PROGRAM = Path(__file__).with_name('measure.py')
CORE = max(os.sched_getaffinity(0))
VARIABLES = {name: '1' for name in (
    'OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'MKL_NUM_THREADS', 'NUMEXPR_MAX_THREADS',
    'TG_NUM_THREADS', 'NPROC')} | {
    'XLA_FLAGS': '--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1',
    'JAX_PLATFORMS': 'cpu',
    'JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS': '0',
    'JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES': '-1',
}
# What would slow a library down, or is meant for another one.
UNWANTED = ('OPENBLAS_CORETYPE', 'G_DEBUG', 'TG_DEBUG', 'MALLOC_CHECK_')
OF_LIBTG = ('PYTHONPATH', 'LD_LIBRARY_PATH')


class Failure(Exception):
    """What is said of a system instead of a number."""


def make_environment(name, folder):
    removed = UNWANTED if name == 'libtg' else UNWANTED + OF_LIBTG
    kept = {key: value for key, value in os.environ.items() if key not in removed}
    return kept | VARIABLES | {
        'XDG_CACHE_HOME': f'{folder}',
        'JAX_COMPILATION_CACHE_DIR': f'{folder}/jax',
        'PYTENSOR_FLAGS': f'base_compiledir={folder}/pytensor',
        'NUMBA_CACHE_DIR': f'{folder}/numba',
        'TORCHINDUCTOR_CACHE_DIR': f'{folder}/torch',
    }


class Worker:
    """A system that is asked one thing after the other; it starts when it has to."""

    def __init__(self, name, peers, log):
        self.name, self.log, self.process = name, log, None
        self.python = sys.executable if name == 'libtg' else peers
        self.folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)

    def start(self, *arguments):
        self.process = subprocess.Popen(
            [self.python, PROGRAM, self.name, *arguments], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=self.log, start_new_session=True,
            env=make_environment(self.name, self.folder.name),
            preexec_fn=lambda: os.sched_setaffinity(0, {CORE}))

    def stop(self):
        """Ends the process with all that it started."""
        if self.process:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.communicate()
            self.process = None

    def read(self, limit):
        """The next answer, if it comes within so many seconds."""
        if not select.select([self.process.stdout], [], [], limit)[0]:
            self.stop()
            raise Failure(f'> {limit:g} s')
        line = self.process.stdout.readline()
        if not line:
            status = self.process.wait()
            self.process = None
            raise Failure(f'ended with {status}')
        answer = json.loads(line)
        if 'error' in answer:
            raise Failure(answer['error'])
        return answer

    def ask(self, limit, method, *arguments):
        if self.process is None:
            self.start()
        with suppress(BrokenPipeError):  # then there is nothing to read either
            self.process.stdin.write(json.dumps([method, *arguments]).encode() + b'\n')
            self.process.stdin.flush()
        return self.read(limit)['value']

    def ask_afresh(self, limit, row):
        """The answer of a new process, which finds what an earlier one left on the disk."""
        self.start(row)
        try:
            return self.read(limit)
        finally:
            self.stop()
