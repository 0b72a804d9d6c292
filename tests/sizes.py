# SPDX-License-Identifier: LGPL-2.1-or-later
"""How much is tried, and how little stack there is."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor

from hypothesis import settings

# A part of the examples suffices where each takes long, as under the sanitizers, which hold
# memory to account and not numbers.
DIVISOR = int(os.environ.get('TG_TEST_DIVISOR', 1))
FEWEST_EXAMPLES = 4

SMALL_STACK = 512 * 1024


def examples(number, derandomize=True, **options):
    """The settings of a test that hypothesis repeats so many times."""
    number = max(number // DIVISOR, min(number, FEWEST_EXAMPLES))
    return settings(max_examples=number, deadline=None, derandomize=derandomize, **options)


def with_small_stack(function):
    """Calls it where some thousand nested calls of C are too many; what it returns."""
    before = threading.stack_size(SMALL_STACK)
    try:
        with ThreadPoolExecutor(1) as executor:
            return executor.submit(function).result()
    finally:
        threading.stack_size(before)
