# SPDX-License-Identifier: LGPL-2.1-or-later
"""What tests of messages share."""

import re

# " (made at test-errors.py, line 12)", " (x made at …; input 2 made at …)"
_PLACES = re.compile(r' \((?:(?:; )?(?:[\w/ ]+ )?made at (?:\d+:\d+ of the text at )?'
                     r'test-[\w-]+\.py, line \d+)+\)$')


def without_places(message):
    """The message without the places behind it, which test-places.py looks at."""
    return _PLACES.sub('', message)
