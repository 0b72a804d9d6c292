#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Writes C from operator declarations: opgen.py KIND OUTPUT FILE.op..."""

import re
import sys

sys.dont_write_bytecode = True  # a build writes nothing next to the sources
from declarations import COMPLEXES, DTYPES, FLOATS, PARAMETERS, RULES, read

INPUTS = {'any': 'a variable', 'bool': 'a variable, whose elements hold unless they are zero',
          'int': 'a 0-d integer variable', 'ints': 'a vector of integers',
          'positions': 'a variable of integers'}
SHAPES = {'elementwise': 'Inputs are broadcast against each other.',
          'reduce': 'The result has no axis of @axis or, with @keepdims, has it with size 1.'}


def quote(text):
    escaped = (text or '').replace('\\', '\\\\').replace('"', '\\"').replace('\n', '\\n')
    return f'"{escaped}"' if text else 'NULL'


def describe_result(op):
    """The shape and the dtype of the result; the declarations say what is not of the form."""
    first = op.inputs[0][0]
    if op.form == 'elementwise' and len(op.inputs + op.parameters) == 1:
        yield f'The result has the shape of @{first}.'
    elif op.form in SHAPES:
        yield SHAPES[op.form]
    elif 'shape' in dict(op.inputs):
        yield 'The result has the shape @shape.'
    yield f'The result {RULES[op.rule][1]}.'


def table(operators):
    yield '#include "tg-op-private.h"\n\nconst TgOpInfo tg_ops[TG_N_OPS] = {'
    for op in operators:
        texts = op.paragraphs()
        yield f'  [TG_OP_{op.id}] = {{'
        yield f'    .name = {quote(op.name)}, .where = {quote(op.where)},'
        yield f'    .form = TG_FORM_{op.form.upper()}, .rule = TG_RULE_{op.rule.upper()},'
        yield f'    .accepts = TG_DTYPE_SET_{op.get("accepts", "number").upper()},'
        yield f'    .summary = {quote(texts[0])},'
        yield f'    .documentation = {quote(chr(10).join(texts[1:]))},'
        result = re.sub(r'@(\w+)', r'`\1`', ' '.join(describe_result(op)))
        yield f'    .result = {quote(result)},'
        yield f'    .variadic = {str(op.variadic).upper()}, .n_inputs = {len(op.inputs)},'
        for i, (name, kind) in enumerate(op.inputs):
            lines = f'{quote(op.grads.get(name))}, {quote(op.tangents.get(name))}'
            yield f'    .inputs[{i}] = {{ {quote(name)}, TG_INPUT_{kind.upper()}, {lines} }},'
        yield f'    .n_parameters = {len(op.parameters)},'
        for i, (name, kind, preset) in enumerate(op.parameters):
            kind = f'TG_PARAMETER_{kind.upper()}'
            yield f'    .parameters[{i}] = {{ {quote(name)}, {kind}, {quote(preset)} }},'
        for key in ('infix', 'prefix', 'spec', 'kernel', 'domain', 'range', 'monotone', 'linear',
                    'vectorize', 'init', 'center', 'finish', 'select'):
            if op.get(key):
                yield f'    .{key} = {quote(op.get(key))},'
        yield f'    .commutes = {str(bool(op.get("commutes"))).upper()},'
        if op.get('expands'):
            yield f'    .expands = {quote(" ".join(op.lines["expands"]))},'
        for i, line in enumerate(op.lines.get('index', [])):
            yield f'    .index[{i}] = {quote(line)},'
        yield '  },'
    yield '};'


def ids(operators):
    yield '#pragma once\n\ntypedef enum\n{'
    yield from (f'  TG_OP_{op.id},' for op in operators)
    yield '  TG_N_OPS,\n} TgOpId;'


def functions(operators):
    for op in operators:
        if op.form in ('layout', 'opaque', 'random'):
            yield f'TG_OP_FUNCTION ({op.id}, {op.name})'


def expansions(operators):
    for op in operators:
        if op.form == 'composite' and not op.get('expands'):
            yield f'TG_OP_EXPANSION ({op.id}, {op.name})'


def api_header(operators):
    yield '#pragma once\n\n#if !defined (TG_INSIDE) && !defined (TG_COMPILATION)'
    yield '# error "Only <tg.h> can be included directly."\n#endif\n'
    yield '#include "tg-variable.h"\n\nG_BEGIN_DECLS'
    for op in operators:
        signature = op.signature().replace('\n', '\n' + ' ' * 12)
        yield f'\nTG_AVAILABLE_IN_ALL\nTgVariable *tg_{op.name} ({signature});'
    yield '\nG_END_DECLS'


def comment(op):
    yield f'/**\n * tg_{op.name}:{" (method)" if op.is_method() else ""}'
    if op.variadic:
        yield ' * @xs: (array length=n_xs): one or more variables\n * @n_xs: how many there are'
    else:
        yield from (f' * @{name}: {INPUTS[kind]}' for name, kind in op.inputs)
    for name, kind, preset in op.parameters:
        _, _, annotation, meaning = PARAMETERS[kind]
        note = '; %NULL for all' if preset == 'all' else f' ({preset} by default)' if preset else ''
        yield f' * @{name}: {annotation.format(name)}{meaning}{note}'
        if kind in ('axes', 'ints'):
            yield f' * @n_{name}: how many there are'
    yield ' * @error: return location for an error'
    names = '|'.join(part[0] for part in op.inputs + op.parameters)
    texts = [re.sub(f'`({names})`', r'@\1', text) for text in op.paragraphs()]
    spec = op.get('spec') or ' '.join(op.lines.get('expands', []))
    texts += [f'It computes `{spec}`.'] if spec else []
    texts += [f'It is defined where `{op.get("domain")}`.'] if op.get('domain') else []
    texts += describe_result(op)
    yield from (f' *\n * {text}' for text in texts)
    yield ' *\n * Returns: (transfer full): a new variable, or %NULL'
    yield ' *   with @error set, unless an input is %NULL\n */'


def api_source(operators):
    yield '#include "config.h"\n\n#include "tg-operators.h"\n\n#include "tg-attribute-private.h"'
    for op in operators:
        inputs = 'xs, n_xs' if op.variadic else (
            f'(TgVariable *[]) {{ {", ".join(n for n, _ in op.inputs)} }}, {len(op.inputs)}')
        values = [PARAMETERS[kind][1].format(name) for name, kind, _ in op.parameters]
        attributes = f'(GVariant *[]) {{ {", ".join(values)} }}' if values else 'NULL'
        yield ''
        yield from comment(op)
        yield f'TgVariable *\ntg_{op.name} ({op.signature()})\n{{'
        yield f'  return tg_variable_new_apply (TG_OP_{op.id}, {inputs},'
        yield f'                                {attributes}, error);\n}}'


def words(text, dtype, prefix='tgk', first=''):
    """Turns the words of the call notation into C functions: those of kernels/, or others."""
    def function(match):
        logical = match[1] in ('AND', 'OR', 'XOR', 'NOT')
        return f'{prefix}_{match[1].lower()}_{"bool" if logical else dtype} ({first}'
    return re.sub(r'\b([A-Z][A-Z0-9_]*) \(', function, text)


# Folds that choose one of the elements, and when that is the next.
BEST = {'MAX (acc, x)': 'GT (x, acc)', 'MIN (acc, x)': 'LT (x, acc)'}


def loops(op, dtype, accumulator):
    """The macros that make the loops of one operator in one dtype."""
    name, element, acc = f'{op.name}_{dtype}', DTYPES[dtype][1], DTYPES[accumulator][1]
    if op.form == 'elementwise':
        result = DTYPES[op.result(dtype)][1]
        inputs = ''.join(f', {"bool" if kind == "bool" else element}, {name}'
                         for name, kind in op.inputs)
        kernel = words(op.get('kernel'), dtype)
        return f'ELEMENTWISE_{len(op.inputs)} ({name}, {result}, {kernel}{inputs})'
    if op.form == 'contract':
        kernel = words(f'ADD (acc, {op.get("kernel")})', accumulator)
        return f'CONTRACT ({name}, {acc}, {element}, {kernel})'
    if op.get('select'):
        return f'SELECT ({name}, {element}, {words(op.get("select"), dtype)})'
    fold = words(op.get('kernel'), accumulator)
    finish = words(op.get('finish', 'acc'), accumulator)
    if op.get('center'):
        center = words(op.get('center'), accumulator)
        return (f'FOLD ({name}_center, {acc}, {element}, {center})\n'
                f'FOLD_CENTERED ({name}, {acc}, {element}, {fold})\n'
                f'FINISH_CENTERED ({name}, {acc}, {element}, {finish})')
    if dtype == 'f64' and op.get('kernel') == 'ADD (acc, x)':
        fold = f'FOLD_SUM ({name}, {acc}, {element})'
    elif dtype.startswith('f') and op.get('kernel') in BEST:
        is_better = words(BEST[op.get('kernel')], accumulator)
        fold = f'FOLD_BEST ({name}, {acc}, {element}, {fold}, {is_better})'
    else:
        fold = f'FOLD ({name}, {acc}, {element}, {fold})'
    return f'{fold}\nFINISH ({name}, {acc}, {element}, {finish})'


def kernels(operators):
    yield '#include "config.h"\n'
    yield '#ifndef TG_LOOPS\n# define TG_LOOPS "tg-reference-loops-private.h"'
    yield '# define TG_KERNELS tg_reference_kernels\n#endif\n\n#include TG_LOOPS\n'
    rows = []
    for op in operators:
        if op.form not in ('elementwise', 'reduce', 'contract'):
            continue
        folds = op.form != 'elementwise' and not op.get('select')
        for dtype in op.dtypes():
            widens = folds and op.get('kernel') not in BEST
            accumulator = {'f32': 'f64', 'c64': 'c128'}.get(dtype, dtype) if widens else dtype
            file, line = op.where.split(':')
            finish = f'{op.name}_{dtype}_finish' if op.form == 'reduce' and folds else 'NULL'
            center = f'{op.name}_{dtype}_center' if op.get('center') else 'NULL'
            yield f'#line {line} "{file}"\n{loops(op, dtype, accumulator)}'
            rows.append(f'  [TG_OP_{op.id}][TG_DTYPE_{DTYPES[dtype][0]}] = {{ {op.name}_{dtype}, '
                        f'{center}, {finish}, TG_DTYPE_{DTYPES[accumulator][0]} }},')
    yield '\nconst TgReferenceKernel TG_KERNELS[TG_N_OPS][TG_N_DTYPES] = {'
    yield from rows
    yield '};'


def scalars(operators):
    yield '#include "config.h"\n\n#include "tg-scalar-private.h"\n\n#include "tgk.h"\n'
    rows = []
    for op in operators:
        for dtype in op.dtypes() if op.form == 'elementwise' else []:
            if dtype not in FLOATS or op.rule == 'complex':
                continue
            element, (file, line) = DTYPES[dtype][1], op.where.split(':')
            kinds = [('bool', ' != 0') if kind == 'bool' else (element, '')
                     for _, kind in op.inputs]
            yield f'static double\n{op.name}_{dtype} (const double *inputs)\n{{'
            for i, (name, _) in enumerate(op.inputs):
                cast = kinds[i][0] if kinds[i][0] != 'bool' else 'bool'
                if re.search(rf'\b{name}\b', op.get('kernel')):
                    yield f'  const {cast} {name} = ({cast}) (inputs[{i}]{kinds[i][1]});'
            yield f'\n#line {line} "{file}"'
            yield f'  return (double) {words(op.get("kernel"), dtype)};\n}}'
            rows.append(f'  [TG_OP_{op.id}][TG_DTYPE_{DTYPES[dtype][0]}] = {op.name}_{dtype},')
    yield '\nconst TgScalarFunc tg_scalar_functions[TG_N_OPS][TG_N_DTYPES] = {'
    yield from rows
    yield '};'


def emitters(operators):
    yield '#include "config.h"\n\n#include "tg-llvm-words.h"\n'
    kinds = {dtype: 'signed' if dtype[0] == 'i' else 'unsigned' if dtype[0] == 'u' else dtype
             for dtype in DTYPES if dtype not in COMPLEXES}
    rows = []
    for op in operators:
        if op.form != 'elementwise' or op.rule == 'complex':
            continue
        dtypes = [dtype for dtype in op.dtypes() if dtype in kinds]
        conditions = sum(1 << i for i, (_, kind) in enumerate(op.inputs) if kind == 'bool')
        file, line = op.where.split(':')
        for kind in dict.fromkeys(kinds[dtype] for dtype in dtypes):
            yield f'static LLVMValueRef\n{op.name}_{kind} (TgLlvmEmitter      *e,'
            yield f'{" " * len(op.name + kind)}   const LLVMValueRef *inputs)\n{{'
            for i, (name, _) in enumerate(op.inputs):
                yield f'  LLVMValueRef {name} G_GNUC_UNUSED = inputs[{i}];'
            yield f'\n#line {line} "{file}"'
            yield f'  return {words(op.get("kernel"), kind, "emit", "e, ")};\n}}'
        rows += [f'  [TG_OP_{op.id}][TG_DTYPE_{DTYPES[dtype][0]}] = '
                 f'{{ {op.name}_{kinds[dtype]}, {len(op.inputs)}, {conditions} }},'
                 for dtype in dtypes]
    yield '\nconst TgLlvmOperator tg_llvm_operators[TG_N_OPS][TG_N_DTYPES] = {'
    yield from rows
    yield '};'


def manual(operators):
    yield 'Title: Operators\nSlug: operators\n\n# Operators\n'
    for op in operators:
        first, last = op.inputs[0][0], op.inputs[-1][0]
        inputs = ['xs...' if op.variadic else name for name, _ in op.inputs]
        inputs += [f'{name}={preset}' if preset else name for name, _, preset in op.parameters]
        yield f'## `{op.name} ({", ".join(inputs)})`\n'
        yield from (text + '\n' for text in op.paragraphs())
        for key, text in (('infix', f'Written `{first} {{}} {last}`'),
                          ('prefix', f'Written `{{}}{first}`'), ('spec', 'Formula: `{}`'),
                          ('domain', 'Defined where `{}`')):
            if op.get(key):
                yield '- ' + text.format(op.get(key))
        yield from (f'- Gradient for `{name}`: `{text}`' for name, text in op.grads.items())
        yield from (f'- Tangent for `{name}`: `{text}`' for name, text in op.tangents.items())
        yield ''


WRITERS = {'table': table, 'ids': ids, 'functions': functions, 'expansions': expansions,
           'api-header': api_header, 'api-source': api_source, 'kernels': kernels,
           'scalars': scalars, 'emitters': emitters, 'manual': manual}

if __name__ == '__main__':
    if len(sys.argv) < 4 or sys.argv[1] not in WRITERS:
        sys.exit(f'usage: opgen.py {"|".join(WRITERS)} OUTPUT FILE.op...')
    declared = [operator for path in sys.argv[3:] for operator in read(path)]
    mark = '' if sys.argv[1] == 'manual' else '/* Written by opgen.py from the .op files. */\n'
    with open(sys.argv[2], 'w', encoding='utf-8') as output:
        output.write(mark + '\n'.join(WRITERS[sys.argv[1]](declared)) + '\n')
