# SPDX-License-Identifier: LGPL-2.1-or-later
"""Random typed graphs over all operators, with values for their inputs."""

import random
import re

import numpy as np
from cases import make_case
from formulas import mutate, read_formulas
from gi.repository import GLib, Tg
from interpreter import COMPLEX, FLOATS, LETTERS, Plain, Program, Refused, convert, walk
from layouts import write_layout
from references import OPS

DTYPES = (['float64'] * 11 + ['float32'] * 6 + ['float16', 'bfloat16', 'complex64', 'complex128',
          'bool', 'int8', 'int16', 'int32', 'uint8', 'uint16', 'uint32', 'uint64']
          + ['int64'] * 3)
SPECIAL = (0., -0., 1., -1., 0.5, 2., -2., 1 + 2 ** -52, 1 - 2 ** -53, 1e-8, -1e-8, 1e-20, 3.,
           709., -745., 1e8, 30., -30., 0.7071067811865476)
RARE = (np.inf, -np.inf, np.nan, 1e300, -1e300, 1e-300, 5e-324)
NUMBERS = ('0', '1', '2', '-1', '3', '0.5', '-0.5', '0.1', '1e-8', '1e8', '1.0000000001', '10', '4',
           '0.6931471805599453', '0.7071067811865476', '2.5', '-2', '-3.5', '1e-30', '0.25')
BY_FORM = {}
for op in OPS.values():
    BY_FORM.setdefault(op.get_form(), []).append(op.get_name())
ELEMENTWISE = [name for name in BY_FORM[Tg.OpForm.ELEMENTWISE]]
COMMON = ('add', 'subtract', 'multiply', 'divide', 'exp', 'log', 'sqrt', 'negative', 'square',
          'abs', 'pow', 'tanh', 'sigmoid', 'maximum', 'minimum', 'expm1', 'log1p', 'reciprocal')
LARGEST_SIZE = 60
# What brings a letter of a formula where the formula is defined.
GUARDS = ('exp(x)', 'abs(x) + 0.1', 'sigmoid(x)', 'square(x)', '0.25 * x', 'tanh(x)', '-x', 'x + 1',
          'abs(x)', '1e-6 * x')
FORMULAS = list(read_formulas())


class Generator:
    """Builds one graph; the same number always gives the same one."""

    def __init__(self, number, formulas=FORMULAS):
        self.rng = random.Random(number)
        self.formulas = formulas
        self.sizes = [self.rng.choice([1, 2, 2, 3, 3, 4]) for _ in range(3)]
        if self.rng.random() < 0.05:
            self.sizes[0] = 0
        self.values, self.symbols, self.known, self.pool = [], [], {}, []
        self.program = Program([])
        self.plain = Plain()

    # Inputs

    def number(self):
        kind = self.rng.random()
        if kind < 0.3:
            return self.rng.randint(-300, 300) / 128
        if kind < 0.55:
            return self.rng.gauss(0, 1)
        if kind < 0.7:
            return self.rng.choice([-1, 1]) * 10 ** self.rng.uniform(-9, 4)
        if kind < 0.985:
            return self.rng.choice(SPECIAL)
        return self.rng.choice(RARE)

    def fill(self, shape, dtype):
        n = int(np.prod(shape))
        if dtype == 'bool':
            values = [self.rng.random() < 0.5 for _ in range(n)]
            return np.array(values, bool).reshape(shape)
        if 'int' in dtype:
            limits = np.iinfo(dtype)
            low = max(-5, limits.min)
            values = [self.rng.randint(low, 6) if self.rng.random() < 0.95 else
                      self.rng.choice([limits.min, limits.max, 100]) for _ in range(n)]
            return np.array(values, dtype).reshape(shape)
        sign = self.rng.random()  # often all are positive, as formulas want them
        values = np.array([self.number() for _ in range(n)], 'float64')
        values = np.abs(values) if sign < 0.3 else values
        if dtype in COMPLEX:
            values = np.where(np.isfinite(values), values, 0) + 1j * np.array(
                [self.rng.choice([0, 1, self.rng.gauss(0, 1)]) for _ in range(n)])
        with np.errstate(all='ignore'):
            return convert(values.reshape(shape), dtype)

    def shape(self):
        a, b, c = self.sizes
        return self.rng.choice([(), (a,), (b,), (a, b), (a, b), (1, b), (a, 1), (b, a), (c, a, b),
                                (b, b), (1,), (b, c)])

    def add_input(self, dtype=None, shape=None):
        dtype = dtype or self.any_dtype()
        shape = self.shape() if shape is None else shape
        known = [size if self.rng.random() < 0.4 else None for size in shape]
        symbol = Tg.tensor(dtype, known, f'x{len(self.symbols)}')
        value = self.fill(shape, dtype)
        node = self.program.add_node(symbol)
        self.symbols.append(symbol)
        self.values.append(value)
        self.known[node] = value
        self.pool.append(node)
        return node

    # Steps

    def add(self, text, **variables):
        """The expression of the notation, if the library takes it and its values are small."""
        try:
            variable = Tg.parse(text, **{name: node.variable for name, node in variables.items()})
        except GLib.Error as error:
            raise Refused(text) from error
        for new in walk([variable], self.program.by_variable):
            node = self.program.add_node(new)
            try:
                value = node.constant if node.constant is not None else self.plain.run(
                    node, [self.known[i] for i in node.inputs])
            except (ValueError, IndexError, KeyError, TypeError) as error:
                self.program.forget(new)
                raise Refused(text) from error
            if value.size > LARGEST_SIZE or value.ndim > 5:
                self.program.forget(new)
                raise Refused(text)
            self.known[node] = value
        node = self.program.by_variable[variable]
        value = self.known[node]
        finite = not node.inexact or not value.size or np.isfinite(value).any()
        if node.constant is None and (finite or self.rng.random() < 0.1):
            self.pool.append(node)
        return node

    def pick(self, accepts=lambda node: True):
        """A variable, rather a new one."""
        candidates = [node for node in self.pool if accepts(node)]
        if not candidates:
            raise Refused
        if self.rng.random() < 0.6:
            candidates = candidates[-4:]
        return self.rng.choice(candidates)

    def pick_beside(self, node, same_dtype=True):
        """One that can be broadcast against another."""
        shape = self.known[node].shape

        def fits(other):
            if same_dtype and other.dtype != node.dtype:
                return False
            try:
                np.broadcast_shapes(shape, self.known[other].shape)
            except ValueError:
                return False
            return True
        if self.rng.random() < 0.1:
            return self.add_input(node.dtype, shape)
        return self.pick(fits)

    def literal(self, node):
        if node.dtype in FLOATS | COMPLEX:
            return self.rng.choice(NUMBERS)
        return str(self.rng.choice([0, 1, 2, 3])) if node.dtype != 'bool' else 'true'

    def add_elementwise(self):
        name = self.rng.choice(COMMON if self.rng.random() < 0.5 else ELEMENTWISE)
        n_inputs = len(OPS[name].dup_input_names())
        first = self.pick()
        nodes = [first]
        texts = ['a']
        for letter in 'bcd'[:n_inputs - 1]:
            if self.rng.random() < 0.25:
                texts.append(self.literal(first))
            else:
                nodes.append(self.pick_beside(first, self.rng.random() < 0.8))
                texts.append('abcd'[len(nodes) - 1])
        if name == 'polygamma':
            texts, nodes = [str(self.rng.randint(0, 4)), 'abs(a) + 0.5'], [first]
        elif self.rng.random() < 0.5:
            self.rng.shuffle(texts)
        self.add(f'{name}({", ".join(texts)})', **dict(zip('abcd', nodes)))

    def any_dtype(self):
        return self.rng.choice(DTYPES)

    def axes(self, ndim):
        chosen = [axis - ndim * (self.rng.random() < 0.3) for axis in range(ndim)
                  if self.rng.random() < 0.5]
        return 'all' if self.rng.random() < 0.35 else str(chosen)

    def flag(self):
        return self.rng.choice(['true', 'false'])

    def add_reduction(self):
        name = self.rng.choice(BY_FORM[Tg.OpForm.REDUCE] + ['var', 'std', 'ptp', 'count_nonzero'])
        node = self.pick()
        ndim = self.known[node].ndim
        axis = self.axes(ndim)
        if name.startswith('arg'):
            axis = f'[{self.rng.randrange(ndim)}]' if ndim and self.rng.random() < 0.7 else 'all'
        self.add(f'{name}(x, axis={axis}, keepdims={self.flag()})', x=node)

    def add_choice(self):
        x = self.pick(lambda node: node.dtype != 'bool')
        y = self.pick_beside(x)
        sign = self.rng.choice(['<', '<=', '>', '>=', '==', '!='])
        other = 'y' if self.rng.random() < 0.5 else self.literal(x)
        text = self.rng.choice([f'where(x {sign} {other}, x, y)', f'x {sign} {other}',
                                f'where(x {sign} {other}, y, {self.literal(x)})',
                                f'where(isnan(x), {self.literal(x)}, x)',
                                f'logical_not(x {sign} {other})',
                                f'logical_and(x {sign} {other}, y > {self.literal(x)})'])
        self.add(text, x=x, y=y)

    def add_cast(self):
        dtype = self.any_dtype()
        node = self.pick()
        text = f'astype(x, dtype={LETTERS[dtype]})'
        if self.rng.random() < 0.3:
            text = f'astype({text}, dtype={LETTERS[node.dtype]})'
        self.add(text, x=node)

    def add_formula(self):
        formula = self.rng.choice(self.formulas)
        if self.rng.random() < 0.3:
            formula = mutate(formula, self.rng)
        base = self.pick(lambda node: node.dtype in FLOATS | COMPLEX
                         or self.rng.random() < 0.15)
        if formula.parameters and self.known[base].ndim == 0:
            base = self.pick(lambda node: self.known[node].ndim > 0
                             and node.dtype in FLOATS | COMPLEX)
        nodes, text = {}, formula.text
        numbers = formula.numbers()
        for letter in formula.letters:
            if letter in numbers or self.rng.random() < 0.06:
                text = self.replace_letter(text, letter, f'({self.literal(base)})')
                continue
            node = self.pick_beside(base) if nodes else base
            if self.rng.random() < 0.3:
                node = self.add(self.rng.choice(GUARDS), x=node)
            nodes[letter] = node
        if not nodes:
            raise Refused
        text = self.fill_parameters(formula, text, self.known[base].shape)
        self.add(text, **nodes)

    @staticmethod
    def replace_letter(text, letter, by):
        return re.sub(rf'\b{letter}\b(?! ?[(=])', by, text)

    def fill_parameters(self, formula, text, shape):
        ndim = len(shape)
        order = list(range(ndim))
        self.rng.shuffle(order)
        inverse = [order.index(i) for i in range(ndim)]
        for letter, name in formula.parameters.items():
            by = {'axis': self.axes(ndim), 'keepdims': self.flag(),
                  'dtype': LETTERS[self.any_dtype()],
                  'axes': str(order if letter == 'a' else inverse)}.get(name)
            if name == 'axis' and 'expand_dims' in text:
                by = str([self.rng.randint(0, ndim)])
            text = re.sub(rf'={letter}\b', f'={by}', text)
        for letter, name in formula.shapes.items():
            target = {'reshape': [-1, *shape[:-2]] if 0 not in shape else list(shape),
                      'broadcast_to': [self.rng.choice([1, 2])] * (letter == 't') + list(shape),
                      'sum_to': list(shape)}[name]
            text = self.replace_letter(text, letter, str(target))
        return text

    def add_structure(self):
        name = self.rng.choice([name for form in (Tg.OpForm.LAYOUT, Tg.OpForm.CONTRACT,
                                                  Tg.OpForm.OPAQUE, Tg.OpForm.COMPOSITE)
                                for name in BY_FORM[form]] + ['check_positive', 'polygamma'])
        text, nodes = write_layout(self, name)
        self.add(text, **nodes)

    def step(self):
        kind = self.rng.random()
        if kind < 0.36:
            self.add_formula()
        elif kind < 0.6:
            self.add_elementwise()
        elif kind < 0.70:
            self.add_reduction()
        elif kind < 0.88:
            self.add_structure()
        elif kind < 0.94:
            self.add_choice()
        else:
            self.add_cast()

    def build(self):
        """A graph and the values of its inputs."""
        for _ in range(self.rng.randint(1, 3)):
            self.add_input()
        steps = self.rng.choice([1, 2, 3, 4, 5, 6, 8, 10])
        for _ in range(6 * steps):
            try:
                self.step()
                steps -= 1
            except Refused:
                pass
            if not steps:
                break
        inputs = set(self.program.symbols) | {node for node in self.pool if node.name is None}
        made = [node for node in self.pool if node not in inputs]
        if not made:
            return None
        used = {i for node in made for i in node.inputs}
        last = [node for node in made if node not in used] or made[-1:]
        outputs = last[-self.rng.choice([1, 1, 2, 3]):]
        if self.rng.random() < 0.2:
            outputs.append(self.rng.choice(made))
        outputs = list(dict.fromkeys(outputs))
        return make_case(self.symbols, [node.variable for node in outputs], self.values)
