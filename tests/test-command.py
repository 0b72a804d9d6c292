# SPDX-License-Identifier: LGPL-2.1-or-later
"""The program tg says what the library does, in words that people can read."""

import json
import os
import pty
import re
import shutil
import subprocess
from pathlib import Path

import gi
import numpy as np
import pytest

gi.require_version('Tg', '1')

from gi.repository import Tg

ROOT = Path(__file__).parent.parent
PROGRAM = Path(os.environ['TG_BUILD_ROOT']) / 'libtg' / 'command' / 'tg'
COMMANDS = ('explain', 'accuracy', 'grad', 'eval', 'dot')
ENVIRONMENT = os.environ | {'LC_ALL': 'C.UTF-8', 'LANGUAGE': '', 'TG_MODE': ''}


def run(*arguments, **options):
    return subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, check=False,
                          timeout=60, **{'env': ENVIRONMENT, 'text': True, 'input': ''} | options)


def answer(*arguments, **options):
    """What the program prints when all is well."""
    result = run(*arguments, **options)
    assert result.returncode == 0 and not result.stderr, result.stderr
    return result.stdout


def complaint(*arguments, status=1, **options):
    """What the program prints when something is wrong."""
    result = run(*arguments, **options)
    assert (result.returncode, result.stdout) == (status, ''), result
    assert result.stderr.startswith('tg: ') and result.stderr.endswith('\n')
    return result.stderr.removeprefix('tg: ').rstrip('\n')


# How it is called

def test_help_names_every_command_and_every_command_its_options():
    text = answer('--help')
    assert re.findall(r'^  (\w+)  ', text, re.MULTILINE) == list(COMMANDS)
    for command in COMMANDS:
        shown = answer(command, '--help')
        assert f'tg {command} [OPTION…] FORMULA' in shown and 'Examples:\n  tg' in shown
        assert '--declare=NAME: TYPE' in shown


def test_examples_of_the_help_run(tmp_path):
    x = Tg.dvector('x')
    Tg.save(str(tmp_path / 'model.tg'), [Tg.function([x], x * 2, name='predict')])
    np.save(tmp_path / 'x.npy', [1., 2.])
    np.save(tmp_path / 'scores.npy', [[1., 2.]])
    environment = ENVIRONMENT | {'PATH': f'{PROGRAM.parent}:{os.environ["PATH"]}'}
    for command in COMMANDS:
        for line in re.findall(r'^  (tg .*)$', answer(command, '--help').split('Examples:')[1],
                               re.MULTILINE):
            line = line.replace('| dot -Tsvg', '| cat')
            result = subprocess.run(['bash', '-ec', f'set -o pipefail; {line}'], cwd=tmp_path,
                                    env=environment, capture_output=True, text=True, check=False)
            assert (result.returncode, result.stderr) == (0, ''), line


def test_the_version_is_that_of_the_project():
    version = re.search(r"version: '(.*)'", (ROOT / 'meson.build').read_text(encoding='utf-8'))
    assert answer('--version') == f'tg {version[1]}\n'


@pytest.mark.parametrize('arguments, message', [
    ([], 'which command? See tg --help'),
    (['solve', 'x'], 'there is no command “solve”; see tg --help'),
    (['eval'], 'expected one formula, not 0; see tg eval --help'),
    (['eval', 'x', 'y'], 'expected one formula, not 2; see tg eval --help'),
    (['eval', 'x', '--graph'], 'Unknown option --graph'),
    (['dot', 'x', '--json'], 'Unknown option --json'),
    (['eval', 'x'], 'x has no value: give it one with --set x=…'),
    (['eval', 'x', '--set', 'x'], '--set: expected NAME=VALUE, not “x”'),
    (['eval', '1', '--set', 'y=1'], '--set: there is no variable “y” in the formula'),
    (['eval', 'n', '--declare', 'n: i64[]', '--set', 'n=1.5'],
     '--set: n is of int64, which cannot take a value of float64 without loss'),
    (['eval', 'n', '--declare', 'n: u8[]', '--set', 'n=300'],
     '--set: n is of uint8, which cannot take a value of float64 without loss'),
    (['grad', 'x', '--wrt', 'y'], '--wrt: there is no variable “y” in the formula'),
    (['grad', '1 + 2.0'], 'the formula has no floating-point variable to differentiate by'),
    (['explain', 'x', '--assume', 'x'],
     '--assume: expected a comparison with a number, such as “x > 0”, not “x”'),
    (['explain', 'x', '--assume', 'x > y'],
     '--assume: expected a comparison with a number, such as “x > 0”, not “x > y”'),
    (['explain', 'x', '--assume', 'x > 0, x < 0'], '--assume: there is no number that x may be'),
    (['explain', 'x', '--assume', 'x != 1'], '--assume: != is for zero alone'),
    (['explain', 'x', '--accuracy', 'low'],
     '--accuracy: expected “normal” or “high”, not “low”'),
    (['accuracy', 'x', '--range', 'x=1'], '--range: expected NAME=LOW:HIGH, not “x=1”'),
    (['accuracy', 'x', '--range', 'x=1:2z'], '--range: expected NAME=LOW:HIGH, not “x=1:2z”'),
    (['eval', 'f(x: f64[]) = x', '--declare', 'x: f64[]'],
     '--declare: a function declares its own variables'),
])
def test_wrong_calls(arguments, message):
    assert complaint(*arguments, status=2) == message


@pytest.mark.parametrize('arguments, message', [
    (['eval', 'exp(x) - y)'],
     '1:11: expected an operator or the end, not “)”\n  exp(x) - y)\n            ^'),
    (['explain', 'exp(x) +\n  lg(x)'], '2:3: there is no operator “lg”\n    lg(x)\n    ^'),
    (['explain', 'x +'], '1:4: expected an expression, not the end\n  x +\n     ^'),
    (['grad', 'f(x: f64[?]) = y'], '1:16: there is no variable “y”\n  f(x: f64[?]) = y\n'
     '                 ^'),
    (['eval', 'x', '--set', 'x=1 +'],
     '--set:1:4: expected an expression, not the end\n  1 +\n     ^'),
    (['eval', 'x', '--declare', 'x: f65[]'],
     '--declare:1:6: expected a dtype, such as “f64”, not “f65”\n  f(x: f65[]) = 0\n       ^'),
    (['grad', 'sum(x, axis=0)', '--declare', 'x: f64[?, ?]'],
     'grad: the cost must be 0-d, not sum(x): f64[?]'),
    (['accuracy', 'exp(x)', '--range', 'x=2:1'],
     'the range of x: f64[] is empty: it goes from 2 to 1'),
    (['eval', 'x', '--set', 'x=@no.npy'],
     'Failed to open file “no.npy”: No such file or directory'),
    (['eval', 'no.tg'], 'Failed to open file “no.tg”: No such file or directory'),
])
def test_wrong_formulas_and_values(arguments, message):
    assert complaint(*arguments) == message


def test_an_unknown_mode_is_named():
    assert complaint('explain', 'x', '--mode', 'slow').startswith('there is no mode “slow”: ')


def test_the_sign_is_below_the_place_where_letters_are_wide():
    before = 'zeros([2], dtype="漢é") + '
    message = complaint('eval', f'{before})')
    assert message.split('\n')[1:] == [f'  {before})', ' ' * (2 + len(before) + 1) + '^']


def test_a_formula_may_begin_with_a_minus_sign():
    assert answer('eval', '-x * 2', '--set', 'x=3') == '-6.0\n'
    assert answer('eval', '--set', 'x=3', '--', '--x') == '3.0\n'


def test_what_cannot_be_written_is_an_error():
    with open('/dev/full', 'w', encoding='utf-8') as full:
        result = subprocess.run([PROGRAM, 'eval', '1'], stdout=full, stderr=subprocess.PIPE,
                                env=ENVIRONMENT, check=False)
    assert result.returncode == 1 and b'cannot write' in result.stderr


def run_on_terminal(*arguments, **environment):
    master, slave = pty.openpty()
    subprocess.run([PROGRAM, *arguments], stdout=slave, check=True,
                   env=ENVIRONMENT | {'TERM': 'xterm'} | environment)
    os.close(slave)
    parts = []
    while True:
        try:
            part = os.read(master, 4096)
        except OSError:
            break
        if not part:
            break
        parts.append(part)
    os.close(master)
    return b''.join(parts).decode().replace('\r\n', '\n')


def test_colours_are_for_terminals_that_want_them():
    plain = answer('explain', 'log(1 + x)')
    coloured = run_on_terminal('explain', 'log(1 + x)', NO_COLOR='')
    assert '\033' not in plain
    assert '\033[1mas written\033[0m' in coloured
    assert re.sub('\033\\[\\d+m', '', coloured) == plain
    assert run_on_terminal('explain', 'log(1 + x)', NO_COLOR='1') == plain
    assert run_on_terminal('explain', 'log(1 + x)', TERM='dumb') == plain


# Explain

EXPLAINED = '''\
as written
  log(1 + x * y / x)

as optimised
  log1p(y)

measured
  BITS bits of error as written, 0.0 as optimised, in the mean
  over all numbers; --assume says where variables lie

3 steps
  1. div-self  real    real.rules:N    x / x => 1 assuming x != 0
        x * y / x
     => 1 * y
        assuming x != 0
  2. mul-one   exact   exact.rules:N   MUL-ONE
        1 * y
     => y
  3. log1p     stable  stable.rules:N  log (1 + x) => log1p (x)
        log(1 + y)
     => log1p(y)

promised
  exact   the same bits, for every input
  real    equal as real numbers; rounding, inf and nan may differ
  stable  equal as real numbers, and never farther from them than before

assumed
  x != 0

may still lose accuracy
  no sum or difference of two rounded terms
'''


def test_an_explanation():
    text = answer('explain', 'log(1 + x * y / x)')
    text = re.sub(r'rules:\d+', 'rules:N', text)
    rule = Tg.RuleSet.get_default().find('mul-one')
    assert re.sub(r'\d+\.\d bits', 'BITS bits', text) == EXPLAINED.replace('MUL-ONE',
                                                                           rule.get_text())


def test_an_explanation_has_the_steps_of_the_trace():
    x, y = Tg.dscalars('x', 'y')
    f = Tg.function([x, y], Tg.sqrt(x**2 + y**2) - Tg.sin(y) * Tg.cos(x) + Tg.log(1 + x))
    text = answer('explain', 'sqrt(x**2 + y**2) - sin(y) * cos(x) + log(1 + x)')
    for step in f.dup_trace():
        rule = step.get_rule()
        place = f'{rule.get_file()}:{rule.get_line()}' if rule.get_line() else rule.get_file()
        algebra = re.escape(rule.get_text())
        assert re.search(rf'\. {rule.get_name()} +\w+ +{place}\s+{algebra}', text)
    assert f'{len(f.dup_trace())} steps' in text
    assert [str(each) for each in f.list_cancellations()] == (
        [line.strip() for line in text.split('accuracy\n')[1].strip().split('\n')])


def test_an_explanation_says_what_is_not_measured():
    text = answer('explain', 'log(sum(exp(x))) + mean(x)', '--declare', 'x: f64[?]')
    assert '\n  elementwise operators alone, not logsumexp, mean, sum\n' in text
    assert 'measured' not in answer('explain', 'n + 1', '--declare', 'n: i64[]')


def test_an_explanation_in_json():
    x = Tg.dscalar('x')
    f = Tg.function([x], Tg.log(1 + Tg.exp(x)) - Tg.cos(x))
    shown = json.loads(answer('explain', 'log(1 + exp(x)) - cos(x)', '--json'))
    assert shown == {
        'written': 'log(1 + exp(x)) - cos(x)',
        'optimised': str(f.dup_optimised_graph().get_output(0)),
        'steps': json.loads(f.dup_trace().to_json()),
        'cancellations': [str(each) for each in f.list_cancellations()],
    }


def test_what_is_assumed_is_used_and_not_shown():
    text = answer('explain', 'sqrt(x**2)', '--assume', 'x > 0')
    assert 'as optimised\n  x\n' in text
    assert 'assumed\n  x > 0 (as given)\n  nothing else' in text
    assert 'assume(' not in text
    assert 'abs(x)' in answer('explain', 'sqrt(x**2)').split('measured')[0]


@pytest.mark.parametrize('comparison, is_positive', [
    ('x > 0', True), ('0 < x', True), ('x >= 1e-3', True), ('-1 < x <= 1', False),
    ('1 <= x < inf, y != 0', True), ('x != 0', False), ('.5 > x', False), ('x<=-1', False),
])
def test_comparisons(comparison, is_positive):
    text = answer('explain', 'abs(x) + y', '--assume', comparison)
    assert ('as optimised\n  x + y\n' in text) == is_positive


def test_a_mode():
    assert '0 steps' in answer('explain', 'log(1 + x)', '--mode', 'reference')
    assert '0 steps' in answer('explain', 'log(1 + x)', '--mode', '-log1p,-search')
    assert '0 steps' in answer('explain', 'log(1 + x)', env=ENVIRONMENT | {'TG_MODE': 'reference'})
    assert 'log1p' in answer('explain', 'log(1 + x)', '--accuracy', 'high',
                             env=ENVIRONMENT | {'TG_MODE': 'reference,stable'})


# Accuracy

def test_accuracy_is_what_python_says():
    x = Tg.dscalar('x')
    report = Tg.accuracy(Tg.sqrt(x + 1) - Tg.sqrt(x), {x: (1, 1e12)})
    arguments = ('accuracy', 'sqrt(x + 1) - sqrt(x)', '--range', 'x=1:1e12')
    assert json.loads(answer(*arguments, '--json')) == json.loads(report.to_json())
    text = answer(*arguments)
    assert text.startswith(str(report))
    assert all(len(line) <= 100 for line in text.split('\n'))


def test_accuracy_of_several_results():
    text = 'f(x: f64[], y: f64[]) = exp(x) - 1, log(1 + y)'
    shown = json.loads(answer('accuracy', text, '--range', 'x=1e-9:1', '--assume', '0 < y < 1',
                              '--json'))
    assert [part['optimised'] for part in shown] == ['expm1(x)', 'log1p(y)']
    assert all(0 < part['before']['point'][name] < 1 for part, name in zip(shown, 'xy'))
    assert 'result 2:\nwritten    log(1 + y)' in answer('accuracy', text)


# Gradients

def test_gradients():
    assert answer('grad', 'log(1 + exp(x))', '--wrt', 'x') == 'sigmoid(x)\n'
    assert answer('grad', 'x * y**2', '--wrt', 'y', '--wrt', 'x') == (
        'f(x: f64[], y: f64[]) = x * 2 * y, square(y)\n')
    assert answer('grad', 'x * y**2') == 'f(x: f64[], y: f64[]) = square(y), x * 2 * y\n'
    assert answer('grad', 'f(x: f32[], n: i64[]) = exp(x) / 2') == (
        'f(x: f32[], n: i64[]) = f32(0.5) * exp(x)\n')


def test_a_gradient_as_it_is_written_is_that_of_python():
    x = Tg.dscalar('x')
    gradient = Tg.grad(Tg.log(1 + Tg.exp(x)) * x, x)
    assert answer('grad', 'log(1 + exp(x)) * x', '--written') == f'{gradient}\n'


def test_what_is_printed_can_be_read_again():
    gradient = answer('grad', 'f(x: f64[?], y: f64[?]) = sum(tanh(x) * y)', '--wrt', 'x')
    shown = answer('eval', '-', '--set', 'x=[1, 2]', '--set', 'y=[3, 4]', input=gradient)
    np.testing.assert_allclose(eval(shown, {'array': np.array}),
                               [3, 4] / np.cosh([1, 2])**2, rtol=1e-7)


# Values

@pytest.mark.parametrize('formula, options, value', [
    ('exp(x) - 1', ['--set', 'x=1e-10'], '1.00000000005e-10'),
    ('x * 2', ['--set', 'x=[1, 2, 3]'], 'array([2., 4., 6.])'),
    ('x @ y', ['--set', 'x=[[1,2],[3,4]]', '--set', 'y=[1,1]'], 'array([3., 7.])'),
    ('n // 2', ['--declare', 'n: i32[]', '--set', 'n=7'], '3'),
    ('n // 2', ['--declare', 'n: i64[?]', '--set', 'n=[7, 9]'], 'array([3, 4])'),
    ('x / 3', ['--declare', 'x: float32[]', '--set', 'x=1'], '0.3333333432674408'),
    ('x / 3', ['--declare', 'x: f32[?]', '--set', 'x=[0.1]'], 'array([0.03333334], dtype=float32)'),
    ('~(x > 1)', ['--set', 'x=2'], 'false'),
    ('~b', ['--set', 'b=[true, false]'], 'array([False,  True])'),
    ('z * z', ['--set', 'z=complex(0, 1)'], 'complex(-1.0, 0.0)'),
    ('f(x: f64[], y: f64[]) = x + y, x - y', ['--set', 'x=3', '--set', 'y=2'],
     'result 1:\n5.0\nresult 2:\n1.0'),
    ('f(x: f64[2]; w: f64[2]) = update w = w - 1; x @ w',
     ['--set', 'x=[1, 2]', '--set', 'w=[3, 4]'], 'result 1:\n11.0\nnew w:\narray([2., 3.])'),
    ('log(2) + nan', [], 'nan'),
])
def test_values(formula, options, value):
    assert answer('eval', formula, *options) == f'{value}\n'


def test_values_are_those_of_python():
    rng = np.random.default_rng(7)
    for text in ('log(1 + exp(x)) / x', 'sin(x)**2 + cos(x)', 'lgamma(x) - erf(x)'):
        number = rng.uniform(0.1, 3)
        x = Tg.dscalar('x')
        value = float(Tg.function([x], Tg.parse(text, x))(number))
        assert float(answer('eval', text, '--set', f'x={number!r}')) == value


def test_arrays_of_files_come_and_go(tmp_path):
    array = np.arange(6, dtype=np.float32).reshape(2, 3)
    np.save(tmp_path / 'x.npy', array)
    assert answer('eval', 'exp(x)', '--set', f'x=@{tmp_path}/x.npy',
                  '--output', tmp_path / 'y.npy') == ''
    result = np.load(tmp_path / 'y.npy')
    assert result.dtype == np.float32
    np.testing.assert_allclose(result, np.exp(array), rtol=1e-6)
    assert 'one' in complaint('eval', 'f(x: f64[]) = x, x', '--set', 'x=1', '--output', 'y.npy',
                              status=2)
    assert 'no/y.npy' in complaint('eval', '1', '--output', tmp_path / 'no' / 'y.npy')


def test_both_values():
    assert answer('eval', 'exp(x) - 1', '--set', 'x=1e-10', '--compare') == (
        'as written    1.000000082740371e-10\n'
        'as optimised  1.00000000005e-10\n'
        'difference    8.3e-08, relative\n')
    lines = answer('eval', 'exp(x) - 1', '--set', 'x=[[1e-10, 2], [3, 4]]',
                   '--compare').split('\n')
    assert [line.find('[') for line in lines if '[' in line] == [20, 21, 20, 21]
    assert lines[-2] == 'difference    8.3e-08, relative'
    assert 'difference    0, relative' in answer('eval', 'x + nan', '--set', 'x=1', '--compare')


# Drawings

def test_drawings_are_those_of_the_library():
    x = Tg.dscalar('x')
    y = Tg.log(1 + Tg.exp(x))
    assert answer('dot', 'log(1 + exp(x))') == Tg.Graph.new([x], [y]).to_dot()
    optimised = answer('dot', 'log(1 + exp(x))', '--optimised')
    assert re.findall(r'label="(\w+)', optimised) == ['x', 'softplus']
    gradient = answer('dot', 'log(1 + exp(x))', '--gradient', '--optimised')
    assert re.findall(r'label="(\w+)', gradient) == ['x', 'sigmoid']
    assert 'label="multiply' not in answer('dot', 'x * y', '--wrt', 'x', '--optimised')


@pytest.mark.skipif(not shutil.which('dot'), reason='Graphviz is not there')
@pytest.mark.parametrize('formula', [
    'log(sum(exp(X), axis=1)) + [1, 2.5]', 'f(x: f64[3]; w: f64[3]) = update w = w * x; x @ w',
    'let e = exp(x); e / sum(e)', 'x[1:, ::2] + zeros([2, 3], dtype=f32)',
])
def test_graphviz_takes_the_drawings(formula):
    options = () if formula.startswith('f(') else ('--declare', 'X: f64[?, ?], x: f64[?, ?]')
    text = answer('dot', formula, *options)
    result = subprocess.run(['dot', '-Tsvg'], input=text, capture_output=True, text=True,
                            check=False)
    assert (result.returncode, result.stderr) == (0, '')
    nodes = re.findall(r'^  n\d+ \[label=', text, re.MULTILINE)
    assert result.stdout.count('class="node"') == len(nodes)


# Files

@pytest.fixture
def model(tmp_path):
    x, rate = Tg.dvector('x'), Tg.dscalar('rate')
    w = Tg.shared([1., 2.], 'w')
    cost = Tg.sum((x @ w - 1)**2)
    train = Tg.function([x, Tg.In(rate, value=0.5)], cost,
                        updates=[(w, w - rate * Tg.grad(cost, w))], name='train')
    predict = Tg.function([x], x @ w, name='predict')
    Tg.save(str(tmp_path / 'model.tg'), [train, predict])
    Tg.save(str(tmp_path / 'predict.tg'), predict)
    (tmp_path / 'text.tg').write_text('f(x: f64[?]) = sum(x) # a comment\n', encoding='utf-8')
    return tmp_path


def test_files_of_functions(model):
    assert answer('eval', model / 'predict.tg', '--set', 'x=[1, 1]') == '3.0\n'
    assert answer('eval', model / 'text.tg', '--set', 'x=[1, 1]') == '2.0\n'
    assert answer('eval', model / 'model.tg', '--function', 'predict', '--set', 'x=[1, 1]',
                  '--set', 'w=[5, 6]') == '11.0\n'
    assert answer('eval', '-', '--set', 'x=[1, 1]', text=False,
                  input=(model / 'predict.tg').read_bytes()) == b'3.0\n'


def test_updates_and_defaults_of_files(model):
    shown = answer('eval', model / 'model.tg', '--function', 'train', '--set', 'x=[1, 1]')
    assert shown == 'result 1:\n4.0\nnew w:\narray([-1.,  0.])\n'
    shown = answer('eval', model / 'model.tg', '--function', 'train', '--set', 'x=[1, 1]',
                   '--set', 'rate=0.25')
    assert shown == 'result 1:\n4.0\nnew w:\narray([0., 1.])\n'


def test_one_of_the_functions_of_a_file_must_be_meant(model):
    path = model / 'model.tg'
    assert complaint('dot', path, status=2) == (
        'which function is meant? --function=NAME takes one of train, predict')
    assert complaint('dot', path, '--function', 'fit', status=2) == (
        '--function: there is no “fit” in the file, but train, predict')


def test_messages_about_files_name_them(model):
    (model / 'bad.tg').write_text('f(x: f64[]) =\n  x +', encoding='utf-8')
    assert complaint('explain', model / 'bad.tg') == (
        f'{model}/bad.tg:2:6: expected an expression, not the end\n    x +\n       ^')
    data = (model / 'predict.tg').read_bytes()
    (model / 'bad.tg').write_bytes(data[:-10])
    assert complaint('explain', model / 'bad.tg').startswith(f'{model}/bad.tg: byte ')
    assert complaint('explain', '-', input='x *').startswith('standard input:1:4: ')


def test_gradients_by_shared_variables(model):
    shown = answer('grad', model / 'predict.tg', '--wrt', 'w')
    assert shown.startswith('f(x: f64[?]) = einsum(x, ')
    assert answer('eval', '-', '--set', 'x=[3, 4]', input=shown) == 'array([3., 4.])\n'


# The program itself

@pytest.mark.skipif(not shutil.which('valgrind') or 'LD_PRELOAD' in os.environ,
                    reason='valgrind is not there, or not to be used')
@pytest.mark.parametrize('arguments', [
    ['explain', 'log(1 + x) * y', '--assume', 'x > 0', '--mode', '-search'],
    ['explain', 'log(1 + x) - sin(y) * y', '--json', '--mode', '-search'],
    ['grad', 'f(x: f64[?]) = sum(exp(x))', '--mode', '-search'],
    ['eval', 'x * 2', '--set', 'x=[1, 2]', '--compare', '--mode', '-search'],
    ['eval', 'model.tg', '--function', 'train', '--set', 'x=[1, 1]', '--mode', '-search'],
    ['dot', 'x * y', '--gradient'],
    ['eval', 'x +'], ['eval', 'x', '--set', 'x=[1'], ['dot', 'x', '--assume', 'x'],
    ['eval', 'model.tg'], ['eval', '--help'],
], ids=' '.join)
def test_nothing_leaks(arguments, model):
    suppressions = ROOT / 'tests' / 'suppressions' / 'valgrind.supp'
    environment = ENVIRONMENT | {'G_SLICE': 'always-malloc', 'TG_DEBUG': ''}
    result = subprocess.run(
        ['valgrind', '--quiet', '--leak-check=full', '--show-leak-kinds=definite',
         '--errors-for-leak-kinds=definite', '--error-exitcode=99',
         f'--suppressions={suppressions}', PROGRAM, *arguments],
        cwd=model, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode in (0, 1, 2), result.stderr


def read_po_messages():
    files = (ROOT / 'po' / 'POTFILES.in').read_text(encoding='utf-8').split('\n')
    return [name for name in files if name and not name.startswith('#')]


@pytest.mark.skipif(not shutil.which('xgettext'), reason='gettext is not there')
def test_every_message_is_translated(tmp_path):
    subprocess.run(['xgettext', '--from-code=UTF-8', '--keyword=_', '--keyword=N_',
                    '--keyword=g_dngettext:2,3', '-o', tmp_path / 'all.pot', *read_po_messages()],
                   cwd=ROOT, check=True)
    result = subprocess.run(['msgcmp', ROOT / 'po' / 'ja.po', tmp_path / 'all.pot'],
                            capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    subprocess.run(['msgfmt', '--check', '-o', tmp_path / 'ja.mo', ROOT / 'po' / 'ja.po'],
                   check=True)


def test_the_man_page_has_every_option():
    page = ROOT / 'libtg' / 'command' / 'tg.1'
    text = page.read_text(encoding='utf-8').replace('\\-', '-')
    for command in COMMANDS:
        for option in re.findall(r'^  (--[a-z]+)', answer(command, '--help'), re.MULTILINE):
            assert option in text, option


def complete(line):
    script = f'''
        source "$1"
        PATH={PROGRAM.parent}:$PATH COMP_WORDS=({line}) COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
        compopt () {{ :; }}
        _tg
        printf '%s\\n' "${{COMPREPLY[@]}}"'''
    result = subprocess.run(['bash', '-c', script, 'bash', ROOT / 'libtg/command/tg.bash'],
                            env=ENVIRONMENT, capture_output=True, text=True, check=True)
    assert result.stderr == ''
    return result.stdout.split()


def test_bash_completes_commands_and_options():
    assert complete("tg ''") == [*COMMANDS, '--help', '--version']
    assert complete('tg ex') == ['explain']
    assert complete('tg eval --s') == ['--set=']
    assert complete('tg eval x --comp') == ['--compare']
    assert complete("tg eval x --accuracy '=' h") == ['high']
    assert complete("tg eval x --mode ref") == ['reference']


def test_bash_completes_files(tmp_path):
    for name in ('model.tg', 'model.txt'):
        (tmp_path / name).write_text('', encoding='utf-8')
    (tmp_path / 'models').mkdir()
    assert complete(f'tg dot {tmp_path}/mod') == [f'{tmp_path}/model.tg', f'{tmp_path}/models']
    assert complete(f'tg eval x --output {tmp_path}/model.tx') == [f'{tmp_path}/model.txt']
