# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a reader and a type checker learn of the Python binding: docstrings and stubs."""

import ast
import inspect
import os
import re
import subprocess
import sys
from pathlib import Path

import gi

gi.require_version('Tg', '1')

import pytest
from gi.repository import Tg

STUBS = Path(os.environ['TG_BUILD_ROOT']) / 'introspection' / 'gi-stubs' / 'repository' / 'Tg.pyi'
NAMES = sys.modules['gi.overrides.Tg'].__all__
TREE = ast.parse(STUBS.read_text(encoding='utf-8'))
# How a docstring may speak of the shape and of the dtype of what a function takes or returns.
SHAPE = r'shape|ax[ei]s|dimension|broadcast|0-d|vector|matri|rows'
DTYPE = r'dtype|boolean|\bint\d+|float'
# Functions that take and return dtypes alone.
ABOUT_DTYPES = {'as_dtype', 'finfo', 'iinfo', 'isdtype'}
# What is no operator may as well speak of things that have both.
THING = r'[Tt]ensor|array|variable|symbol|expression'


# Docstrings

@pytest.mark.parametrize('name', [name for name in NAMES if getattr(Tg, name) is not Tg.newaxis])
def test_public_names_have_docstrings(name):
    text = inspect.getdoc(getattr(Tg, name))
    assert text and len(text.split()) >= 4, name


@pytest.mark.parametrize('name', [name for name in NAMES if inspect.isfunction(getattr(Tg, name))
                                  and name not in ABOUT_DTYPES])
def test_docstrings_tell_shapes_and_dtypes(name):
    text = inspect.getdoc(getattr(Tg, name))
    other = '' if getattr(Tg, name).__module__ == 'gi.repository.Tg' else f'|{THING}'
    assert re.search(SHAPE + other, text), text
    assert re.search(DTYPE + other, text), text


@pytest.mark.parametrize('name, sentence', [
    ('exp', 'has the shape of `x`. The result has the promoted dtype'),
    ('add', 'Inputs are broadcast against each other. The result has the promoted dtype'),
    ('sum', 'The result has no axis of `axis` or, with `keepdims`, has it with size 1.'),
    ('argmax', 'The result has the dtype int64.'), ('less', 'The result is boolean.'),
    ('zeros', 'The result has the dtype `dtype`.'),
])
def test_operators_tell_what_the_table_says(name, sentence):
    assert sentence in getattr(Tg, name).__doc__


# Stubs

def test_stubs_have_all_public_names_and_no_others():
    written = {node.name for node in TREE.body if isinstance(node, (ast.ClassDef, ast.FunctionDef))}
    written |= {node.target.id for node in TREE.body if isinstance(node, ast.AnnAssign)}

    assert set(NAMES) <= written
    for name in filter(lambda name: name[0] != '_', written):
        assert hasattr(Tg, name), name


def test_stubs_have_the_methods_that_there_are():
    for node in TREE.body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith('_'):
            methods = [part for part in node.body if isinstance(part, ast.FunctionDef)]
            assert node.body
            for method in methods:
                properties = {pspec.name.replace('-', '_') for pspec in getattr(
                    getattr(Tg, node.name), 'list_properties', list)()}
                assert hasattr(getattr(Tg, node.name), method.name) or method.name in properties, \
                    f'{node.name}.{method.name}'


def test_stubs_have_the_signatures_of_the_override():
    written = {node.name: node.args for node in TREE.body if isinstance(node, ast.FunctionDef)}
    for name in NAMES:
        if inspect.isfunction(getattr(Tg, name)):
            expected = list(inspect.signature(getattr(Tg, name)).parameters)
            args = written[name]
            found = [arg.arg for arg in (*args.args, args.vararg, *args.kwonlyargs, args.kwarg)
                     if arg]
            assert found == expected, name


def check(tmp_path, text):
    """What mypy says about a program that uses the stubs."""
    (tmp_path / 'program.py').write_text(text, encoding='utf-8')
    result = subprocess.run(
        [sys.executable, '-m', 'mypy', '--strict', '--no-error-summary', '--ignore-missing-imports',
         '--cache-dir', str(STUBS.parents[2] / 'mypy-cache'), str(tmp_path / 'program.py')],
        env=os.environ | {'PYTHONPATH': str(STUBS.parents[2])}, capture_output=True, text=True,
        check=False, cwd=tmp_path)
    assert not result.stderr, result.stderr
    return result.stdout.splitlines()


HEAD = '''\
import numpy as np
from gi.repository import Tg

x, y = Tg.dmatrix('x'), Tg.dvector('y')
w = Tg.shared(np.zeros(3), name='w')
'''

RIGHT = HEAD + '''\
p = 1 / (1 + Tg.exp(-(x @ w) - 2)) ** 2
cost = Tg.sum((p - y) * [1, 2.5, 1, 2], axis=0, keepdims=True).mean()
train = Tg.function([x, y], [cost, p], updates=[(w, w - 0.1 * Tg.grad(cost, w))], name='train')
result = train(np.ones((4, 3)), y=[1, 0, 1, 0])
row: np.ndarray[object, np.dtype[np.float64]] = x[0, ::2].T.eval({x: np.ones((4, 3))})
tensor = Tg.as_tensor([[1, 2], [3, 4]])
number: float = float(tensor[0, 1])
shape: tuple[int, ...] = tensor.shape
Tg.savez('x.npz', tensor, w=w.get_value(borrow=True))
for variable in Tg.Graph.new([x], [Tg.exp(x)]):
    print(variable)
w.set_value(np.ones(3))
w.value = 2 * w.value
kind: Tg.Variable = Tg.TensorType('float32', (None, 3))('kind')
symbol: Tg.Variable = Tg.tensor('float32', (None, 3), 'symbol')
if tensor.get_dtype() == Tg.DType.INT64:
    print(Tg.load('x.npy', mmap_mode='r'))
w.connect('notify::value', print)
place: str | None = None if x.place is None else x.place.file
other: Tg.Function = train.copy(swap={w: Tg.shared(np.zeros(3))}, name='other')
count = Tg.function([Tg.In(y, value=[1, 2], borrow=True)], Tg.max_and_argmax(y), mode='check')
count['y'] = count['y'] + 1
future = count.call_async([1, 2])
future.cancel()
made: list[str] = [each.name or Tg.pp(each) for each in (x + 1).inputs]
limits: tuple[float, int] = (Tg.finfo('float32').eps, Tg.iinfo('int8').max)
half, rest = divmod(y * Tg.pi, 2)
sums = [y.sum(dtype='float32', acc_dtype='float64'), Tg.std(y, ddof=1), Tg.diff(y, append=[0])]
draw = Tg.RandomStreams(1).normal((2, 3), avg=1, std=y[0], dtype=np.float32)
with Tg.name_scope('layer') as scope:
    named: str = scope
'''

WRONG = {
    "Tg.exp('x')": 'incompatible type "str"',
    'Tg.expo(x)': 'has no attribute "expo"',
    'x.summ()': 'has no attribute "summ"',
    'Tg.sum(x, axes=0)': 'Unexpected keyword argument "axes"',
    'Tg.function(x, y, update=[])': 'Unexpected keyword argument "update"',
    'Tg.function(1, y)': 'incompatible type "int"',
    'Tg.dscalar(3)': 'incompatible type "int"',
    'Tg.grad([y], x)': 'expected "Variable"',
    'Tg.Tensor.new_double("a")': 'expected "float"',
    'Tg.as_tensor(x)': 'incompatible type "Variable"',
    'whole: int = Tg.as_tensor(1).shape': 'Incompatible types in assignment',
    'Tg.DType.FLOAT65': 'has no attribute "FLOAT65"',
    'w.set_value(x)': 'incompatible type "Variable"',
    'x.name = 3': 'Incompatible types in assignment',
    'x.place.line': 'has no attribute "line"',
    'Tg.function([y], y).copy(swap=3)': 'incompatible type "int"',
    'integer: int = Tg.pp(x)': 'Incompatible types in assignment',
    'Tg.sum(x, acc_dtype=3)': 'incompatible type "int"',
    "Tg.RandomStreams(1).normal(std='1')": 'incompatible type "str"',
}


def test_right_programs_pass(tmp_path):
    assert check(tmp_path, RIGHT) == []


def test_wrong_lines_are_found(tmp_path):
    said = check(tmp_path, HEAD + '\n'.join(WRONG) + '\n')

    for number, (line, message) in enumerate(WRONG.items(), HEAD.count('\n') + 1):
        about = [text for text in said if f'program.py:{number}:' in text]
        assert any(message in text for text in about), (line, about)


def test_the_right_program_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    exec(RIGHT.replace('keepdims=True', 'keepdims=False').replace(
        "print(Tg.load('x.npy', mmap_mode='r'))", "print(Tg.load('x.npz'))"), {})
