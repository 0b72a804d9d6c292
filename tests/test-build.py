# SPDX-License-Identifier: LGPL-2.1-or-later
"""Functions are compiled in other threads, with progress, and can be cancelled."""

import asyncio
import threading

import gi

gi.require_version('Tg', '1')

import numpy as np
import pytest
from gi.repository import Gio, GLib, Tg

x = Tg.dscalar('x')


def make_slow():
    """What takes the search long: many clusters that cancel, each another one."""
    y = x
    for i in range(60):
        y = Tg.exp(Tg.sqrt(x + i + 1) - Tg.sqrt(x + i * 0.37)) - Tg.cos(x / (i + 2)) + Tg.sum(y)
    return y


def begin(builder, cancellable=None):
    """Builds in another thread, and runs the main loop until that is done."""
    loop, results = GLib.MainLoop(), []

    def done(source, result):
        try:
            results.append(source.build_finish(result))
        except GLib.Error as error:
            results.append(error)
        loop.quit()
    builder.build_async(cancellable, done)
    loop.run()
    return results[0]


def make_builder(output):
    builder = Tg.FunctionBuilder.new()
    builder.set_name('f')
    builder.set_mode(Tg.Mode.new_from_string('accurate'))
    builder.add_input(x)
    builder.add_output(output, None)
    return builder


def test_a_function_is_built_in_another_thread():
    f = begin(make_builder(x * 2))

    assert f.call([Tg.as_tensor(3.0)])[0].to_string() == 'array(6.)'


def test_progress_grows_from_nothing_to_the_whole():
    builder, seen = make_builder(make_slow()), []
    main = threading.get_ident()
    builder.connect('notify::progress', lambda *_: seen.append(
        (builder.get_progress(), threading.get_ident())))
    begin(builder)

    assert [fraction for fraction, _ in seen] == sorted(fraction for fraction, _ in seen)
    assert len(seen) > 10 and seen[-1][0] == 1
    assert {thread for _, thread in seen} == {main}


def test_what_is_told_later_is_no_part_of_it():
    builder = make_builder(x + 1)
    loop, results = GLib.MainLoop(), []
    builder.build_async(None, lambda source, result: (
        results.append(source.build_finish(result)), loop.quit()))
    builder.add_output(x - 1, None)
    builder.set_name('g')
    loop.run()

    assert results[0].get_n_outputs() == 1 and results[0].get_name() == 'f'
    assert builder.build().get_n_outputs() == 2


def test_building_is_cancelled():
    cancellable = Gio.Cancellable.new()
    builder = make_builder(make_slow())
    builder.connect('notify::progress', lambda *_: cancellable.cancel())
    error = begin(builder, cancellable)

    assert error.matches(Gio.io_error_quark(), Gio.IOErrorEnum.CANCELLED)
    assert error.message == 'f: the compilation was cancelled'
    assert builder.get_progress() < 1


def test_what_was_cancelled_before_does_not_begin():
    cancellable = Gio.Cancellable.new()
    cancellable.cancel()

    assert begin(make_builder(x), cancellable).message == 'f: the compilation was cancelled'


def test_mistakes_are_errors_there_too():
    builder = make_builder(x)
    builder.add_input(x)

    assert begin(builder).message == 'f: x: f64[] is an input twice'


def test_a_thread_cancels_what_it_builds():
    cancellable = Gio.Cancellable.new()
    cancellable.push_current()
    try:
        f = Tg.function([x], x + 1)
        cancellable.cancel()
        with pytest.raises(GLib.Error, match='the compilation was cancelled'):
            Tg.function([x], x + 1)
    finally:
        cancellable.pop_current()

    assert f(1) == 2 and Tg.function([x], x + 1)(1) == 2


def test_python_awaits_functions():
    async def compute():
        f, g = await asyncio.gather(Tg.function_async([x], x * 3),
                                    Tg.function_async([x], [x], name='g'))
        return f(2), g(2), g.name

    assert asyncio.run(compute()) == (6, [2], 'g')
    assert Tg.function_async([x], Tg.exp(x)).result()(0) == 1


def test_python_hears_of_progress_and_cancels():
    seen = []
    Tg.function([x], make_slow(), mode='accurate', progress=seen.append)
    assert seen == sorted(seen) and len(seen) > 10 and seen[-1] == 1

    begun = threading.Event()
    build = Tg.function_async([x], make_slow(), mode='accurate', progress=lambda _: begun.set())
    assert begun.wait(60)
    assert build.cancel()
    with pytest.raises(GLib.Error, match='the compilation was cancelled'):
        build.result()
    assert not build.cancel()


def test_python_has_errors_where_it_asks_for_the_result():
    build = Tg.function_async([x, x], x)

    with pytest.raises(GLib.Error, match='x: f64.. is an input twice'):
        build.result()


def test_functions_that_are_built_at_once_are_the_same():
    written = make_slow()
    builds = [Tg.function_async([x], written) for _ in range(4)]
    functions = [build.result() for build in builds]

    assert len({f.dup_trace().to_string() for f in functions}) == 1
    assert len({np.asarray(f(1.5)).tobytes() for f in functions}) == 1
