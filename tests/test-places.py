# SPDX-License-Identifier: LGPL-2.1-or-later
"""Where variables were made: what they remember, and what messages say of it."""

import os
import subprocess
import sys
import threading

import gi

gi.require_version('Tg', '1')

import numpy as np
import pytest
from gi.repository import GLib, Tg

FILE = os.path.basename(__file__)


def line():
    """The line of the caller."""
    return sys._getframe(1).f_lineno


def fail(action):
    with pytest.raises(GLib.Error) as error:
        action()
    return error.value.message


@pytest.mark.parametrize('make', [
    lambda x, y: x + y,
    lambda x, y: 2 * x,
    lambda x, y: x ** 0.5,
    lambda x, y: Tg.exp(x),
    lambda x, y: x.tanh(),
    lambda x, y: x.sum(axis=0),
    lambda x, y: x[1:],
    lambda x, y: x.reshape(-1, 1),
    lambda x, y: x.shape,
    lambda x, y: Tg.concat([x, y]),
    lambda x, y: Tg.dmatrix('m'),
    lambda x, y: Tg.dscalars('a', 'b')[1],
    lambda x, y: Tg.constant(np.ones(3)),
    lambda x, y: Tg.shared(0.),
    lambda x, y: Tg.RandomStreams(1).uniform((2,)),
])
def test_a_variable_knows_its_place(make):
    place = make(Tg.dvector('x'), Tg.dvector('y')).place

    assert place.file == __file__
    assert place.line == make.__code__.co_firstlineno
    assert place.function == '<lambda>'
    assert repr(place) == f'{FILE}, line {place.line}'


def test_a_number_has_the_place_of_its_operator():
    x = Tg.dscalar('x')

    y = x + 1; here = line()  # noqa: E702

    assert y.get_input(1).place.line == here


def test_lines_of_one_function_are_told_apart():
    x = Tg.dscalar('x')
    variables, lines = [], []
    for _ in range(2):
        variables.append(Tg.exp(x)); lines.append(line())  # noqa: E702
        variables.append(Tg.exp(x)); lines.append(line())  # noqa: E702

    assert [variable.place.line for variable in variables] == lines


def test_a_gradient_has_the_place_of_what_it_is_the_gradient_of():
    x = Tg.dscalar('x')
    y = Tg.exp(x); here = line()  # noqa: E702

    gradient = Tg.grad(y, x)

    assert gradient.place.line == here


def test_text_gives_line_and_column():
    x = Tg.dscalar('x')
    y = Tg.parse('x *\n  exp (x)', x); here = line()  # noqa: E702

    assert (y.place.text_line, y.place.text_column) == (1, 3)
    inner = y.get_input(1).place
    assert (inner.text_line, inner.text_column, inner.line) == (2, 3, here)
    assert repr(inner) == f'2:3 of the text at {FILE}, line {here}'
    assert (x.place.text_line, x.place.text_column) == (0, 0)


def test_parameters_of_text_know_their_place():
    graph = Tg.parse_function('f(x: f64[], why: f64[]) = x + why')

    assert [graph.get_input(i).place.text_column for i in range(2)] == [3, 13]


def test_a_thread_has_its_own_place():
    places = []

    def work():
        Tg.Place.push('elsewhere.c', 3, 'work')
        places.append(Tg.dscalar().place)
        Tg.Place.pop()

    Tg.Place.push('here.c', 7, None)
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    places.append(Tg.dscalar().place)
    Tg.Place.pop()

    assert list(map(repr, places)) == ['elsewhere.c, line 3', 'here.c, line 7']
    assert places[0].function == 'work' and places[1].function is None
    assert Tg.dscalar().place.file == __file__


# Messages

def test_while_it_is_built_the_inputs_have_places():
    a = Tg.tensor('float64', (2, 3), 'a'); first = line()  # noqa: E702
    b = Tg.tensor('float64', (4, 3), 'b'); second = line()  # noqa: E702

    assert fail(lambda: a + b) == (
        'add (a: f64[2, 3], b: f64[4, 3]): the shapes cannot be broadcast together '
        f'(a made at {FILE}, line {first}; b made at {FILE}, line {second})')


def test_inputs_without_a_name_have_numbers():
    a = Tg.tensor('float64', (2, 3), 'a')
    b = Tg.exp(a); made = line()  # noqa: E702

    assert fail(lambda: b @ Tg.ones((2, 3))) == (
        'matmul (exp(a): f64[2, 3], ones([2, 3]): f64[2, 3]): dimensions that belong together '
        f'differ: 3 and 2 (input 1 made at {FILE}, line {made})')


def test_what_is_in_the_same_line_is_not_named():
    assert fail(lambda: Tg.ones((2, 3)) + Tg.ones((4, 3))) == (
        'add (ones([2, 3]): f64[2, 3], ones([4, 3]): f64[4, 3]): the shapes cannot be broadcast '
        'together')


def test_while_it_runs_the_operator_has_a_place():
    x, y = Tg.dvectors('x', 'y')
    z = x + y; made = line()  # noqa: E702
    f = Tg.function([x, y], z.sum(), name='f')

    assert fail(lambda: f(np.ones(3), np.ones(4))) == (
        'f: add (x: f64[3], y: f64[4]): the shapes cannot be broadcast together '
        f'(made at {FILE}, line {made})')


def test_what_a_given_rebuilds_keeps_its_place():
    x, y, w = Tg.dvectors('x', 'y', 'w')
    z = x + y; made = line()  # noqa: E702
    f = Tg.function([x, w], z, givens={y: w}, name='f')

    assert fail(lambda: f(np.ones(3), np.ones(4))) == (
        'f: add (x: f64[3], w: f64[4]): the shapes cannot be broadcast together '
        f'(made at {FILE}, line {made})')


def test_an_operator_in_text_has_a_place_in_it():
    x, y = Tg.dvectors('x', 'y')
    z = Tg.parse('1 + x * y', x, y); made = line()  # noqa: E702
    f = Tg.function([x, y], z, name='f')

    assert fail(lambda: f(np.ones(3), np.ones(4))) == (
        'f: multiply (x: f64[3], y: f64[4]): the shapes cannot be broadcast together '
        f'(made at 1:7 of the text at {FILE}, line {made})')


def test_a_missing_input_has_a_place():
    x = Tg.dvector('x'); made = line()  # noqa: E702

    assert fail(lambda: Tg.function([], x * 2, name='f')) == (
        f'f: an output needs x: f64[?], which is not among the inputs (made at {FILE}, '
        f'line {made})')


def test_a_place_that_a_person_gave_is_named_while_it_is_built():
    a = Tg.tensor('float64', (2, 3), 'a'); first = line()  # noqa: E702
    Tg.Place.push('model.c', 7, 'build')
    message = fail(lambda: a.reshape(4))
    Tg.Place.pop()

    assert message == ('reshape (a: f64[2, 3], [4]: i64[1]): the elements of [2, 3] do not fill '
                       f'[4] (made at model.c, line 7; a made at {FILE}, line {first})')


# Name scopes

def test_names_begin_with_their_scope():
    with Tg.name_scope('encoder') as outer:
        with Tg.name_scope('layer1') as inner:
            w, x = Tg.shared(np.ones(3), 'w'), Tg.dvector('x')
            h = w * x
            h.name = 'h'
        b = Tg.shared(0., 'b')
    plain = h + b

    assert (outer, inner) == ('encoder', 'encoder/layer1')
    assert [v.name for v in (w, x, h)] == [f'encoder/layer1/{name}' for name in 'wxh']
    assert [v.scope for v in (w, x, h, b)] == ['encoder/layer1'] * 3 + ['encoder']
    assert b.name == 'encoder/b' and plain.scope is None and plain.name is None
    assert Tg.dscalar('y').name == 'y'


def test_a_name_given_back_stays_as_it_is():
    with Tg.name_scope('layer1'):
        x = Tg.dvector('x')
        x.name = x.name

    assert x.name == 'layer1/x'


def test_a_scope_ends_with_an_exception():
    with pytest.raises(KeyError), Tg.name_scope('layer1'):
        raise KeyError

    assert Tg.name_scope_dup() is None


def test_a_scope_needs_a_name():
    with pytest.raises(ValueError, match='^a name scope needs a name$'), Tg.name_scope(''):
        pass

    assert Tg.name_scope_dup() is None


def test_gradients_belong_to_the_scope_of_their_operator():
    x = Tg.dscalar('x')
    with Tg.name_scope('layer1'):
        y = Tg.exp(x)

    assert Tg.grad(y * 2, x).scope == 'layer1'


def test_text_calls_a_variable_without_its_scope():
    with Tg.name_scope('layer1'):
        x = Tg.dscalar('x')

    assert Tg.parse('x + 1', x).get_input(0) is x
    assert Tg.function([x], x + 1)(2) == 3


def test_without_the_extension_places_are_the_same():
    program = ('import gi; gi.require_version("Tg", "1"); from gi.repository import Tg\n'
               'x = Tg.dvector("x")\n'
               'for v in (x, x + 1, x.sum(), Tg.exp(x)): print(v.place, v.place.function)\n')
    shown = [subprocess.run([sys.executable, '-c', program], capture_output=True, text=True,
                            check=True, timeout=60,
                            env=os.environ | {'TG_PYTHON_NO_EXTENSION': flag}).stdout
             for flag in ('', '1')]

    assert shown[0] == shown[1]
    assert shown[0].splitlines() == ['<string>, line 2 <module>'] + [
        '<string>, line 3 <module>'] * 3


EXPRESSIONS = '''
x + y; 2 * x; x ** 0.5; x > True; -x; abs(x); x @ y; x % 3; 7 // x; Tg.where(x > 0, x, 0)
x.sum(); x.sum(0); x.sum(axis=-1); x.sum(axis=(0, 1)); x.sum([0], True); x.sum(axis=[])
x.mean(keepdims=True); x.max(axis=1, keepdims=False); x.argmax(0); x.any(axis=np.int64(1))
x[0]; x[-1, 1]; x[i]; x[1:]; x[::-1, ::2]; x[i:, None]; x[..., 0]; x.T; x.transpose(1, 0)
x.reshape(2, -1); x.reshape((-1,)); x.reshape(x.shape); x.flatten(); Tg.zeros(3); Tg.ones((2, i))
Tg.permute_dims(x, range(2)); Tg.squeeze(x); Tg.expand_dims(x, (0, -1)); Tg.eye(3, k=1)
Tg.broadcast_to(x, (2, 3)); x.astype('float32'); Tg.concat([x, y]); Tg.arange(5); Tg.arange(i)
Tg.add(x=x, y=1); Tg.exp(np.float32(2)); Tg.exp(2**63); Tg.add(x, [1, 2]); x.sum(axis=5); x[0.5]
Tg.permute_dims(x, None); Tg.exp('x'); x.sum(axis='0'); x + object(); Tg.reshape(x, [1.5]); x[2**70]
Tg.std(x, axis=0, correction=1); x.var(correction=0.5); Tg.std(x, correction='1')
Tg.take(x, [1, 0]); Tg.take(x, []); Tg.take(x, 1, axis=1); Tg.ptp(x, 1, True); Tg.ptp(x, 2)
'''


def test_the_extension_builds_what_is_built_without_it():
    program = f'''if True:
        import gi, numpy as np
        gi.require_version('Tg', '1')
        from gi.repository import Tg
        x, y, i = Tg.dmatrix('x'), Tg.dmatrix('y'), Tg.lscalar('i')
        for text in {EXPRESSIONS!r}.replace(chr(10), ';').split(';'):
            try:
                value = eval(text.strip() or '0')
                print(text, value, getattr(value, 'type', None))
            except Exception as error:
                print(text, type(error), str(error))
        '''
    shown = [subprocess.run([sys.executable, '-c', program], capture_output=True, text=True,
                            check=True, timeout=60,
                            env=os.environ | {'TG_PYTHON_NO_EXTENSION': flag}).stdout.splitlines()
             for flag in ('', '1')]

    assert len(shown[0]) > 55
    assert shown[0] == shown[1]
