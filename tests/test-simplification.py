# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the library simplifies: the list in rewrites.txt, and each exact rule of elements."""

import itertools
import re
from pathlib import Path

import gi

gi.require_version('Tg', '1')

import numpy as np
import pytest
from gi.repository import Tg

SIZE = 6
SPECIAL = {
    'f64': [np.nan, np.inf, -np.inf, 0.0, -0.0, 1.0, -2.5, 5e-324],
    'i64': [0, 1, -1, 7, -2**63],
    'bool': [False, True],
}


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


# These need a range that is known, or numbers that have a dtype.
NEEDS_MORE = 'sign-neg', 'where-one-zero', 'where-zero-one'

# What tells that a rule is about axes, dtypes or complex numbers, or about some numbers alone.
NOT_ELEMENTS = (r'axis|axes|shape|slice|concat|stack|index|reduction|elementwise|_to|zeros|ones|'
                r'full|diagonal|take|dtype|conj|complex|imag|real \(|power_of_two')


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


def list_rules(file):
    rules = Tg.RuleSet.get_default()
    for i in range(rules.get_n_items()):
        rule = rules.get_item(i)
        if rule.get_file() == file:
            yield rule


def make_formula(rule):
    """The left side with symbols for its letters, where a rule is about any elements of them."""
    left, conditions = re.split(' => ', rule.get_text(), maxsplit=1)
    if re.search(NOT_ELEMENTS, left + conditions):
        return None
    is_whole = 'integer (' in conditions or re.search(r'[&|^~]|<<|>>', left)
    kind = 'bool' if 'boolean (' in conditions else 'i64' if is_whole else 'f64'
    kinds = [(letter, 'bool' if left.startswith('where') and letter in 'cd' else kind)
             for letter in sorted(set(re.findall(r'\b[a-z]\b', left)))]
    return kinds, f'f({", ".join(f"{name}: {dtype}[]" for name, dtype in kinds)}) = {left}'


EXACT = [(rule.get_name(), *made) for rule in list_rules('exact.rules')
         if (made := make_formula(rule)) is not None]


@pytest.mark.parametrize('name, kinds, formula', EXACT, ids=[row[0] for row in EXACT])
def test_exact_rules_apply_and_keep_every_bit(name, kinds, formula):
    written, rewritten = (compile_formula(formula, mode) for mode in ('reference', 'exact'))
    names = [step.get_rule().get_name() for step in rewritten.dup_trace()]

    assert name in names or name in NEEDS_MORE
    for values in itertools.product(*(SPECIAL[dtype] for _, dtype in kinds)):
        expected, found = (np.asarray(f(*values)) for f in (written, rewritten))
        np.testing.assert_array_equal(found, expected)
        if expected.dtype.kind == 'f' and not np.isnan(expected):
            assert np.signbit(found) == np.signbit(expected), (values, found, expected)


def test_every_rule_has_a_name_of_its_own_and_says_something_of_its_own():
    texts = [rule.get_text() for file in ('exact.rules', 'stable.rules', 'real.rules', 'fast.rules')
             for rule in list_rules(file)]
    names = [rule.get_name() for file in ('exact.rules', 'stable.rules', 'real.rules', 'fast.rules')
             for rule in list_rules(file)]

    assert len(texts) == len(set(texts)) and len(names) == len(set(names))
