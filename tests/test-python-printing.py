# SPDX-License-Identifier: LGPL-2.1-or-later
"""Expressions as people see them in Python: as a line, as a tree and as a drawing."""

import io
import re
import shutil
import sys

import gi

gi.require_version('Tg', '1')

import pytest
from gi.repository import Tg


def make():
    x, w = Tg.dmatrix('x'), Tg.shared([1., 2.], 'w')
    product = x @ w
    cost = (Tg.exp(product) + product).sum(axis=0)
    cost.name = 'cost'
    return x, cost


TREE = '''\
sum {axis=[0], keepdims=false} 'cost' [id 0]
 |add [id 1]
   |exp [id 2]
   | |matmul [id 3]
   |   |x [id 4]
   |   |w [id 5]
   |matmul [id 3] ...
'''


def test_a_tree_of_operators():
    assert Tg.debugprint(make()[1], file='str') == TREE


def test_trees_of_functions_and_lists_go_to_files(capsys):
    x, cost = make()
    f = Tg.function([x], cost)
    stream = io.StringIO()

    Tg.debugprint([cost, x], file=stream)
    Tg.debugprint(f)

    assert stream.getvalue() == TREE + 'x [id 4]\n'
    printed = capsys.readouterr().out
    assert printed.startswith('sum {axis=[0]') and '|x [id' in printed


def test_a_tree_may_be_cut_and_tell_types():
    assert Tg.debugprint(make()[1], depth=2, print_type=True, file='str') == (
        "sum {axis=[0], keepdims=false} 'cost' [id 0] <f64[]>\n |add [id 1] <f64[?]> ...\n")


def test_a_deep_tree():
    x = y = Tg.dscalar('x')
    for _ in range(3 * sys.getrecursionlimit()):
        y = y + 1

    text = Tg.debugprint(y, file='str')

    assert text.count('\n') == 6 * sys.getrecursionlimit() + 1 and f'|{x} [id' in text


def test_a_line():
    x, cost = make()

    assert Tg.pp(x + 1) == 'x + 1'
    assert Tg.pp(Tg.function([x], x + 1, name='f')) == 'f(x: f64[?, ?]) = x + 1'


def test_what_is_no_expression():
    with pytest.raises(TypeError) as error:
        Tg.debugprint([1])
    assert str(error.value) == 'debugprint[0]: expected a variable, not int'


@pytest.mark.skipif(not shutil.which('dot'), reason='Graphviz is not there')
@pytest.mark.parametrize('name, format, start', [
    ('graph.svg', None, b'<?xml'), ('graph.png', None, b'\x89PNG'), ('graph', 'svg', b'<?xml')])
def test_a_drawing(name, format, start, tmp_path):
    x, cost = make()
    for graph in (cost, Tg.function([x], cost)):
        Tg.pydotprint(graph, outfile=tmp_path / name, format=format)
        assert (tmp_path / name).read_bytes().startswith(start)


def test_what_is_drawn():
    text = Tg.parse_function('''
        f(x: f64[?, ?], unused: f32[]; step: f64[]) =
          let e = exp(x);
          update step = step * 2;
          e / (e - x), sum(x, axis=1) + [0.12345678, 1.12345678, 2.12345678, 3.12345678]
        ''').to_dot()

    for node in ('"exp → e\\nf64[?, ?]", f', '"x\\nf64[?, ?]", shape=ellipse',
                 '"unused\\nf32[]", shape=ellipse', '"sum, axis=1\\nf64[?]", fill',
                 '"constant\\nf64[4]", shape=note', '"2\\ni64[]", shape=note'):
        assert text.count(f'label={node}') == 1, node
    assert text.count('penwidth=3') == 2
    (update,) = re.findall(r'(n\d+ -> n\d+) \[style=dashed', text)
    new_value, step = update.split(' -> ')
    assert f'{new_value} [label="multiply' in text and f'{step} [label="step' in text


def test_shared_variables_are_drawn_as_such():
    text = (Tg.shared([1., 2.], 'a "step"') * 2).to_dot()
    assert r'n0 [label="a \"step\"\nf64[2]", shape=cylinder' in text


def test_operands_that_may_not_change_places_are_named():
    x, y = Tg.dscalars('x', 'y')
    assert re.findall(r'(n\d) -> n2 \[label="(\w)"\]', (y / x).to_dot()) == [
        ('n0', 'x'), ('n1', 'y')]
    assert 'n0 [label="y\\n' in (y / x).to_dot()
    assert re.findall(r'n\d -> n\d.*', (x * x).to_dot()) == ['n0 -> n1;', 'n0 -> n1;']
    branches = re.findall(r'-> n3 \[label="(\w+)"\]', Tg.where(x > y, x, y).to_dot())
    assert len(branches) == 3 == len(set(branches))


def test_symbols_without_a_dtype_have_that_of_floatX():
    assert Tg.config.floatX == Tg.matrix().dtype == 'float64'
    try:
        Tg.config.floatX = 'float32'
        assert [variable.dtype for variable in (Tg.matrix(), *Tg.scalars('a', 'b'), Tg.dvector(),
                                                Tg.vector(dtype='int8'))] == [
            'float32', 'float32', 'float32', 'float64', 'int8']
        with pytest.raises(ValueError) as error:
            Tg.config.floatX = 'int8'
        assert str(error.value) == 'floatX: expected a floating-point dtype, not int8'
        assert Tg.config.floatX == 'float32'
    finally:
        Tg.config.floatX = 'float64'
