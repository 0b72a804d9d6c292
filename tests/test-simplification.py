# SPDX-License-Identifier: LGPL-2.1-or-later
"""What Theano and PyTensor simplify, as rewrites.txt lists it."""

from pathlib import Path

import gi

gi.require_version('Tg', '1')

import numpy as np
import pytest
from gi.repository import Tg

SIZE = 6


def read_table():
    """The lines that have a formula, as (name, formula, result, rules)."""
    text = (Path(__file__).parent / 'rewrites.txt').read_text()
    for line in text.replace('\n  ', ' ').splitlines():
        if line and not line.startswith('#'):
            name, rest = line.split(': ', 1)
            if rest.startswith('f('):
                formula, rest = rest.split(' => ')
                yield name, formula, *rest.split(' by ')


TABLE = list(read_table())


def compile_formula(formula, mode):
    graph = Tg.parse_function(formula)
    inputs = [graph.get_input(i) for i in range(graph.get_n_inputs())]
    return Tg.function(inputs, graph.get_output(0), mode=mode, on_unused_input='ignore')


def make_value(rng, variable):
    """Numbers that the operators are defined for; vectors of integers are shapes and positions."""
    type_ = variable.get_tensor_type()
    dtype = type_.to_string().split('[')[0]
    shape = [SIZE if size < 0 else size for size in type_.get_shape()]
    if dtype == 'i64':
        count = np.prod(shape, dtype=int)
        return (np.arange(count) if SIZE in shape else count + 1 - np.arange(count)).reshape(shape)
    if dtype == 'bool':
        return rng.random(shape) < 0.5
    return (rng.random(shape) * 0.8 + 0.1 + (0.3j if dtype == 'c128' else 0)).astype(
        Tg.dtype_get_name(variable.get_dtype()))


@pytest.mark.parametrize('name, formula, result, rules', TABLE, ids=[row[0] for row in TABLE])
def test_what_others_rewrite_is_rewritten(name, formula, result, rules):
    f = compile_formula(formula, '-search' + (',fast' if ', fast' in name else ''))

    assert f.dup_optimised_graph().get_output(0).to_string() == result
    assert ', '.join(step.get_rule().get_name() for step in f.dup_trace()) == rules


@pytest.mark.parametrize('name, formula, result, rules', TABLE, ids=[row[0] for row in TABLE])
def test_what_is_finite_stays_what_it_is(name, formula, result, rules):
    rng = np.random.default_rng(1)
    written, rewritten = (compile_formula(formula, mode) for mode in ('reference', '-search'))
    graph = Tg.parse_function(formula)
    values = [make_value(rng, graph.get_input(i)) for i in range(graph.get_n_inputs())]
    expected, found = np.asarray(written(*values)), np.asarray(rewritten(*values))

    assert found.shape == expected.shape and found.dtype == expected.dtype
    finite = np.isfinite(expected)
    np.testing.assert_allclose(found[finite], expected[finite], rtol=1e-9, atol=1e-12)
