#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Holds the `#include` lines to the direction in which libtg's folders may depend on each other.

The picture is in libtg/DESIGN.md; LAYERS below is the same in words.
"""

import re
import sys
import tempfile
from pathlib import Path

# What a folder may include besides itself and the kernels: folders, or single headers.
GRAPH = {'core', 'ops', 'graph'}
COMPILE = GRAPH | {'grad', 'rewrite', 'compile'}
LAYERS = {
    'libtg/core': set(),
    'libtg/ops': {'core'},
    'libtg/graph': {'core', 'ops'},
    'libtg/grad': GRAPH | {'rewrite'},
    'libtg/rewrite': GRAPH,
    'libtg/compile': COMPILE,
    'libtg/backends': GRAPH | {'tg-backend.h', 'tg-program-private.h'},
    'libtg/random': COMPILE,
    'libtg/nn': COMPILE | {'random'},
    'libtg/command': {'tg.h'},
    'libtg/widgets': {'tg.h'},
    'libtg': COMPILE | {'random', 'nn'},
    'kernels': set(),
    'introspection': {'tg.h'},
    'examples': {'tg.h'},
    'tg-viewer': {'tg.h', 'widgets'},
}
# Headers that a build writes, and the folder that they count to.
GENERATED = {'tg-op-ids.h': 'ops', 'tg-op-functions.h': 'ops', 'tg-operators.h': 'graph'}
# Includable everywhere but in kernels/.
COMMON = {'config.h', 'tg-version.h', 'tg-enum-types.h'}
# Foreign headers that one folder alone may include.
FOREIGN = {'llvm-c/': 'libtg/backends/llvm', 'cuda': 'libtg/backends/cuda',
           'gtk/': ('libtg/widgets', 'tg-viewer'), 'adwaita.h': 'tg-viewer'}


def layer_of(path):
    """The longest entry of LAYERS that `path` lies in."""
    return max((name for name in LAYERS if path.startswith(name + '/')), key=len, default=None)


def find_headers(root):
    """Maps the name of each header of ours to its folder in LAYERS, or to itself for tg.h."""
    headers = dict(GENERATED)
    for path in root.rglob('*.h'):
        where = path.relative_to(root).as_posix()
        layer = layer_of(where)
        if layer:
            headers[path.name] = path.name if layer == 'libtg' else layer.removeprefix('libtg/')
    return headers


def is_allowed(layer, where, header, target):
    if header in COMMON:
        return layer != 'kernels'
    for prefix, homes in FOREIGN.items():
        if header.startswith(prefix):
            return where.startswith(homes)
    if target is None or target == layer.removeprefix('libtg/'):
        return True
    if target == 'kernels':
        return layer.startswith('libtg') or layer == 'kernels'
    return layer != 'kernels' and bool({target, header} & LAYERS[layer])


def check(root):
    headers = find_headers(root)
    for path in sorted(root.rglob('*.[ch]')):
        where = path.relative_to(root).as_posix()
        layer = layer_of(where)
        if not layer:
            continue
        for number, line in enumerate(path.read_text(encoding='utf-8').splitlines(), 1):
            match = re.match(r'\s*#\s*include\s*[<"]([^>"]+)[>"]', line)
            if match and not is_allowed(layer, where, match[1], headers.get(Path(match[1]).name)):
                yield f'{where}:{number}: {layer} may not include {match[1]}'


def test_check():
    """Wrong arrows are found, and right ones are not."""
    wrong = {
        'libtg/core/a.c': 'tg-variable.h',
        'libtg/ops/a.c': 'tg-operators.h',
        'libtg/graph/a.c': 'tg-grad.h',
        'libtg/rewrite/a.c': 'tg-grad.h',
        'libtg/compile/a.c': 'tg-reference-private.h',
        'libtg/compile/b.c': 'llvm-c/Core.h',
        'libtg/backends/reference/a.c': 'tg-function.h',
        'libtg/random/a.c': 'gtk/gtk.h',
        'libtg/command/a.c': 'tg-function.h',
        'kernels/a.h': 'tg-version.h',
        'examples/a.c': 'tg-tensor.h',
    }
    right = {
        'libtg/tg.h': 'tg-grad.h',
        'libtg/core/tg-tensor.h': 'tg-version.h',
        'libtg/ops/tg-op.h': 'tg-tensor.h',
        'libtg/graph/tg-variable.h': 'tg-op.h',
        'libtg/grad/tg-grad.h': 'tg-operators.h',
        'libtg/rewrite/tg-rewrite.h': 'glib.h',
        'libtg/grad/b.c': 'tg-rewrite.h',
        'libtg/compile/tg-backend.h': 'tg-variable.h',
        'libtg/compile/tg-function.h': 'tg-backend.h',
        'libtg/backends/reference/tg-reference-private.h': 'tgk.h',
        'libtg/backends/llvm/a.c': 'llvm-c/Core.h',
        'libtg/random/b.c': 'tg-function.h',
        'kernels/tgk.h': 'math.h',
        'examples/b.c': 'tg.h',
    }
    with tempfile.TemporaryDirectory() as folder:
        for where, header in (wrong | right).items():
            path = Path(folder, where)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f'#include "{header}"\n', encoding='utf-8')
        found = {error.split(':')[0] for error in check(Path(folder))}
    assert found == set(wrong), found ^ set(wrong)


if __name__ == '__main__':
    test_check()
    errors = list(check(Path(sys.argv[1])))
    print('\n'.join(errors))
    sys.exit(bool(errors))
