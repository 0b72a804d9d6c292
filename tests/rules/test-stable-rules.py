# SPDX-License-Identifier: LGPL-2.1-or-later
"""Each rule of these files keeps its promise, fires, and only where it may."""

from rules.files import make_tests

globals().update(make_tests('stable.rules'))
