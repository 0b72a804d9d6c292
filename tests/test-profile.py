# SPDX-License-Identifier: LGPL-2.1-or-later
"""Profiles say where the time of calls goes."""

import json
import threading
import time

import gi

gi.require_version('Tg', '1')

import numpy as np
import pytest
from gi.repository import GLib, Tg


def compile_all(mode=None, **options):
    """A loop, a reduction, a product and what runs in a plain loop."""
    x, w = Tg.dmatrix('x'), Tg.dmatrix('w')
    product = Tg.matmul(Tg.exp(-x) + 1, w)
    return Tg.function([x, w], [Tg.sum(product, axis=0), Tg.sort(product, axis=0)], mode=mode,
                       **options)


VALUES = np.linspace(0, 1, 12).reshape(3, 4), np.linspace(0, 1, 20).reshape(4, 5)


def test_nothing_is_measured_unless_asked_for():
    f = compile_all()
    f(*VALUES)

    assert not f.profiling and f.profile.get_n_calls() == 0 and len(f.profile) == 0
    assert f.profile.get_seconds() == 0


def test_each_step_has_its_kind_and_its_variables():
    f = compile_all(profile=True)
    f(*VALUES)
    steps = list(f.profile)

    assert [step.get_kind() for step in steps] == ['loop', 'product', 'reduction', 'operator']
    assert [step.get_variable(i).get_op().get_name() for step in steps
            for i in range(step.get_n_variables())] == [
                'negative', 'exp', 'add', 'matmul', 'sum', 'sort']
    assert [str(step) for step in steps] == [
        'loop: negative, exp, add', 'product: matmul', 'reduction: sum', 'operator: sort']
    assert all(step.get_n_calls() == 1 for step in steps)


def test_the_reference_runs_each_operator_alone():
    f = compile_all('reference', profile=True)
    f(*VALUES)

    assert [step.get_kind() for step in f.profile] == ['operator'] * len(f.profile)
    assert sum(step.get_n_variables() for step in f.profile) == len(f.profile) >= 6


def test_bytes_and_operations_are_those_of_the_arrays():
    f = compile_all(profile=True)
    for _ in range(3):
        f(*VALUES)
    loop, product, reduction, sort = f.profile

    # x, the number 1, exp (-x) + 1; w, their product, its sum, and what is sorted.
    assert loop.get_bytes() == 3 * 8 * (12 + 1 + 12)
    assert product.get_bytes() == 3 * 8 * (12 + 20 + 15)
    assert reduction.get_bytes() == 3 * 8 * (15 + 5)
    assert sort.get_bytes() == 3 * 8 * (15 + 15)
    assert loop.get_operations() == 3 * 3 * 12
    assert product.get_operations() == 3 * 2 * 3 * 4 * 5
    assert reduction.get_operations() == 3 * 15
    assert sort.get_operations() == 0


def test_a_reduction_may_end_a_loop():
    x = Tg.dmatrix('x')
    f = Tg.function([x], Tg.sum(Tg.exp(x), axis=0), profile=True)
    f(VALUES[0])

    assert [str(step) for step in f.profile] == ['loop: exp, sum']
    assert f.profile[0].get_bytes() == 8 * (12 + 4)
    assert f.profile[0].get_operations() == 2 * 12
    assert f.explain().endswith('  1 loop of 1 elementwise operator and 1 reduction\n')


def test_an_operand_is_read_once():
    x = Tg.dvector('x')
    f = Tg.function([x], Tg.sqrt(x) * x + Tg.exp(x), profile=True)
    f([1, 2, 3])

    assert [step.get_bytes() for step in f.profile] == [2 * 3 * 8]


def test_times_are_those_of_the_calls():
    f = compile_all(profile=True)
    begin = time.perf_counter()
    for _ in range(20):
        f(*VALUES)
    seconds = time.perf_counter() - begin

    inside = sum(step.get_seconds() for step in f.profile)
    assert 0 < inside <= f.profile.get_seconds() <= seconds


def test_a_profile_stays_what_it_was():
    f = compile_all(profile=True)
    f(*VALUES)
    profile = f.profile
    f(*VALUES)

    assert profile.get_n_calls() == 1 and profile[0].get_n_calls() == 1
    assert f.profile.get_n_calls() == 2 and f.profile[0].get_n_calls() == 2


def test_measuring_can_be_turned_off_and_on():
    f, changes = compile_all(), []
    f.connect('notify::profiling', lambda *_: changes.append(f.profiling))
    for f.profiling in (True, True, False, True):
        f(*VALUES)

    assert f.profile.get_n_calls() == 3
    assert changes == [True, False, True]


def test_calls_that_fail_are_no_calls():
    f = compile_all(profile=True)
    with pytest.raises(GLib.Error):
        f(VALUES[0], VALUES[0])

    assert f.profile.get_n_calls() == 0


def test_json_has_what_the_objects_have():
    f = compile_all(profile=True)
    f(*VALUES)
    profile = f.profile
    read = json.loads(profile.to_json())

    assert read['calls'] == 1
    assert read['nanoseconds'] == round(profile.get_seconds() * 1e9)
    assert [step['kind'] for step in read['steps']] == [step.get_kind() for step in profile]
    assert [step['operators'] for step in read['steps']] == [
        ['negative', 'exp', 'add'], ['matmul'], ['sum'], ['sort']]
    for step, known in zip(read['steps'], profile):
        assert step['bytes'] == known.get_bytes()
        assert step['operations'] == known.get_operations()
        assert step['calls'] == known.get_n_calls()


def test_text_has_what_took_most_first():
    x, y = Tg.dvectors('x', 'y')
    f = Tg.function([x, y], [Tg.exp(Tg.sin(x)), Tg.sum(y)], profile=True)
    f(np.ones(100_000), [1.0])
    lines = str(f.profile).splitlines()

    assert lines[0].startswith('1 calls took ')
    assert [line.rpartition('  ')[2] for line in lines[1:]] == [
        'step', 'loop: sin, exp', 'reduction: sum']
    shares = [float(line.partition('%')[0]) for line in lines[2:]]
    assert shares == sorted(shares, reverse=True) and abs(sum(shares) - 100) < 0.2


def test_an_empty_profile_has_its_text():
    f = compile_all()

    assert str(f.profile).startswith('0 calls took 0.000000 s')
    assert json.loads(f.profile.to_json()) == {'calls': 0, 'nanoseconds': 0, 'steps': []}


def test_long_loops_are_shortened_in_text():
    x = y = Tg.dvector('x')
    for _ in range(20):
        y = Tg.sin(y)
    f = Tg.function([x], y, profile=True)
    f([1])

    assert str(f.profile[0]) == 'loop: ' + ', '.join(['sin'] * 12) + ' and 8 more'


def test_threads_add_up():
    f = compile_all(profile=True)
    threads = [threading.Thread(target=lambda: [f(*VALUES) for _ in range(50)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        assert f.profile.get_n_calls() <= 200
    for thread in threads:
        thread.join()

    assert f.profile.get_n_calls() == 200
    assert [step.get_n_calls() for step in f.profile] == [200] * 4
