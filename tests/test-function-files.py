# SPDX-License-Identifier: LGPL-2.1-or-later
"""Files of graphs and functions: what is loaded does what was saved, and damage is an error."""

import io
import pickle
import random
import re
import subprocess
import zipfile

import gi

gi.require_version('Tg', '1')

import numpy as np
import pytest
from gi.repository import GLib, Tg
from hypothesis import given
from hypothesis import strategies as st
from references import DTYPES, ELEMENTWISE, OPS, REDUCE, draw, make_symbols
from sizes import examples
from strategies import STRATEGIES

# Numpy's, of divisions by zero.
pytestmark = pytest.mark.filterwarnings('ignore::RuntimeWarning')
# Where a mistake is: in a text, or where a part of the file begins.
POSITION = re.compile(r'byte \d+: |\.tg:\d+:\d+: ')


def make_functions():
    """Two functions that share weights, with everything that an input or an output may have."""
    rng = np.random.default_rng(1)
    x, y, step = Tg.dmatrix('x'), Tg.dvector('y'), Tg.dscalar('step')
    w, b = Tg.shared(rng.normal(size=3), 'layer 1/w'), Tg.shared(np.float64(0.25), 'b')
    table = Tg.constant(rng.normal(size=200))
    logits = x @ w + b + table[:1]
    logits.name = 'layer 1/logits'
    error = Tg.sigmoid(logits) - y
    cost = Tg.mean(error**2)
    rate = Tg.In(step, value=0.5, update=step * 0.9, name='learning rate', strict=True)
    train = Tg.function(
        [x, y, rate], {'cost': cost, 'a "name"': Tg.Out(error * 1, borrow=True)},
        updates=list(zip([w, b], [v - step * g for v, g in zip([w, b], Tg.grad(cost, [w, b]))])),
        name='train\nit')
    predict = Tg.function([Tg.In(x, borrow=True, allow_downcast=True)], Tg.sigmoid(logits),
                          name='predict')
    return train, predict


def to_bytes(*functions):
    return bytes(Tg.functions_to_bytes(functions).get_data())


def load(data, mode=None):
    return Tg.functions_from_bytes(GLib.Bytes.new(data), mode)


def same_bits(first, second):
    first, second = np.asarray(first), np.asarray(second)
    return (first.dtype, first.shape, first.tobytes()) == (second.dtype, second.shape,
                                                           second.tobytes())


def test_functions_do_the_same_and_go_on_sharing(tmp_path):
    train, predict = make_functions()
    Tg.save(tmp_path / 'model', [train, predict])
    train_again, predict_again = Tg.load(tmp_path / 'model.tg')
    rng = np.random.default_rng(2)
    x, y = rng.normal(size=(7, 3)), rng.integers(0, 2, 7).astype('float64')

    for _ in range(5):
        expected, result = train(x, y), train_again(x, y)
        assert list(result) == ['cost', 'a "name"']
        assert all(same_bits(result[name], expected[name]) for name in result)
        assert same_bits(predict_again(x), predict(x))
    assert same_bits(train['learning rate'], train_again['learning rate'])
    assert same_bits(train(x, y, **{'learning rate': 0.1})['cost'],
                     train_again(x, y, **{'learning rate': 0.1})['cost'])


def test_options_and_names_are_kept():
    train, predict = load(to_bytes(*make_functions()))
    rate, x = train.get_input_options(2), predict.get_input_options(0)

    assert (train.name, predict.name) == ('train\nit', 'predict')
    assert (rate.get_name(), rate.get_variable().name) == ('learning rate', 'step')
    assert rate.get_strict() and not x.get_strict()
    assert x.get_borrow() and not rate.get_borrow()
    assert x.get_downcast() == Tg.Downcast.ALWAYS
    graph = train.dup_graph()
    names = {graph.get_item(i).name for i in range(graph.get_n_items())}
    assert {'layer 1/w', 'layer 1/logits', 'b'} <= names


def test_saving_again_gives_the_same_file():
    data = to_bytes(*make_functions())

    assert to_bytes(*load(data)) == data


def test_copies_and_givens_are_saved_as_they_are():
    x, w = Tg.dvector('x'), Tg.shared(np.ones(2), 'w')
    f = Tg.function([x], x * w, updates=[(w, w + x)], givens={w: w * 3})
    copy = f.copy(swap={w: Tg.shared(np.full(2, 5.), 'v')}, name='copy')
    copy_again, = load(to_bytes(copy))

    for _ in range(2):
        assert same_bits(copy_again([1., 2.])[0], copy([1., 2.]))


def test_an_input_that_is_an_expression():
    x = Tg.dvector('x')
    y = Tg.exp(x)
    f, = load(to_bytes(Tg.function([y], y + 1)))

    assert f([1.])[0].tolist() == [2]


def test_random_numbers_go_on():
    f = Tg.function([], Tg.RandomStreams(7).normal((3,)))
    f()
    again, = load(to_bytes(f))

    for _ in range(3):
        assert same_bits(again()[0], f())


@pytest.mark.parametrize('dtype', [dtype for dtype in DTYPES if dtype != 'bfloat16'])
def test_constants_keep_their_bits(dtype):
    kind, size = np.dtype(dtype).kind, np.dtype(dtype).itemsize
    patterns = np.random.default_rng(3).integers(0, 256, 60 * size, 'uint8')
    array = patterns.view(dtype) if kind != 'b' else patterns % 2 == 0
    special = {'f': [0., -0., np.inf, -np.inf, np.nan, -np.nan, np.finfo(dtype).tiny / 4]
               if kind == 'f' else 0,
               'c': [complex(-0., 0.), complex(np.nan, -np.inf)]}.get(kind, [1, 0])
    for values in array, np.array(special, dtype), array[:1].reshape(()), array[:0]:
        f, = load(to_bytes(Tg.function([], Tg.constant(values))))
        assert same_bits(f()[0], values)


@pytest.mark.parametrize('number', [0., -0., 5e-324, 0.1, -1e300, np.inf, -np.inf, np.nan, 1 / 3,
                                    7, -7, 2**62, True])
def test_weak_numbers_stay_weak(number):
    x = Tg.fvector('x')
    f = Tg.function([x], Tg.where(x > 0, number, x))
    again, = load(to_bytes(f))

    assert same_bits(again(np.float32([1, -1]))[0], f(np.float32([1, -1])))


def test_graphs(tmp_path):
    x = Tg.dvector('x')
    w = Tg.shared(np.arange(3.), 'w')
    graph = Tg.Graph.new([x], [x * w, Tg.sum(x)])
    graph.save(tmp_path / 'graph.tg')
    again = Tg.Graph.load(str(tmp_path / 'graph.tg'))

    assert again.to_string() == graph.to_string()
    assert Tg.function([again.get_input(0)], again.get_output(0))([1., 1, 1]).tolist() == [0, 1, 2]
    with pytest.raises(GLib.Error, match='needed, but no input') as caught:
        Tg.Graph.new([], [x]).to_bytes()
    assert caught.value.matches(Tg.CompileError.quark(), Tg.CompileError.MISSING_INPUT)


def test_pickles():
    _, predict = make_functions()
    x = np.ones((2, 3))

    assert same_bits(pickle.loads(pickle.dumps(predict))(x), predict(x))
    graph = predict.dup_graph()
    assert pickle.loads(pickle.dumps(graph)).to_string() == graph.to_string()


def test_whole_functions_are_parsed():
    graph = Tg.parse('f(x: f64[?]; w: f64[]) = update w = w + sum(x); exp(x) * w')

    assert graph.get_n_updates() == 1
    assert graph.get_updated(0).name == 'w' and str(graph.get_new_value(0)) == 'w + sum(x)'
    x = Tg.dvector('x')
    assert str(Tg.parse('exp(x)', x)) == 'exp(x)'


SCRIPT = '''
import Tg from 'gi://Tg?version=1';

const [train, predict] = Tg.load(`${ARGV[0]}/model.tg`);
const {cost} = train([[1, 2, 3]], [1]);
print(+cost, predict([[1, 2, 3]]).toArray());
Tg.save(`${ARGV[0]}/again.tg`, [train, predict]);
'''


def test_functions_in_javascript(tmp_path):
    functions = make_functions()
    Tg.save(tmp_path / 'model.tg', functions)
    (tmp_path / 'load.js').write_text(SCRIPT, encoding='utf-8')
    result = subprocess.run(['gjs', '-m', str(tmp_path / 'load.js'), str(tmp_path)],
                            capture_output=True, text=True, check=False)
    cost, value = functions[0]([[1., 2, 3]], [1.])['cost'], functions[1]([[1., 2, 3]])

    assert result.stderr == ''
    assert [float(part) for part in result.stdout.split()] == [cost, value[0]]
    assert same_bits(Tg.load(tmp_path / 'again.tg')[1]([[1., 2, 3]]), value)


# Every operator

def check_everything(symbols, result, arrays):
    """Text is read and printed the same; a file is loaded, saved and computed the same."""
    graph = Tg.Graph.new(symbols, [result])
    text = graph.to_string()
    if '; ' not in text.partition(' =')[0]:
        parsed = Tg.parse_function(text)
        assert parsed.to_string() == text
        inputs = [parsed.get_input(i) for i in range(len(symbols))]
        values = [Tg.function(variables, output, on_unused_input='ignore')(*arrays)
                  for variables, output in ((symbols, result), (inputs, parsed.get_output(0)))]
        assert same_bits(*values)
    f = Tg.function(symbols, result, on_unused_input='ignore')
    data = to_bytes(f)
    again, = load(data)
    assert to_bytes(again) == data
    assert same_bits(again(*arrays)[0], f(*arrays))


@examples(15)
@given(data=st.data())
@pytest.mark.parametrize('name', STRATEGIES)
def test_operators_with_parameters(name, data):
    shapes, expression, _ = data.draw(STRATEGIES[name])
    accepted = [dtype for dtype in DTYPES if OPS[name].accepts(DTYPES[dtype])]
    arrays = [draw(np.random.default_rng(13), shape, data.draw(st.sampled_from(accepted)))
              for shape in shapes]
    symbols = make_symbols(arrays)
    check_everything(symbols, expression(*symbols), arrays)


@pytest.mark.parametrize('name', [*ELEMENTWISE, *REDUCE])
def test_operators_of_one_shape(name):
    op = OPS[name]
    for dtype in (dtype for dtype in DTYPES if op.accepts(DTYPES[dtype])):
        n_inputs = len(op.dup_input_names())
        arrays = [draw(np.random.default_rng(i), (2, 3), dtype) for i in range(n_inputs)]
        symbols = make_symbols(arrays)
        check_everything(symbols, getattr(Tg, name)(*symbols), arrays)
        if n_inputs == 2:
            check_everything(symbols, getattr(Tg, name)(symbols[0], 2) + symbols[1] * 0, arrays)


@st.composite
def expressions(draw_from, symbols):
    """Some operators over each other, of which some have names and some are used again."""
    parts = list(symbols)
    for i in range(draw_from(st.integers(1, 12))):
        x, y = (draw_from(st.sampled_from(parts)) for _ in range(2))
        number = draw_from(st.floats(allow_nan=False) | st.sampled_from([np.nan, -np.nan])
                           | st.integers(-2**63, 2**63 - 1) | st.booleans())
        kind = draw_from(st.integers(0, 7))
        part = [lambda: x + y, lambda: x * -y, lambda: -(x - y), lambda: Tg.where(x > y, x, number),
                lambda: Tg.sum(x) - y[..., -1:], lambda: x**2 / y, lambda: (x < y) * x,
                lambda: Tg.tanh(x[::-1]) * Tg.cumulative_sum(Tg.exp(y))][kind]()
        if draw_from(st.booleans()):
            part.name = draw_from(st.sampled_from(['h', 't1', 't12', 'a/b', 'let', 'pi', 'x0',
                                                     '1']))
        parts.append(part)
    return parts[-1]


@examples(300)
@given(data=st.data())
def test_expressions_of_several_operators(data):
    arrays = [np.array(values) for values in ([1., -2, 3], [0.5, 0, -1])]
    symbols = make_symbols(arrays)
    check_everything(symbols, data.draw(expressions(symbols)), arrays)


# Damage

PLAIN = Tg.Mode.new_from_string('reference')  # which compiles quickly


def read_members(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def write_members(members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, 'w') as archive:
        for name, contents in members.items():
            archive.writestr(name, contents)
    return buffer.getvalue()


def damage(rng, data):
    """Flips, cuts, doubles or inserts a few bytes."""
    data, at = bytearray(data), rng.randrange(len(data))
    n = rng.randint(1, min(8, len(data) - at))
    kind = rng.choice(['flip', 'cut', 'double', 'insert', 'end'])
    if kind == 'flip':
        data[at] ^= 1 << rng.randrange(8)
    elif kind == 'cut':
        del data[at:at + n]
    elif kind == 'double':
        data[at:at] = data[at:at + n]
    elif kind == 'insert':
        data[at:at] = rng.randbytes(n)
    else:
        del data[at:]
    return bytes(data)


@pytest.mark.parametrize('seed', range(20))
def test_damaged_files_are_errors_with_a_position(seed):
    rng = random.Random(seed)
    whole = to_bytes(*make_functions())
    n_errors = 0
    for _ in range(50):
        data = damage(rng, whole)
        try:
            functions = load(data, PLAIN)
        except GLib.Error as error:
            assert POSITION.search(error.message), error.message
            n_errors += 1
        else:  # what was hit is a date, or another number that is there twice
            assert to_bytes(*functions) == whole
    assert n_errors > 40


@pytest.mark.parametrize('seed', range(20))
def test_damaged_parts_with_right_checksums(seed):
    """The text, or a value, is another one: wrong at a place, or right and saved as it is."""
    rng = random.Random(seed)
    members = read_members(to_bytes(*make_functions()))
    n_errors = 0
    for _ in range(50):
        name = rng.choice(['train_it.tg', 'train_it.tg', 'predict.tg', 'b.npy'])
        contents = damage(rng, members[name])
        try:
            functions = load(write_members(members | {name: contents}), PLAIN)
        except GLib.Error as error:
            assert POSITION.search(error.message), error.message
            n_errors += 1
        else:
            data = to_bytes(*functions)
            assert to_bytes(*load(data, PLAIN)) == data
    assert n_errors > 20


@pytest.mark.parametrize('change, message', [
    (lambda m: m.pop('b.npy'), r'train_it.tg:1:\d+: there is no value “b.npy”'),
    (lambda m: m.update({'z.npy': m['b.npy']}), r'byte \d+: z.npy: no text names this value'),
    (lambda m: m.update({'b.npy': m['layer_1_w.npy']}), 'the value of b is of type f64.3.'),
    (lambda m: m.update({'x.tg': m['predict.tg']}), 'x.tg:1:1: expected a function of the name'),
    (lambda m: m.update({'predict.tg': b'predict() = \xff'}), 'predict.tg:1:13: byte 0xff'),
    (lambda m: m.update({'a.txt': b''}), r'byte \d+: a.txt: this is neither'),
    (lambda m: m.update({'predict.tg': b'predict(x: f64[] default q) = x'}),
     'predict.tg:1:9: there is no shared variable “q”'),
    (lambda m: m.update({'predict.tg': b'predict(x: f64[]; b: f64[] constant) = x + b'}),
     'predict.tg:1:19: b is something else here'),
    (lambda m: m.update({'predict.tg': b'predict(x: f64[]; b: f64[]) = update b = b > 0; x'}),
     'predict.tg:1:1: '),
])
def test_files_of_parts_that_do_not_fit(change, message):
    members = read_members(to_bytes(*make_functions()))
    change(members)

    with pytest.raises(GLib.Error, match=message):
        load(write_members(members))


def test_what_is_no_file_of_functions(tmp_path):
    for data in b'', b'PK', b'x' * 100, write_members({}), write_members({'w.npy': b''}):
        with pytest.raises(GLib.Error, match=r'byte \d+: '):
            load(data, PLAIN)
    with pytest.raises(GLib.Error) as caught:
        Tg.load(tmp_path / 'none.tg')
    assert caught.value.matches(GLib.file_error_quark(), GLib.FileError.NOENT)
    with pytest.raises(GLib.Error, match='2 functions and not one'):
        Tg.Function.new_from_bytes(GLib.Bytes.new(to_bytes(*make_functions())), None)
