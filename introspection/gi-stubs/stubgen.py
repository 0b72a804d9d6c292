# SPDX-License-Identifier: LGPL-2.1-or-later
"""Writes the type stubs of Tg: stubgen.py GIR OUTPUT.

What the library has comes from the GIR with its types.  What the override adds is looked up in the
module itself, so library, typelib and override must be in reach; its types follow from the table of
operators, and else from the names of parameters, which the override uses alike everywhere.
"""

import inspect
import keyword
import re
import sys
import xml.etree.ElementTree as ElementTree

import gi

gi.require_version('Tg', '1')

from gi.repository import Tg

CORE = '{http://www.gtk.org/introspection/core/1.0}'
GLIB = '{http://www.gtk.org/introspection/glib/1.0}'

HEAD = '''\
# Written by stubgen.py.
import builtins
import concurrent.futures
import os
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from enum import IntEnum, IntFlag
from typing import Any, NoReturn

import numpy as np
import numpy.typing as npt

_Array = npt.NDArray[Any]
_int = builtins.int
_str = builtins.str
_Number = builtins.bool | _int | builtins.float | builtins.complex | np.generic
_Value = _Number | _Array | Tensor | builtins.list[Any] | builtins.tuple[Any, ...]
_Operand = Variable | _Value
_Axes = _int | Iterable[_int] | None
_Ints = _int | Iterable[_int | Variable] | _Array | Variable
_DType = DType | _str | builtins.type | np.dtype[Any]
_Path = _str | builtins.bytes | os.PathLike[_str] | os.PathLike[builtins.bytes]
_Pairs = Mapping[Any, _Operand] | Iterable[tuple[Any, _Operand]]

# What objects have from GObject, whose own stubs need not be there.
class _Object:
    props: Any
    def connect(self, signal: str, handler: Callable[..., Any], *args: Any) -> int: ...
    def disconnect(self, handler: int) -> None: ...
    def get_property(self, name: str) -> Any: ...
    def set_property(self, name: str, value: Any) -> None: ...
    def weak_ref(self, callback: Callable[..., Any], *args: Any) -> Any: ...

# A call in another thread.
class _Call(concurrent.futures.Future[Any]):
    def __await__(self) -> Generator[Any, None, Any]: ...

class _List(_Object):
    def __len__(self) -> int: ...
    def __iter__(self) -> Iterator[Any]: ...
    def __getitem__(self, key: int) -> Any: ...
    def get_n_items(self) -> int: ...
    def get_item(self, position: int) -> Any: ...
'''

BASIC = {'gboolean': 'bool', 'utf8': 'str', 'filename': 'str', 'none': 'None', 'gdouble': 'float',
         'gfloat': 'float', 'GObject.Object': '_Object', 'Gio.ListModel': '_List'}
INTEGERS = {f'g{sign}int{bits}' for sign in ('', 'u') for bits in ('', 8, 16, 32, 64)} | {
    'gsize', 'gssize', 'glong', 'gulong', 'gchar', 'guchar'}

# The types of the override's parameters, by name.
PARAMETERS = {
    'a': '_Operand', 'acc_dtype': '_DType | None', 'allow_downcast': 'bool | None',
    'allow_input_downcast': 'bool | None', 'append': '_Operand | None', 'avg': '_Operand',
    'b': '_Operand', 'backend': 'str | None', 'check': 'bool', 'check_finite': 'bool',
    'consider_constant': 'Iterable[Variable] | None', 'ddof': 'float | None',
    'delete_updates': 'bool', 'depth': 'int', 'df': '_Operand', 'endpoint': 'bool',
    'fill_value': '_Operand', 'format': 'str | None', 'high': '_Operand | None',
    'include_initial': 'bool', 'indexing': 'str', 'indices': '_Operand', 'invert': 'bool',
    'known_grads': '_Pairs | None', 'lam': '_Operand', 'low': '_Operand', 'max': '_Operand | None',
    'min': '_Operand | None', 'mode': 'Mode | str | None', 'ndim': 'int | None',
    'ndigits': 'int | None', 'no_default_updates': 'bool | Iterable[Variable]', 'outfile': '_Path',
    'profile': 'bool', 'progress': 'Callable[[float], Any] | None',
    'p': '_Operand', 'prepend': '_Operand | None', 'print_type': 'bool', 'pvals': '_Operand',
    'return_matrix': 'bool', 'scale': '_Operand', 'share_inputs': 'bool', 'share_memory': 'bool',
    'sorter': '_Operand | None', 'stable': 'bool', 'std': '_Operand', 'strict': 'bool',
    'swap': 'Mapping[Any, Variable] | None', 'axes': '_Axes', 'axis': '_Axes', 'borrow': 'bool',
    'broadcastable': 'Sequence[bool] | None', 'copy': 'bool | None', 'cost': 'Variable',
    'disconnected_inputs': 'str', 'dtype': '_DType | None', 'file': '_Path',
    'fun': 'Callable[..., Variable]', 'givens': '_Pairs | None',
    'inputs': 'Iterable[Variable | In]', 'keepdims': 'bool', 'm': '_Operand | None', 'memo': 'Any',
    'mmap_mode': 'str | None', 'n': '_Operand', 'n_threads': 'int', 'name': 'str | None',
    'named': '_Operand', 'names': 'str | int', 'on_unused_input': 'str', 'other': '_Operand',
    'outputs': 'Any', 'replacements': 'Mapping[Any, _Operand]', 'seed': 'int | None',
    'size': '_Ints | None',
    'start': '_Operand', 'step': '_Operand', 'stop': '_Operand | None', 'subscripts': 'str',
    'text': 'str', 'tolerance': 'float', 'updates': '_Pairs | None', 'value': '_Operand',
    'values': '_Value', 'variables': 'Variable', 'x': '_Operand', 'y': '_Operand',
}
# What differs from that, by function and parameter.
PARAMETERS_OF = {
    'as_dtype.value': '_DType', 'as_tensor.value': '_Value', 'shared.value': '_Value',
    'constant.value': '_Value', 'constant.name': 'str | None', 'from_dlpack.x': 'Any',
    'save.value': '_Value', 'savez.named': '_Value', 'savez_compressed.named': '_Value',
    'set_value.value': '_Value', 'parse.named': 'Variable',
    'tensor.shape': 'Sequence[int | None] | None', 'shared.shape': 'Sequence[int | None] | None',
    'full.shape': '_Ints', 'reshape.shape': '_Ints', 'alloc.shape': 'int | Variable',
    'eval.givens': 'Mapping[Any, _Value] | None', '__getitem__.key': 'Any',
    '__contains__.value': '_Number', 'dimshuffle.pattern': 'Any', 'clone.replace': '_Pairs | None',
    'choice.p': '_Operand | None', 'choice.replace': 'bool', 'debugprint.x': 'Any',
    'debugprint.file': 'Any', 'pp.x': 'Variable | Function | Graph',
    'pydotprint.x': 'Variable | Function | Graph', 'round.mode': 'str',
    '__init__.update': '_Operand | None', '__init__.mutable': 'bool',
    '__init__.variable': '_Operand', 'gamma.shape': '_Operand', 'name_scope.name': 'str',
    'broadcast_arrays.xs': '_Operand', 'meshgrid.xs': '_Operand',
    'broadcast_shapes.shapes': 'tuple[int, ...]', '__setitem__.key': 'Any', 'transpose.axes': 'Any',
    'broadcast_to.shape': '_Ints', '__init__.shape': 'Sequence[int | None]',
}
INPUTS = {'any': '_Operand', 'bool': '_Operand', 'int': '_Operand', 'ints': '_Ints',
          'positions': '_Operand'}
ATTRIBUTES = {'axes': '_Axes', 'ints': 'int | Iterable[int]', 'int': 'int', 'float': 'float',
              'bool': 'bool', 'dtype': '_DType', 'string': 'str'}
# What the override's functions and methods return, if it is no variable.
RETURNS = {
    'Constant.value': '_Array', 'Function.__call__': 'Any', 'Function.__getitem__': '_Array',
    'Function.__setitem__': 'None', 'Function.call_async': '_Call', 'Function.copy': 'Function',
    'Function.mode': 'Mode', 'FunctionInput.name': 'str | None', 'Place.function': 'str | None',
    'TensorType.__call__': 'Variable', 'Variable.__divmod__': 'tuple[Variable, Variable]',
    'Variable.__rdivmod__': 'tuple[Variable, Variable]', 'Variable.__setitem__': 'NoReturn',
    'Variable.inputs': 'list[Variable]', 'Variable.op': 'Op | None',
    'Variable.owner': 'Variable | None', 'Variable.place': 'Place | None',
    'Variable.scope': 'str | None', 'Variable.tag': 'Any', 'Variable.test_value': '_Array | None',
    'broadcastable': 'tuple[bool, ...]', 'clone': 'Any', 'debugprint': 'str | None',
    'name_scope': 'AbstractContextManager[str]', 'pp': 'str', 'pydotprint': 'None',
    'SharedVariable.get_value': '_Array', 'SharedVariable.set_value': 'None',
    'SharedVariable.value': '_Array', 'Tensor.T': 'Tensor',
    'Tensor.__array_interface__': 'dict[str, Any]', 'Tensor.__getitem__': 'Tensor',
    'Tensor.__iter__': 'Iterator[Tensor]', 'Tensor.__dlpack_device__': 'tuple[int, int]',
    'Tensor.__dlpack__': 'Any', 'Tensor.item': 'Any', 'Tensor.shape': 'tuple[int, ...]',
    'Tensor.size': 'int', 'Tensor.tolist': 'Any', 'TensorType.shape': 'tuple[int | None, ...]',
    'Variable.__iter__': 'Iterator[Variable]', 'Variable.eval': '_Array',
    'Variable.name': 'str | None', 'Variable.type': 'TensorType', '__bool__': 'bool',
    '__complex__': 'complex', '__contains__': 'bool', '__eq__': 'bool', '__float__': 'float',
    '__hash__': 'int', '__index__': 'int', '__init__': 'None', '__int__': 'int', '__len__': 'int',
    '_repr_svg_': 'str | None', 'as_dtype': 'DType', 'as_tensor': 'Tensor', 'constant': 'Constant',
    'dtype': 'str', 'from_dlpack': 'Tensor', 'function': 'Function', 'function_async': '_Call',
    'grad': 'Any', 'load': 'Any',
    'ndim': 'int', 'save': 'None', 'savez': 'None', 'Lop': 'Any', 'Rop': 'Any',
    'RandomStreams.find_state': 'SharedVariable | None', 'RandomStreams.get_states': '_Array',
    'RandomStreams.seed': 'None', 'RandomStreams.set_states': 'None',
    'broadcast_arrays': 'list[Variable]', 'broadcast_shapes': 'tuple[int, ...]', 'can_cast': 'bool',
    'custom_gradient': 'Any', 'finfo': 'Any', 'get_scalar_constant_value': '_Array',
    'hessian': 'Any', 'hessian_times_vector': 'Any', 'hvp': 'Any', 'iinfo': 'Any',
    'isdtype': 'bool', 'jacobian': 'Any', 'jvp': 'Any', 'max_and_argmax': 'list[Variable]',
    'meshgrid': 'list[Variable]', 'nonzero': 'tuple[Variable, ...]', 'result_type': 'str',
    'split': 'list[Variable]', 'unique_all': 'tuple[Variable, ...]',
    'unique_counts': 'tuple[Variable, ...]', 'unique_inverse': 'tuple[Variable, ...]',
    'unstack': 'list[Variable]', 'vectorize': 'Any', 'vjp': 'Any',
    'savez_compressed': 'None', 'shared': 'SharedVariable', 'verify_grad': 'None',
}
# Python's types, whose names operators and methods may have.
BUILTINS = r'(?<![\w.])(bool|bytes|complex|dict|float|int|list|object|str|tuple|type)\b(?!: [^.])'
# What the values themselves say, or nobody calls.
LEFT_OUT = {'__init_subclass__', '__repr__', '__reduce__', '__copy__', '__deepcopy__', '__array__',
            '__module__', '__doc__', '__gtype__', '__info__', '__dict__', '__weakref__'}


def clean(name):
    return name + '_' if keyword.iskeyword(name) else name


class Gir:
    """The part of the stubs that the GIR has."""

    def __init__(self, path):
        self.namespace = ElementTree.parse(path).getroot().find(CORE + 'namespace')
        self.names = {node.get('name') for node in self.namespace}

    def get_type(self, node, is_result=False):
        array = node.find(CORE + 'array')
        kind = node.find(CORE + 'type')
        if array is not None:
            inner = self.get_type(array)
            result = f'list[{inner}]' if is_result else f'Sequence[{inner}]'
        elif kind is None:
            result = 'Any'
        else:
            name = kind.get('name', '')
            result = 'int' if name in INTEGERS else BASIC.get(
                name, name if name in self.names and self.is_shown(name) else 'Any')
        nullable = node.get('nullable') == '1' or node.get('allow-none') == '1'
        return f'{result} | None' if nullable and result not in ('Any', 'None') else result

    def is_shown(self, name):
        return any(node.get('name') == name and node.tag[len(CORE):] in KINDS
                   for node in self.namespace)

    def get_signature(self, node, first):
        parameters = node.findall(f'{CORE}parameters/{CORE}parameter')
        result = node.find(CORE + 'return-value')
        lengths = {int(array.get('length')) for part in [*parameters, result]
                   for array in part.findall(CORE + 'array') if array.get('length')}
        closures = {int(part.get('closure')) for part in parameters if part.get('closure')}
        texts, results = [first] if first else [], []
        shown = [part for i, part in enumerate(parameters) if i not in lengths | closures]
        kind = self.get_type(result, True)
        if kind != 'None':
            results.append(kind)
        inputs = [part for part in shown if part.get('direction', 'in') != 'out']
        for i, part in enumerate(inputs):
            is_optional = all(later.get('nullable') == '1' for later in inputs[i:])
            texts.append(f'{clean(part.get("name"))}: {self.get_type(part)}'
                         + (' = ...' if is_optional else ''))
        results += [self.get_type(part, True) for part in shown if part.get('direction') == 'out']
        text = 'None' if not results else results[0] if len(results) == 1 else (
            f'tuple[{", ".join(results)}]')
        return f'({", ".join(texts)}) -> {text}: ...'

    def write_callables(self, node, done):
        """The methods of a class, unless the override has them."""
        for part in node:
            name = part.get('name')
            kind = part.tag.removeprefix(CORE)
            if kind not in ('method', 'constructor', 'function') or name in done or \
                    part.get('introspectable') == '0' or part.get('moved-to'):
                continue
            name = part.get('shadows', name)
            done.add(name)
            signature = self.get_signature(part, kind == 'method' and 'self')
            if kind != 'method':
                yield '    @staticmethod'
            if kind == 'constructor':
                # What C calls by the name of a parent class.
                signature = f'{signature.partition(" -> ")[0]} -> {node.get("name")}: ...'
                if node.get('parent') in self.names:
                    signature += '  # type: ignore[override]'
            yield f'    def {clean(name)}{signature}'


def get_return(owner, name, default):
    return RETURNS.get(f'{owner}.{name}', RETURNS.get(name, default))


def describe(function, owner=None, name=None):
    """The signature of a function of the override."""
    own = function.__name__
    name = name or own
    op = Tg.Op.lookup(own) if own.isidentifier() else None
    kinds = {}
    if op:
        kinds = dict(zip(op.dup_input_names(), map(INPUTS.get, op.dup_input_kinds())))
        kinds |= dict(zip(op.dup_parameter_names(), map(ATTRIBUTES.get, op.dup_parameter_kinds())))
        if op.is_variadic():
            kinds = dict.fromkeys(op.dup_input_names(), 'Iterable[_Operand]') | kinds
            kinds[op.dup_input_names()[0]] = 'Iterable[_Operand]'

    parameters, has_star = [], False
    for i, parameter in enumerate(inspect.signature(function).parameters.values()):
        label = parameter.name
        kind = PARAMETERS_OF.get(f'{own}.{label}') or kinds.get(label) or PARAMETERS.get(
            label, 'Any')
        if owner and i == 0:
            parameters.append('self')
            continue
        if parameter.kind is parameter.KEYWORD_ONLY and not has_star:
            parameters.append('*')
        has_star = has_star or parameter.kind in (parameter.KEYWORD_ONLY, parameter.VAR_POSITIONAL)
        mark = {parameter.VAR_POSITIONAL: '*', parameter.VAR_KEYWORD: '**'}.get(parameter.kind, '')
        preset = '' if parameter.default is parameter.empty else ' = ...'
        if parameter.default is None and 'None' not in kind and kind != 'Any':
            kind += ' | None'
        parameters.append(f'{mark}{label}: {kind}{preset}')
    if name == '__eq__':
        parameters = ['self', 'other: object']
    plural = 'list[Variable]' if parameters == ['*names: str | int'] else 'Variable'
    if '_reject' in function.__qualname__:
        plural = 'NoReturn'
        return f'def {name}(self, *args: Any) -> NoReturn: ...'
    return f'def {name}({", ".join(parameters)}) -> {get_return(owner, name, plural)}: ...'


# What setters take that properties do not give.
SETTERS = {'value': '_Value', 'test_value': '_Value | None'}


def get_property(gir, node, name):
    """The type of a property of the override: as above, or that of its getter in the GIR."""
    for part in node.findall(CORE + 'method'):
        if part.get('name') in (f'get_{name}', f'dup_{name}'):
            return get_return(node.get('name'), name,
                              gir.get_type(part.find(CORE + 'return-value'), True))
    return get_return(node.get('name'), name, 'Variable')


def write_override(gir, node, done):
    """What the override gives a class."""
    name = node.get('name')
    cls = getattr(Tg, name)
    if cls.__module__ != 'gi.overrides.Tg':
        return
    for attribute, value in vars(cls).items():
        if attribute in LEFT_OUT or (attribute[0] == '_' and attribute[1] != '_'
                                     and attribute != '_repr_svg_'):
            continue
        if (name, attribute) == ('Function', '__call__'):
            done.add(attribute)
            yield '    def __call__(self, *values: _Value, **named: _Value) -> Any: ...'
        elif isinstance(value, property):
            done.add(attribute)
            kind = get_property(gir, node, attribute)
            yield f'    @property\n    def {attribute}(self) -> {kind}: ...'
            if value.fset:
                kind = SETTERS.get(attribute, kind)
                yield f'    @{attribute}.setter'
                yield f'    def {attribute}(self, value: {kind}) -> None: ...'
        elif inspect.isfunction(value):
            done.add(attribute)
            yield '    ' + describe(value, name, attribute)


def write_class(gir, node):
    name = node.get('name')
    parent = node.get('parent')
    bases = [BASIC.get(parent, parent)] if parent else []
    if any(part.get('name') == 'Gio.ListModel' for part in node.findall(CORE + 'implements')):
        bases = ['_List']
    done = set()
    yield f'\nclass {name}({", ".join(bases)}):' if bases else f'\nclass {name}:'
    yield from write_override(gir, node, done)
    yield from gir.write_callables(node, done)
    for part in node.findall(CORE + 'property'):
        attribute = part.get('name').replace('-', '_')
        if attribute not in done and part.get('readable') != '0':
            yield f'    @property\n    def {attribute}(self) -> {gir.get_type(part, True)}: ...'
    if not done and not node.findall(CORE + 'property'):
        yield '    pass'


def write_enumeration(gir, node):
    name = node.get('name')
    is_flags = node.tag == CORE + 'bitfield'
    yield f'\nclass {name}({"IntFlag" if is_flags else "IntEnum"}):'
    for member in node.findall(CORE + 'member'):
        yield f'    {clean(member.get("name").upper())} = {member.get("value")}'
    if not is_flags:
        yield '    @property\n    def value_nick(self) -> str: ...'
        yield '    @property\n    def value_name(self) -> str: ...'
    if node.get(GLIB + 'error-domain'):
        yield '    @staticmethod\n    def quark() -> int: ...'


KINDS = {'class': write_class, 'record': write_class, 'enumeration': write_enumeration,
         'bitfield': write_enumeration}


def qualify(line):
    """Makes it certain that the types of a signature are those of Python."""
    head, bracket, types = line.partition('(')
    if not head.lstrip().startswith('def '):
        return line
    return head + bracket + re.sub(BUILTINS, r'builtins.\1', types)


def write(path):
    gir = Gir(path)
    names = list(sys.modules['gi.overrides.Tg'].__all__)
    yield HEAD
    for node in gir.namespace:
        kind = node.tag.removeprefix(CORE)
        if kind in KINDS and node.get(GLIB + 'is-gtype-struct-for') is None and \
                node.get('disguised') is None and hasattr(Tg, node.get('name')):
            yield from KINDS[kind](gir, node)
    yield ''
    for name in sorted(names):
        value = getattr(Tg, name)
        if inspect.isfunction(value):
            yield describe(value, None, name)
        elif not inspect.isclass(value):
            kind = 'float' if isinstance(value, float) else 'None' if value is None else 'Any'
            yield f'{name}: {kind}'
        elif name != value.__name__:
            yield f'{name}: type[{value.__name__}]'
        elif name not in gir.names:
            base = value.__mro__[1].__name__
            yield f'class {name}({base}):' if base in gir.names else f'class {name}:'
            yield '    ' + describe(value.__init__, name, '__init__')
    for node in gir.namespace.findall(CORE + 'function'):
        if node.get('name') not in names and node.get('introspectable') != '0' and \
                not node.get('moved-to'):
            yield f'def {node.get("name")}{gir.get_signature(node, None)}'


if __name__ == '__main__':
    with open(sys.argv[2], 'w', encoding='utf-8') as output:
        lines = '\n'.join(write(sys.argv[1])).split('\n')
        output.write('\n'.join(map(qualify, lines)) + '\n')
