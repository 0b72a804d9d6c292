# SPDX-License-Identifier: LGPL-2.1-or-later
"""The generator of operators: mistakes in a declaration are told with their file and line."""

import subprocess
import sys
from pathlib import Path

import pytest

OPGEN = Path(__file__).parent.parent / 'libtg' / 'ops' / 'opgen.py'
GOOD = '''# A comment.
form elementwise

op twice (x) -> promote
  Two times `x`.

  And a second paragraph.

  spec:    x + x
  kernel:  ADD (x, x)
  grad x:  2 * g
'''


def generate(tmp_path, kind, text):
    declarations, output = tmp_path / 'sample.op', tmp_path / 'output'
    declarations.write_text(text, encoding='utf-8')
    result = subprocess.run([sys.executable, OPGEN, kind, output, declarations],
                            capture_output=True, text=True, check=False)
    return result, output.read_text(encoding='utf-8') if output.exists() else ''


@pytest.mark.parametrize('old, new, message', [
    ('spec:', 'sepc:', 'sample.op:9: error: unknown key “sepc”'),
    ('grad x:', 'grad y:', 'sample.op:11: error: unknown key “grad y”'),
    ('  grad x:  2 * g\n', '', 'sample.op:4: error: twice needs a line “grad x:”'),
    ('-> promote', '-> double',
     'sample.op:4: error: expected “op name (inputs; parameters) -> dtype rule”'),
    ('op twice (x)', 'op twice x',
     'sample.op:4: error: expected “op name (inputs; parameters) -> dtype rule”'),
    ('(x)', '(x; n: number)', 'sample.op:4: error: unknown kind of parameter “number”'),
    ('  Two times `x`.\n\n  And a second paragraph.\n', '',
     'sample.op:4: error: twice has no documentation'),
    ('form elementwise', 'from elementwise',
     'sample.op:2: error: expected “form …” or “op …”'),
])
def test_mistakes(tmp_path, old, new, message):
    result, output = generate(tmp_path, 'table', GOOD.replace(old, new, 1))

    assert (result.returncode, result.stderr) == (1, message + '\n')
    assert output == ''


def test_the_table_has_what_is_declared(tmp_path):
    result, output = generate(tmp_path, 'table', GOOD)

    assert result.returncode == 0
    for part in ('[TG_OP_TWICE]', '.where = "sample.op:4"', '.spec = "x + x"',
                 '.summary = "Two times `x`."', '.documentation = "And a second paragraph."',
                 '.inputs[0] = { "x", TG_INPUT_ANY, "2 * g", NULL }'):
        assert part in output


def test_the_compiler_is_told_of_the_line(tmp_path):
    _, output = generate(tmp_path, 'kernels', GOOD)

    assert ('#line 4 "sample.op"\n'
            'ELEMENTWISE_1 (twice_f64, double, tgk_add_f64 (x, x), double, x)') in output


def test_the_documentation_names_inputs(tmp_path):
    _, output = generate(tmp_path, 'api-source', GOOD)

    assert ' * Two times @x.\n *\n * And a second paragraph.\n *\n * It computes `x + x`.' in output


def test_a_kind_that_is_not_known(tmp_path):
    result, _ = generate(tmp_path, 'poem', GOOD)

    assert result.returncode == 1 and result.stderr.startswith('usage: opgen.py table|')
