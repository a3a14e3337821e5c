"""The environment of a command that stands beside a running line."""

import os
from collections.abc import Mapping

from node.stack.stack import Stack

_WIDE = "160"


def environment(line: Stack, changes: Mapping[str, str] | None = None) -> dict[str, str]:
    """The line's own settings, with changes, and a wide terminal."""
    return {**os.environ, "COLUMNS": _WIDE, **line.environment, **(changes or {})}
