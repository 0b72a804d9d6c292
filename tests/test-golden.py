# SPDX-License-Identifier: LGPL-2.1-or-later
"""Holds printed output to tests/golden/: in each file an input, a line `---` and what is expected.

The folder says what is done with the input.  Where TG_UPDATE_GOLDEN is set, as by
`tests/run --update-golden`, the expected parts are written instead, to be reviewed as a diff.
"""

import os
from pathlib import Path

import gi
import pytest

gi.require_version('Tg', '1')
from gi.repository import GLib, Tg  # noqa: E402

GOLDEN = Path(__file__).parent / 'golden'
MARK = '---\n'


def differentiate(graph):
    inputs = [graph.get_input(i) for i in range(graph.get_n_inputs())]
    return Tg.Graph.new(inputs, Tg.grad(graph.get_output(0), inputs))


def show_function(text):
    """The function, printed; reading what was printed gives the same again."""
    shown = Tg.parse_function(text).to_string()
    assert Tg.parse_function(shown).to_string() == shown
    return shown


def show_gradients(text):
    """The gradients of the function for all of its inputs, as one function."""
    return differentiate(Tg.parse_function(text)).to_string()


def show_error(text):
    """What is wrong with the function, or else with its gradients."""
    try:
        differentiate(Tg.parse_function(text))
    except GLib.Error as error:
        return error.message
    pytest.fail('there was no error')


SHOW = {'print': show_function, 'grad': show_gradients, 'errors': show_error}


@pytest.mark.parametrize('path', sorted(GOLDEN.glob('*/*.txt')),
                         ids=lambda path: f'{path.parent.name}/{path.stem}')
def test_golden(path):
    text, _, expected = path.read_text(encoding='utf-8').partition(MARK)
    shown = SHOW[path.parent.name](text).rstrip('\n') + '\n'
    if os.environ.get('TG_UPDATE_GOLDEN'):
        path.write_text(text + MARK + shown, encoding='utf-8')
    else:
        assert shown == expected
