# SPDX-License-Identifier: LGPL-2.1-or-later
"""The generator of operators: mistakes in a declaration are told with their file and line."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
OPGEN = ROOT / 'libtg' / 'ops' / 'opgen.py'
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


def test_emitters_are_written_for_kinds_of_dtypes(tmp_path):
    _, output = generate(tmp_path, 'emitters', GOOD)

    assert '#line 4 "sample.op"\n  return emit_add_signed (e, x, x);' in output
    assert '[TG_OP_TWICE][TG_DTYPE_INT8] = { twice_signed, 1, 0 },' in output
    assert '[TG_OP_TWICE][TG_DTYPE_FLOAT32] = { twice_f32, 1, 0 },' in output
    assert 'COMPLEX' not in output


def test_the_documentation_names_inputs(tmp_path):
    _, output = generate(tmp_path, 'api-source', GOOD)

    assert ' * Two times @x.\n *\n * And a second paragraph.\n *\n * It computes `x + x`.' in output


def test_a_kind_that_is_not_known(tmp_path):
    result, _ = generate(tmp_path, 'poem', GOOD)

    assert result.returncode == 1 and result.stderr.startswith('usage: opgen.py table|')


# Words that compare, choose, tell parts or move bits: nothing of them is rounded.
EXACT = set('''
    and or xor not eq ne lt le gt ge sel isnan isinf isfinite signbit complex real imag conj
    bit_and bit_or bit_xor bit_not shift_left shift_right'''.split())


def words_with_a_bound():
    """Those in the tables of the tests that compare kernels with MPFR or, bit by bit, with libm."""
    text = ''.join((ROOT / 'tests' / name).read_text(encoding='utf-8') for name in (
        'test-kernels.c', 'test-rounding.c'))
    special = (ROOT / 'tests' / 'test-special.c').read_text(encoding='utf-8')
    return (set(re.findall(r'^  [A-Z]+_ROW \((\w+), ', text, re.MULTILINE))
            | set(re.findall(r'^  \{ "(\w+)", tgk_', text, re.MULTILINE))
            | set(re.findall(r'\btgk_(polygamma|copysign|nextafter)_f64 \(', special)))


def test_every_word_of_a_kernel_has_a_bound():
    """A word of a kernel is computed to so many ulp, which a test says, or is exact."""
    text = ''.join(path.read_text(encoding='utf-8')
                   for path in (ROOT / 'libtg' / 'ops').glob('*.op'))
    lines = re.findall(r'^  (?:kernel|finish|select): *(.*)$', text, re.MULTILINE)
    words = {word.lower() for line in lines for word in re.findall(r'[A-Z][A-Z0-9_]+', line)}

    assert len(words) > 80 and EXACT < words
    accurate = (ROOT / 'libtg' / 'ops' / 'accurate.op').read_text(encoding='utf-8')
    by_spec = {word.lower() for word in re.findall(r'^  kernel: +(\w+)', accurate, re.MULTILINE)}
    assert accurate.count('\n  spec:') == len(by_spec)  # test-specs.c has a bound for each

    assert words - EXACT == words_with_a_bound() | by_spec


def test_only_special_functions_may_be_off_by_more_than_an_ulp():
    text = (ROOT / 'tests' / 'test-kernels.c').read_text(encoding='utf-8')
    rows = re.findall(r'_ROW \((\w+), .*, ([\d.]+), [^,]*\),$', text, re.MULTILINE)
    rows += re.findall(r'^  \{ "(\w+)", tgk_.*, ([\d.]+), [^,]*\},$', text, re.MULTILINE)

    assert {name: float(allowed) for name, allowed in rows if float(allowed) > 1.1} == (
        dict.fromkeys(('sigmoid', 'softplus', 'erfc', 'erfcx', 'erfinv', 'erfcinv', 'gamma',
                       'lgamma', 'digamma', 'trigamma'), 4))
    assert len(rows) > 35
