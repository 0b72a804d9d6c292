# SPDX-License-Identifier: LGPL-2.1-or-later
"""Reads operator declarations: blocks of text in .op files.

Algebra passes through as strings: it is the library's own parser that reads gradients, specs and
domains.
"""

import os
import re
import sys

# Of each dtype: its name in TgDType, the C type in which kernels take an element, and that of its
# parts.  float16 and bfloat16 have no kernels: they are computed in float32.
DTYPES = {
    'bool': ('BOOL', 'bool', 'bool'),
    'i8': ('INT8', 'gint8', 'i8'), 'i16': ('INT16', 'gint16', 'i16'),
    'i32': ('INT32', 'gint32', 'i32'), 'i64': ('INT64', 'gint64', 'i64'),
    'u8': ('UINT8', 'guint8', 'u8'), 'u16': ('UINT16', 'guint16', 'u16'),
    'u32': ('UINT32', 'guint32', 'u32'), 'u64': ('UINT64', 'guint64', 'u64'),
    'f32': ('FLOAT32', 'float', 'f32'), 'f64': ('FLOAT64', 'double', 'f64'),
    'c64': ('COMPLEX64', 'TgkComplex64', 'f32'), 'c128': ('COMPLEX128', 'TgkComplex128', 'f64'),
}
INTEGERS = [dtype for dtype in DTYPES if dtype[0] in 'iu']
FLOATS, COMPLEXES = ['f32', 'f64'], ['c64', 'c128']
SETS = {
    'bool': ['bool'], 'integer': INTEGERS, 'float': FLOATS, 'complex': COMPLEXES,
    'bits': ['bool', *INTEGERS], 'real': INTEGERS + FLOATS,
    'ordered': ['bool', *INTEGERS, *FLOATS], 'inexact': FLOATS + COMPLEXES,
    'native': INTEGERS + FLOATS, 'number': INTEGERS + FLOATS + COMPLEXES, 'all': list(DTYPES),
}
# Of each dtype rule: what kernels compute in, of what the operator accepts; what the result has.
RULES = {
    'promote': ('all', 'has the promoted dtype of the inputs'),
    'float': ('inexact',
              'has the promoted dtype of the inputs, or float64 where that is an integer'),
    'real': ('all', 'has the promoted dtype of the inputs, or that of its parts if complex'),
    'complex': ('float', 'is complex, with parts of the promoted dtype of the inputs'),
    'compare': ('all', 'is boolean'),
    'classify': ('inexact', 'is boolean'),
    'logical': ('bool', 'is boolean'),
    'sum': ('sum', 'has the dtype of @x, or int64 or uint64 where that is an integer or a bool'),
    'index': ('all', 'has the dtype int64'),
    'int64': ('all', 'has the dtype int64'),
    'dtype': ('all', 'has the dtype @dtype'),
}
SETS['sum'] = ['i64', 'u64', *FLOATS, *COMPLEXES]
# Of each kind of parameter: C parameters, the GVariant made of them, annotation, meaning.
PARAMETERS = {
    'axes': (('const gint64 *{0}', 'gsize n_{0}'), 'tg_attribute_axes ({0}, n_{0})',
             '(array length=n_{0}) (nullable): ', 'axes; negative ones count from the last'),
    'ints': (('const gint64 *{0}', 'gsize n_{0}'), 'tg_attribute_ints ({0}, n_{0})',
             '(array length=n_{0}): ', 'integers'),
    'int': (('gint64 {0}',), 'g_variant_new_int64 ({0})', '', 'an integer'),
    'float': (('gdouble {0}',), 'g_variant_new_double ({0})', '', 'a number'),
    'bool': (('gboolean {0}',), 'g_variant_new_boolean ({0} != FALSE)', '', 'true or false'),
    'dtype': (('TgDType {0}',), 'tg_attribute_dtype ({0})', '', 'a dtype'),
    'string': (('const char *{0}',), 'g_variant_new_string ({0})', '', 'text'),
}
KEYS = ('infix prefix commutes accepts spec kernel domain range monotone linear vectorize index '
        'init center finish select expands').split()


class Operator:
    def __init__(self, head, where, form):
        self.where, self.form, self.lines, self.text = where, form, {}, []
        self.grads, self.tangents = {}, {}
        match = re.fullmatch(r'op (\w+) \(([^;]*?)(?:; (.*))?\) -> (\w+)', head)
        if not match or match[4] not in RULES:
            sys.exit(f'{where}: error: expected “op name (inputs; parameters) -> dtype rule”')
        self.name, self.id, self.rule = match[1], match[1].upper(), match[4]
        self.variadic = match[2].endswith('xs...')
        self.inputs = re.findall(r'(\w+)(?:\.\.\.)?(?:: (\w+))?', match[2])
        self.inputs = [(name, kind or 'any') for name, kind in self.inputs]
        self.parameters = re.findall(r'(\w+): (\w+)(?: = (\[.*?\]|[\w.+-]+))?', match[3] or '')
        for kind in {kind for _, kind, _ in self.parameters} - PARAMETERS.keys():
            sys.exit(f'{where}: error: unknown kind of parameter “{kind}”')

    def add(self, key, value, where):
        if key.startswith('grad ') and key[5:] in dict(self.inputs):
            self.grads[key[5:]] = ' '.join(filter(None, [self.grads.get(key[5:]), value]))
        elif key.startswith('tangent ') and key[8:] in dict(self.inputs):
            self.tangents[key[8:]] = value
        elif key in KEYS:
            self.lines.setdefault(key, []).append(value)
        else:
            sys.exit(f'{where}: error: unknown key “{key}”')

    def check(self):
        if not self.text:
            sys.exit(f'{self.where}: error: {self.name} has no documentation')
        for name, kind in self.inputs:
            if (kind == 'any' and name not in self.grads
                    and self.form not in ('contract', 'composite')
                    and self.get('accepts') not in ('bits', 'integer')
                    and (self.rule in ('float', 'promote', 'sum') or self.name == 'astype')):
                sys.exit(f'{self.where}: error: {self.name} needs a line “grad {name}:”')

    def get(self, key, default=None):
        return '\n'.join(self.lines.get(key, [])) or default

    def paragraphs(self):
        return [' '.join(text.split()) for text in '\n'.join(self.text).strip().split('\n\n')]

    def dtypes(self):
        """Those that kernels compute in."""
        accepted = SETS[self.get('accepts', 'number')]
        computed = SETS[RULES[self.rule][0]]
        if self.rule in ('logical', 'sum'):
            return [dtype for dtype in computed
                    if dtype in accepted or dtype not in SETS['inexact']]
        return [dtype for dtype in computed if dtype in accepted]

    def result(self, dtype):
        """The dtype of what a kernel that computes in `dtype` gives."""
        if self.rule in ('compare', 'classify', 'logical'):
            return 'bool'
        if self.rule == 'complex':
            return COMPLEXES[FLOATS.index(dtype)]
        return DTYPES[dtype][2] if self.rule == 'real' else dtype

    def is_method(self):
        return not self.variadic and self.inputs[0][1] != 'ints'

    def signature(self):
        names = ['*const *xs', None] if self.variadic else [f'*{name}' for name, _ in self.inputs]
        parts = [f'TgVariable {name}' if name else 'gsize n_xs' for name in names]
        for name, kind, _ in self.parameters:
            parts += [part.format(name) for part in PARAMETERS[kind][0]]
        return f',\n{" " * (len(self.name) + 5)}'.join(parts + ['GError **error'])


def read(path):
    operators, form = [], None
    with open(path, encoding='utf-8') as file:  # a head may go on with “->” in the next line
        lines = re.sub(r'\n    (->.*)\n', r' \1\n\n', file.read()).splitlines()
    for number, line in enumerate(lines, 1):
        where, text = f'{os.path.basename(path)}:{number}', line.strip()
        key = re.match(r'  ([a-z]+(?: \w+)?):\s*(.*)$', line)
        if line.startswith('#'):
            continue
        if line.startswith('form '):
            form = text.split()[1]
        elif line.startswith('op '):
            operators.append(Operator(text, where, form))
        elif key and operators:
            operators[-1].add(key[1], key[2], where)
        elif operators and (text or operators[-1].text):
            operators[-1].text.append(text)
        elif text:
            sys.exit(f'{where}: error: expected “form …” or “op …”')
    for operator in operators:
        operator.check()
    return operators
