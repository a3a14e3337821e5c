"""What pydantic found wrong, in words for the admin, without the value, which may be a secret."""

from collections.abc import Iterator, Mapping
from types import UnionType
from typing import Annotated, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from core.near import did_you_mean
from dialplan.exchange import Exchange
from dialplan.tree import Key

_PLAIN = {
    "int_parsing": "must be a whole number",
    "int_type": "must be a whole number",
    "bool_parsing": "must be yes or no",
    "bool_type": "must be yes or no",
    "string_type": "must be one value",
    "tuple_type": "must be a list, such as [a, b]",
    "dict_type": "must be a group of keys, each with its value",
    "model_type": "must be a group of keys, each with its value",
    "model_attributes_type": "must be a group of keys, each with its value",
    "greater_than_equal": "must be {ge} or more",
    "less_than_equal": "must be {le} or less",
    "too_short": "must not be empty",
    "string_too_short": "must not be empty",
    "string_too_long": "must have {max_length} characters at most",
}


def reason_of(
    error: ErrorDetails, raw: Mapping[Key, str], root: type[BaseModel] = Exchange
) -> tuple[Key, str]:
    """The key that is wrong, and why, with what to do; `root` is what the whole file is."""
    key = tuple(str(part) for part in error["loc"] if part != "[key]")
    context = error.get("ctx", {})
    match error["type"]:
        case "extra_forbidden":
            reason = f"there is no such key{did_you_mean(key[-1], _keys_at(root, key[:-1]))}"
        case "missing":
            reason = f"is missing: {_description(root, key)}"
        case "literal_error":
            reason = f"must be {context['expected']}{_suggestion(raw.get(key, ''), context['expected'])}"
        case "value_error":
            reason = str(context["error"])
        case kind if kind in _PLAIN:
            reason = _PLAIN[kind].format_map(context)
        case _:
            reason = error["msg"][:1].lower() + error["msg"][1:]
    return key, reason


def parts_of(annotation: object) -> Iterator[type[BaseModel]]:
    """The parts that a key of this type can hold, also within None, lists and dictionaries."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif get_origin(annotation) in (Union, UnionType, Annotated, dict, tuple):
        for inner in get_args(annotation):
            yield from parts_of(inner)


def _keys_at(root: type[BaseModel], key: Key) -> list[str]:
    part = _part_at(root, key)
    return [] if part is None else [field.alias or name for name, field in part.model_fields.items()]


def _description(root: type[BaseModel], key: Key) -> str:
    part = _part_at(root, key[:-1])
    fields = {field.alias or name: field for name, field in part.model_fields.items()} if part else {}
    return (fields[key[-1]].description or "") if key[-1] in fields else ""


def _part_at(root: type[BaseModel], key: Key) -> type[BaseModel] | None:
    part: type[BaseModel] | None = root
    named = False
    for name in key:
        if named:  # the name of a number, a trunk ... stands between the group and its keys
            named = False
            continue
        field = part.model_fields.get(name) if part else None
        if field is None:
            return None
        part = next(parts_of(field.annotation), None)
        named = get_origin(field.annotation) is dict
    return part


def _suggestion(written: str, expected: str) -> str:
    known = [word.strip("' ") for word in expected.replace(" or ", ",").split(",")]
    hint = did_you_mean(written, known)
    return hint if "did you mean" in hint else ""
