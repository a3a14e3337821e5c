"""Changes of the admin's file made by a program: what stands around them, comments too, stays as it is."""

import io
from collections.abc import Mapping
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import YAMLError

from core.errors import BadInput

Settings = Mapping[str, str | bool | None]


def with_number(text: str, number: str, settings: Settings | None) -> str:
    """The file with a number as `settings` have it, or without it; what they leave out stays.

    A setting that is None is taken out. Raises BadInput for a file that is none, or a number not in it.
    """
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = 10_000
    try:
        tree = yaml.load(text)
    except YAMLError as error:
        raise BadInput(f"the exchange file is no YAML: {error}") from error
    numbers = tree.get("numbers") if isinstance(tree, CommentedMap) else None
    if not isinstance(numbers, CommentedMap):
        raise BadInput("the exchange file has no `numbers`")
    key = next((known for known in numbers if str(known) == number), None)
    if settings is None:
        if key is None:
            raise BadInput(f"the exchange file has no number {number}")
        del numbers[key]
    else:
        _change(numbers, _key(number) if key is None else key, settings)
    out = io.StringIO()
    yaml.dump(tree, out)
    return out.getvalue()


def _change(numbers: CommentedMap, key: Any, settings: Settings) -> None:  # a key is what YAML read
    known = numbers.get(key)
    if not isinstance(known, CommentedMap):
        known = numbers[key] = CommentedMap()
        known.fa.set_flow_style()
    for name, value in settings.items():
        if value is None:
            known.pop(name, None)
        else:
            known[name] = value


def _key(number: str) -> str | int:
    """Digits without a zero in front stand bare, as people write them."""
    return int(number) if number.isascii() and number.isdigit() and number[0] != "0" else number
