"""Text cut into sentences, so that the first can be heard while the next is made."""

import re

_END = re.compile(r"(?<=[.!?;:।])\s+")


def sentences(text: str) -> list[str]:
    """The sentences of a text, in order, without blank ones."""
    return [part for part in (piece.strip() for piece in _END.split(text)) if part]
