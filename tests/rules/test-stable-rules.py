# SPDX-License-Identifier: LGPL-2.1-or-later
"""Each rule of these files keeps its promise, fires, and only where it may."""

from rules.files import make_test_of_gains, make_tests

globals().update(make_tests('stable.rules'))
globals().update(make_test_of_gains('stable.rules'))
