"""The reference of `exchange.yaml`, written from the model: `python -m dialplan.reference`."""

import sys
import types
from typing import Annotated, Literal, Union, get_args, get_origin

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from dialplan.exchange import Exchange
from dialplan.reasons import parts_of

_TOP = """# exchange.yaml: all keys

Written from the model by `python -m dialplan.reference`; a test holds it up to date.
How to work with the file: [../howto/dialplan.md](../howto/dialplan.md).

Any value may be `${NAME}` or `${NAME:-default}`, filled from the environment; `$$` is one dollar.
Within `{ }` or `[ ]` such a value needs quotes. Relative paths count from the file's folder.
"""


def reference() -> str:
    """The page, in Markdown."""
    return _TOP + "".join(_chapter(path, part) for path, part in _parts("", Exchange))


def _parts(path: str, part: type[BaseModel]) -> list[tuple[str, type[BaseModel]]]:
    found = [(path, part)]
    for name, field in part.model_fields.items():
        for inner in parts_of(field.annotation):
            named = ".NAME" if get_origin(field.annotation) is dict else ""
            found += _parts(f"{path}.{name}{named}".lstrip("."), inner)
    return found


def _chapter(path: str, part: type[BaseModel]) -> str:
    rows = [_row(name, field) for name, field in part.model_fields.items()]
    about = (part.__doc__ or "").strip()
    table = "\n".join(["| key | value | default | meaning |", "|---|---|---|---|", *rows])
    return f"\n## {f'`{path}`' if path else 'The file'}\n\n{about}\n\n{table}\n"


def _row(name: str, field: FieldInfo) -> str:
    inner = any(parts_of(field.annotation))
    default = "" if inner else _default(field)
    value = "keys" if inner else _value(field.annotation)
    return f"| `{name}` | {value} | {default or ' '} | {field.description or ''} |"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    match field.default:
        case None:
            return ""
        case bool():
            return "`yes`" if field.default else "`no`"
        case tuple():
            return f"`[{', '.join(field.default)}]`"
    return f"`{field.default}`"


def _value(annotation: object) -> str:
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return ", ".join(f"`{word}`" for word in inner)
    if origin is tuple:
        return f"list of {_value(inner[0])}"
    if origin in (Union, types.UnionType):
        return _value(inner[0])
    if origin is Annotated:
        return _value(inner[0])
    return {int: "number", bool: "yes or no", SecretStr: "secret"}.get(annotation, "text")  # type: ignore[call-overload, no-any-return]


if __name__ == "__main__":
    sys.stdout.write(reference())
