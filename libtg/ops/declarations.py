# SPDX-License-Identifier: LGPL-2.1-or-later
"""Reads operator declarations: blocks of text in .op files.

Algebra passes through as strings: it is the library's own parser that reads gradients, specs and
domains.
"""

import os
import re
import sys

DTYPES = {'bool': ('BOOL', 'bool'), 'i32': ('INT32', 'gint32'), 'i64': ('INT64', 'gint64'),
          'f32': ('FLOAT32', 'float'), 'f64': ('FLOAT64', 'double')}
SETS = {'bool': ['bool'], 'sum': ['i64', 'f32', 'f64'], 'float': ['f32', 'f64'],
        'number': ['i32', 'i64', 'f32', 'f64'], 'all': list(DTYPES)}
# Of each dtype rule: what kernels compute in, unless the line “accepts” says; what the result has.
RULES = {
    'promote': (None, 'has the promoted dtype of the inputs'),
    'float': ('float', 'has the promoted dtype of the inputs, or float64 where that is no float'),
    'compare': (None, 'is boolean'),
    'classify': ('float', 'is boolean'),
    'logical': ('bool', 'is boolean'),
    'sum': ('sum', 'has the dtype of @x, or int64 where that is no float'),
    'index': (None, 'has the dtype int64'),
    'int64': (None, 'has the dtype int64'),
    'dtype': (None, 'has the dtype @dtype'),
}
# Of each kind of parameter: C parameters, the GVariant made of them, annotation, meaning.
PARAMETERS = {
    'axes': (('const gint64 *{0}', 'gsize n_{0}'), 'tg_attribute_axes ({0}, n_{0})',
             '(array length=n_{0}) (nullable): ', 'axes; negative ones count from the last'),
    'ints': (('const gint64 *{0}', 'gsize n_{0}'), 'tg_attribute_ints ({0}, n_{0})',
             '(array length=n_{0}): ', 'integers'),
    'int': (('gint64 {0}',), 'g_variant_new_int64 ({0})', '', 'an integer'),
    'bool': (('gboolean {0}',), 'g_variant_new_boolean ({0} != FALSE)', '', 'true or false'),
    'dtype': (('TgDType {0}',), 'tg_attribute_dtype ({0})', '', 'a dtype'),
    'string': (('const char *{0}',), 'g_variant_new_string ({0})', '', 'text'),
}
KEYS = 'infix prefix accepts spec kernel domain index init finish select'.split()


class Operator:
    def __init__(self, head, where, form):
        self.where, self.form, self.lines, self.grads, self.text = where, form, {}, {}, []
        match = re.fullmatch(r'op (\w+) \(([^;]*?)(?:; (.*))?\) -> (\w+)', head)
        if not match or match[4] not in RULES:
            sys.exit(f'{where}: error: expected “op name (inputs; parameters) -> dtype rule”')
        self.name, self.id, self.rule = match[1], match[1].upper(), match[4]
        self.variadic = match[2].endswith('xs...')
        self.inputs = re.findall(r'(\w+)(?:\.\.\.)?(?:: (\w+))?', match[2])
        self.inputs = [(name, kind or 'any') for name, kind in self.inputs]
        self.parameters = re.findall(r'(\w+): (\w+)(?: = (\[.*?\]|\w+))?', match[3] or '')
        for kind in {kind for _, kind, _ in self.parameters} - PARAMETERS.keys():
            sys.exit(f'{where}: error: unknown kind of parameter “{kind}”')

    def add(self, key, value, where):
        if key.startswith('grad ') and key[5:] in dict(self.inputs):
            self.grads[key[5:]] = value
        elif key in KEYS:
            self.lines.setdefault(key, []).append(value)
        else:
            sys.exit(f'{where}: error: unknown key “{key}”')

    def check(self):
        if not self.text:
            sys.exit(f'{self.where}: error: {self.name} has no documentation')
        for name, kind in self.inputs:
            if (kind == 'any' and name not in self.grads and self.form != 'contract'
                    and (self.rule in ('float', 'promote', 'sum') or self.name == 'astype')):
                sys.exit(f'{self.where}: error: {self.name} needs a line “grad {name}:”')

    def get(self, key, default=None):
        return '\n'.join(self.lines.get(key, [])) or default

    def paragraphs(self):
        return [' '.join(text.split()) for text in '\n'.join(self.text).strip().split('\n\n')]

    def dtypes(self):
        return SETS[RULES[self.rule][0] or self.get('accepts', 'number')]

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
    for number, line in enumerate(open(path, encoding='utf-8'), 1):
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
