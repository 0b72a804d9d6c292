# SPDX-License-Identifier: LGPL-2.1-or-later
"""Calls in other threads."""

import asyncio
import concurrent.futures
import threading

from gi.repository import Gio

__all__ = ['AsyncCall']


class AsyncCall(concurrent.futures.Future):
    """A call in a thread of its own: a future that can be awaited, and cancelled while it runs."""

    def __init__(self, function, args, kwargs):
        super().__init__()
        self._cancellable = Gio.Cancellable.new()
        self.set_running_or_notify_cancel()
        threading.Thread(target=self._run, args=(function, args, kwargs), daemon=True).start()

    def _run(self, function, args, kwargs):
        self._cancellable.push_current()
        try:
            result = function(*args, **kwargs)
        except BaseException as error:
            self.set_exception(error)
        else:
            self.set_result(result)
        finally:
            self._cancellable.pop_current()

    def cancel(self):
        """Asks the call to end; `result()` then raises the error that it was cancelled.

        Returns whether it was still running.
        """
        self._cancellable.cancel()
        return not self.done()

    def __await__(self):
        return asyncio.wrap_future(self).__await__()
