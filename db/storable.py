"""Text from outside, made fit for PostgreSQL: it holds neither NUL nor half a surrogate pair."""


def storable(text: str) -> str:
    """The text without NUL, and with a question mark for what is no character."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
