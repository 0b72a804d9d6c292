#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Finds in a GIR what a language binding crashes on, or cannot use, and what has no documentation.

GJS and Lua crash on GPtrArray, PyGObject reads `TgTensor **` without an array annotation as one
object, and of two lists with one length the shorter is read behind its end; the scanner accepts
all of it.
"""

import sys
import xml.etree.ElementTree as ElementTree

CORE = '{http://www.gtk.org/introspection/core/1.0}'
C = '{http://www.gtk.org/introspection/c/1.0}'
GLIB = '{http://www.gtk.org/introspection/glib/1.0}'
CONTAINERS = {'GLib.PtrArray', 'GLib.Array', 'GLib.List', 'GLib.SList', 'GLib.HashTable',
              'GLib.ByteArray'}
CALLABLES = {CORE + tag for tag in ('function', 'method', 'constructor', 'virtual-method',
                                    'callback')}
DOCUMENTED = CALLABLES | {CORE + tag for tag in ('class', 'record', 'interface', 'enumeration',
                                                 'bitfield', 'property')}
MACRO = CORE + 'function-macro'
# What need not be introspectable, by C name.
HIDDEN = set()


def check_type(node, name, in_array):
    written = node.get(C + 'type', '')
    if node.get('name') in CONTAINERS:
        yield f'{name}: {node.get("name")}; lists are a C array and a length'
    if written.replace(' ', '').replace('const', '').count('*') > 1 and not in_array:
        yield f'{name}: {written} without (array)'
    if written in ('gpointer', 'gconstpointer', 'void*', 'const void*'):
        yield f'{name}: a bare {written}'


def check_callable(node, name):
    values = node.findall(f'{CORE}parameters/{CORE}parameter') + node.findall(CORE + 'return-value')
    lengths = [array.get('length') for value in values for array in value.findall(CORE + 'array')]
    lengths = [length for length in lengths if length is not None]
    if len(set(lengths)) < len(lengths):
        yield f'{name}: two lists with one length'
    for value in values:
        if value.get('name') == 'user_data':
            continue
        out = value.get('direction') in ('out', 'inout')
        for kind in value.findall(CORE + 'type'):
            yield from check_type(kind, name, out)
        for array in value.findall(CORE + 'array'):
            if array.get('name'):
                yield f'{name}: {array.get("name")}; lists are a C array and a length'
            elif array.get('length') is None and array.get('zero-terminated') == '0' and \
                    array.get('fixed-size') is None:
                yield f'{name}: an array of unknown length'
            for kind in array.iter(CORE + 'type'):
                yield from check_type(kind, name, True)


def is_formality(node):
    """Whether a symbol is there for GObject alone, or is shown in another place."""
    return node.get('moved-to') is not None or node.get('disguised') is not None or \
        node.get(GLIB + 'is-gtype-struct-for') is not None


def check(root):
    for node in root.iter():
        name = node.get(C + 'identifier') or node.get(C + 'type') or node.get('name') or ''
        if node.tag in DOCUMENTED and node.find(CORE + 'doc') is None and not is_formality(node):
            yield f'{name}: no documentation'
        if node.get('introspectable') == '0' and name not in HIDDEN and node.tag != MACRO:
            yield f'{name}: cannot be introspected'
        if node.tag in CALLABLES:
            yield from check_callable(node, name)


SAMPLE = '''<repository xmlns="http://www.gtk.org/introspection/core/1.0"
    xmlns:c="http://www.gtk.org/introspection/c/1.0"><namespace name="Tg">
  <function c:identifier="tg_{name}" {attribute}>{doc}
    <parameters><parameter>{value}</parameter></parameters>
  </function></namespace></repository>'''


def test_check():
    """Each kind of mistake is found, and a sound function passes."""
    doc = '<doc>Text.</doc>'
    plain = '<type name="gint" c:type="int"/>'
    array = '<array length="1" zero-terminated="0"><type name="T" c:type="TgT*"/></array>'
    samples = {
        'good': ('', doc, plain),
        'array': ('', doc, array),
        'undocumented': ('', '', plain),
        'hidden': ('introspectable="0"', doc, plain),
        'list': ('', doc, '<type name="GLib.List" c:type="GList*"/>'),
        'ptr_array': ('', doc, f'<array name="GLib.PtrArray">{plain}</array>'),
        'pointers': ('', doc, '<type name="T" c:type="TgT**"/>'),
        'pointer': ('', doc, '<type name="gpointer" c:type="gpointer"/>'),
        'two_lists': ('', doc, f'{array}</parameter><parameter>{array}'),
        'endless': ('', doc, f'<array zero-terminated="0">{plain}</array>'),
    }
    found = {name for name, (attribute, text, value) in samples.items()
             if list(check(ElementTree.fromstring(SAMPLE.format(
                 name=name, attribute=attribute, doc=text, value=value))))}
    assert found == set(samples) - {'good', 'array'}, found


if __name__ == '__main__':
    test_check()
    errors = list(check(ElementTree.parse(sys.argv[1]).getroot()))
    print('\n'.join(errors))
    sys.exit(bool(errors))
