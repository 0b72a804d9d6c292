# SPDX-License-Identifier: LGPL-2.1-or-later
"""Functions show the machine code of their loops."""

import os
import platform
import subprocess
import sys

import gi

gi.require_version('Tg', '1')

import pytest
from gi.repository import Tg

x, A = Tg.dvector('x'), Tg.dmatrix('A')


def test_code_has_each_loop_in_both_forms():
    code = Tg.function([x, A], [Tg.sqrt(x) + x, Tg.matmul(A, Tg.sqrt(x)), A * A]).code

    assert [line for line in code.splitlines() if line.startswith('; Loop')] == [
        '; Loop 1: sqrt, add', '; Loop 2: square']
    assert code.count('define void @loop0(') == 2
    assert '@llvm.sqrt.' in code
    assert code.count('loop0:') == 2
    if platform.machine() == 'x86_64':
        assert 'sqrtpd' in code


def test_functions_without_loops_have_none():
    assert Tg.function([A], Tg.sort(A)).code == ''
    assert Tg.function([x], Tg.exp(x) + x, mode='reference').code == ''


def test_what_is_not_compiled_says_so():
    code = Tg.function([x], Tg.lgamma(x)).code

    assert code.startswith('; Loop 1: lgamma\n; It has operators that are not compiled')
    assert 'define' not in code


def test_many_operators_are_shortened():
    y = x
    for _ in range(20):
        y = Tg.sqrt(y)

    assert f'; Loop 1: {", ".join(["sqrt"] * 12)} and 8 more\n' in Tg.function(
        [x], y, mode='exact').code


def test_code_without_a_compiler_is_an_error():
    program = ("import gi; gi.require_version('Tg', '1'); from gi.repository import Tg\n"
               "x = Tg.dvector('x')\n"
               "try:\n    Tg.function([x], Tg.exp(x)).code\n"
               "except Exception as error:\n    print(error)")
    result = subprocess.run([sys.executable, '-c', program], capture_output=True, text=True,
                            env=os.environ | {'TG_MODULE_DIR': '/nowhere'}, check=True)

    assert 'There is no compiler of loops' in result.stdout


@pytest.mark.parametrize('mode, text', [
    (None, 'Run by the backend cpu:\n  1 loop of 2 elementwise operators\n'
           '  reductions: sum (2 times)\n  products: matmul\n  by plain loops: sort\n'),
    ('reference', 'Run by the backend reference, an operator at a time\n'),
])
def test_functions_explain_how_they_run(mode, text):
    product = Tg.matmul(Tg.exp(A) - 2, x)
    f = Tg.function([x, A], [Tg.sum(product), Tg.sum(A, axis=0), Tg.sort(product)], mode=mode)

    assert f.explain().endswith(text)


def test_compiled_loops_have_names_for_perf(tmp_path):
    program = ("import gi, os; gi.require_version('Tg', '1'); from gi.repository import Tg\n"
               "x = Tg.dvector('x')\n"
               "Tg.function([x], Tg.sqrt(x) + x)([1.0])\n"
               "path = f'/tmp/perf-{os.getpid()}.map'\n"
               "print(open(path).read(), end='')\n"
               "os.unlink(path)")
    result = subprocess.run([sys.executable, '-c', program], capture_output=True, text=True,
                            env=os.environ | {'TG_DEBUG': 'perf', 'TG_COMPILE': 'now',
                                              'XDG_CACHE_HOME': str(tmp_path)}, check=True)

    address, size, name = result.stdout.rstrip('\n').split(' ', 2)
    assert int(address, 16) > 0 and 50 < int(size, 16) < 10_000
    assert name == 'tg loop of sqrt add'
