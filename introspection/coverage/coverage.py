# SPDX-License-Identifier: LGPL-2.1-or-later
"""Writes a page of the manual: coverage.py OUTPUT LIST...

For each function of the array API standard and each name of Theano's documentation it says where
it is here, or why it is not.  What there is comes from the table of operators and from the module
itself, so library, typelib and override must be in reach.
"""

import inspect
import sys
from pathlib import Path

import gi

gi.require_version('Tg', '1')

from gi.repository import Tg

OPERATORS = {op.get_name(): op for op in Tg.Op.list()}
SET = 'an extension of the standard, which is to come with LAPACK'
LATER = 'to come with the library of layers'

# Why a name, or all of a page, is not here.
ABSENT = {
    'linalg.': SET,
    'fft.': 'an extension of the standard, which is to come with a library for it',
    'scan': 'loops are to come; `Tg.vectorize` does what needs no state',
    'sparse': 'libtg has no sparse tensors',
    'tensor/nnet': LATER,
    'tensor/signal': LATER,
    'tensor/slinalg': 'to come with LAPACK',
    'compile/opfromgraph': 'functions within expressions are to come; `Tg.clone` puts one graph '
                           'into another, `Tg.custom_gradient` gives it a gradient',
    'printing Print': 'no operator prints: `TG_DEBUG=run` does, and `Tg.Mode` finds nan',
    'function_dump': 'files of functions are to come',
    'chi2sf': 'the incomplete gamma function is to come',
    'conf': "a module of Theano's, not a function",
    'gen': "Theano's way inside: methods of `Tg.RandomStreams` are enough",
    'sparse_random_inputs': 'a function of tests',
}
# What has another name or is no function; the first part is where it is.
ELSEWHERE = {
    'RandomVariable': 'Variable', 'RandomFunction': 'Op', 'RandomStateType': 'SharedVariable',
    'random_state_type': 'SharedVariable', 'RandomStreamsBase': 'RandomStreams',
    'theano.compile.function_module.Function': 'Function', 'shared_constructor': 'shared',
    '_tensor_py_operators': 'Variable', '__': 'Variable', '__call__': 'Function',
    'updates': 'RandomStreams.get_states', 'shuffle_row_elements':
    'RandomStreams.shuffle_row_elements', '__init__': 'Variable.new',
}
CLASSES = ('Variable', 'SharedVariable', 'RandomStreams', 'Function', 'Graph', 'Tensor')
# Of the extension for linear algebra, what is here under the same name.
IN_LINALG = ('diagonal', 'matmul', 'matrix_transpose', 'outer', 'tensordot', 'trace', 'vecdot')
IN_STREAMS = ('tensor/raw_random', 'tensor/shared_randomstreams')


def find_reason(page, name):
    """The reason of the longest beginning of the name, or of its page, that has one."""
    for key in sorted(ABSENT, key=len, reverse=True):
        if (page + ' ' + name).startswith(key) or name.startswith(key) or name == key \
                or name.endswith('.' + key):
            return ABSENT[key]
    return None


def describe(name, value):
    """What a public name stands for."""
    own = getattr(value, '__name__', name)
    if own in OPERATORS and inspect.isfunction(value):
        summary = OPERATORS[own].get_summary()
        return f'operator `{own}`: {summary}' if own == name else f'operator `{own}`'
    kind = 'class' if inspect.isclass(value) else 'function' if callable(value) else 'value'
    return f'{kind} `Tg.{own if kind == "class" else name}`'


def look_up(page, name):
    """Where a name is: a text, or None."""
    short = name.rpartition('.')[2]
    if page in IN_STREAMS and hasattr(Tg.RandomStreams, short):
        return f'method `Tg.RandomStreams.{short}`'
    target = ELSEWHERE.get(name)
    if target:
        owner, _, attribute = target.partition('.')
        holder = getattr(Tg, owner)
        if not attribute or hasattr(holder, attribute):
            return f'`Tg.{target}`'
        return None
    if name.startswith('linalg.') and short not in IN_LINALG:
        return None
    if hasattr(Tg, short):
        return describe(short, getattr(Tg, short))
    for owner in () if find_reason(page, name) else CLASSES:
        if hasattr(getattr(Tg, owner), short):
            return f'method `Tg.{owner}.{short}`'
    return None


def read(path):
    """Pairs of a page, which may be empty, and a name."""
    for line in Path(path).read_text(encoding='utf-8').splitlines():
        if line and not line.startswith('#'):
            page, _, name = line.rpartition(' ')
            yield page, name


def write_table(title, path):
    entries = list(dict.fromkeys(read(path)))
    rows, n_here = [], 0
    for page, name in entries:
        here = look_up(page, name)
        reason = here or find_reason(page, name)
        if reason is None:
            sys.exit(f'{path}: {name}: it is neither here nor is it said why not')
        n_here += here is not None
        rows.append((page, name, here or f'*not here*: {reason}'))

    yield f'## {title}\n'
    yield f'{n_here} of {len(entries)} names are here.\n'
    for page in dict.fromkeys(row[0] for row in rows):
        if page:
            yield f'### {page}\n'
        yield '| Name | |\n|---|---|'
        yield from (f'| `{name}` | {text} |' for row_page, name, text in rows if row_page == page)
        yield ''


def write(array_api, theano):
    yield 'Title: Coverage\nSlug: coverage\n\n# Coverage\n'
    yield ('What the Python array API standard and Theano have, and where it is here, in Python; '
           'the operators are in every language. This page is made of the table of operators.\n')
    yield f'libtg has {len(OPERATORS)} operators.\n'
    yield from write_table('The Python array API standard', array_api)
    yield from write_table("Theano's documentation", theano)


if __name__ == '__main__':
    page = '\n'.join(write(*sys.argv[2:]))
    Path(sys.argv[1]).write_text(page + '\n', encoding='utf-8')
