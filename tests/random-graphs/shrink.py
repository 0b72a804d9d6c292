# SPDX-License-Identifier: LGPL-2.1-or-later
"""Makes a case that fails as small as it goes, by delta debugging, and prints it.

(A. Zeller, R. Hildebrandt, "Simplifying and isolating failure-inducing input", IEEE Transactions on
Software Engineering 28, 2002.)
"""

import gi

gi.require_version('Tg', '1')

import numpy as np
from cases import make_case
from gi.repository import GLib, Tg
from interpreter import Plain
from verdict import Failure, examine

SIMPLE = (0, 1, 2, -1, 0.5, 3)


def replace_nodes(case, replacements, symbols=None, values=None):
    """The case with other variables in the place of some."""
    outputs = Tg.clone(list(case.outputs), replacements, strict=False)
    return make_case(list(case.symbols) + (symbols or []), outputs,
                     list(case.values) + (values or []))


def with_fewer_outputs(case):
    for output in case.outputs:
        if len(case.outputs) > 1:
            yield make_case(case.symbols, [output], case.values)
    for node in case.program.nodes:
        if node.name is not None and node.variable not in case.outputs:
            yield make_case(case.symbols, [node.variable], case.values)


def with_fewer_nodes(case):
    """What computes a part is cut off, or left out."""
    results = case.program.evaluate(case.values, Plain())
    inner = [node for node in case.program.nodes if node.name is not None]
    for i, node in enumerate(reversed(inner)):
        if node.variable not in case.outputs:
            symbol = Tg.Variable.new_with_type(f'y{case.size()}_{i}',
                                               node.variable.get_tensor_type())
            yield replace_nodes(case, {node.variable: symbol}, [symbol], [results[node]])
        for other in node.inputs:
            if other.dtype == node.dtype and results[other].ndim == results[node].ndim:
                yield replace_nodes(case, {node.variable: other.variable})


def with_smaller_arrays(case):
    sizes = {size for value in case.values for size in value.shape if size > 1}
    for size in sorted(sizes, reverse=True):
        for part in [slice(0, 1), slice(size - 1, size), slice(0, size // 2), slice(0, size - 1)]:
            yield with_arrays(case, [value[tuple(
                part if n == size else slice(None) for n in value.shape)] for value in case.values])


def with_arrays(case, arrays):
    """Arrays of other shapes, which are not known when the graph is built."""
    replacements, symbols = {}, []
    for symbol, value in zip(case.symbols, arrays):
        symbols.append(Tg.tensor(symbol.get_dtype(), (None,) * value.ndim, symbol.get_name()))
        replacements[symbol] = symbols[-1]
    outputs = Tg.clone(list(case.outputs), replacements, strict=False)
    return make_case(symbols, outputs, arrays)


def with_simpler_values(case):
    for i, value in enumerate(case.values):
        for place in np.ndindex(value.shape):
            for number in SIMPLE:
                if value[place] == number:
                    break
                other = value.copy()
                other[place] = number
                if other[place] == number:
                    yield make_case(case.symbols, case.outputs,
                                    [*case.values[:i], other, *case.values[i + 1:]])
        rounded = np.round(value, 1) if value.dtype.kind == 'f' else value
        if not np.array_equal(rounded, value, equal_nan=value.dtype.kind in 'fc'):
            yield make_case(case.symbols, case.outputs,
                            [*case.values[:i], rounded, *case.values[i + 1:]])


STEPS = (with_fewer_outputs, with_fewer_nodes, with_smaller_arrays, with_simpler_values)


def fails(case, kind, seed, mode):
    try:
        examine(case, seed, mode)
    except Failure as failure:
        return failure if failure.kind.partition(':')[0] == kind.partition(':')[0] else None
    except (GLib.Error, ValueError, IndexError, KeyError, TypeError):
        return None
    return None


def candidates(step, case):
    """What the step makes of the case, as far as it can be built."""
    steps = step(case)
    while True:
        try:
            yield next(steps)
        except StopIteration:
            return
        except GLib.Error:
            return


def shrink(case, failure, seed=0, mode=None, limit=600):
    """A case as small as possible that fails in the same way, and how."""
    smaller = True
    while smaller:
        smaller = False
        for step in STEPS:
            found = None
            for candidate in candidates(step, case):
                limit -= 1
                if limit < 0:
                    return case, failure
                found = fails(candidate, failure.kind, seed, mode)
                if found:
                    case, failure, smaller = candidate, found, True
                    break
            if found:
                break
    return case, failure


def describe(case, failure, seed=0, mode=None):
    """The case for people: the graph in the notation, the values, and the rules that fired."""
    lines = [f'{failure.kind}, in output {failure.output}, seed {seed}:', str(case)]
    for symbol, value in zip(case.symbols, case.values):
        lines.append(f'  {symbol.get_name()} = {value.tolist()}')
    plain = case.program.evaluate(case.values, Plain())
    for name, value in (('by numpy', plain[case.program.outputs[failure.output]]),
                        ('expected', failure.expected), ('found', failure.found),
                        ('in real numbers', failure.truth)):
        if value is not None:
            lines.append(f'  {name}: {value.tolist()}')
    try:
        function = Tg.function(case.symbols, case.outputs, mode=mode, allow_input_downcast=True)
    except GLib.Error:
        return '\n'.join(lines)
    lines.append(f'  optimised: {function.dup_optimised_graph().to_string()}')
    for step in function.dup_trace():
        lines.append('  ' + step.to_string().replace('\n', '\n  '))
    return '\n'.join(lines)
