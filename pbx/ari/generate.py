"""Writes model.py from Asterisk's own resource descriptions: `python -m pbx.ari.generate FOLDER`.

FOLDER holds the Swagger 1.1 files that Asterisk ships (`rest-api/` below its data folder; a running one
serves the same under /ari/api-docs/). The result is meant to be committed and never edited.
"""

import json
import keyword
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TARGET = Path(__file__).with_name("model.py")

Model = dict[str, Any]  # one entry of "models", as Swagger 1.1 describes it

_FILES = ("bridges", "channels", "deviceStates", "endpoints", "events", "playbacks", "recordings")
_NOT_EVENTS = {"Message", "Event", "MissingParams", "Dialed", "RESTRequest"}
_UNSHOWN = {("ChannelDtmfReceived", "digit"), ("ChannelVarset", "value"), ("RESTResponse", "message_body")}
_RESOURCES = ("Channel", "Bridge", "Playback", "LiveRecording")
_LIST = "List["
_SCALARS = {
    "string": ("str", '""'),
    "Date": ("str", '""'),
    "int": ("int", "0"),
    "long": ("int", "0"),
    "double": ("float", "0.0"),
    "boolean": ("bool", "False"),
}

_HEAD = '''"""Asterisk's events and resources, written by `python -m pbx.ari.generate`; do not edit.

What a message leaves out is empty, zero or None; what it says beyond its description is passed over.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

JsonObject = dict[str, Any]
'''

_EVENT_HEAD = '''
@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened in Asterisk; `timestamp` is its own wall clock, in ISO 8601."""

    application: str
    timestamp: str


@dataclass(frozen=True, slots=True)
class UnknownEvent(Event):
    """An event that this version of the descriptions does not know."""

    type: str
'''

_TAIL = '''

def parse(message: JsonObject) -> Event:
    """The event that a JSON object from Asterisk tells of; UnknownEvent for a type that is not described."""
    kind = message.get("type", "")
    reader = _READERS.get(kind)
    if reader is None:
        return UnknownEvent(message.get("application", ""), message.get("timestamp", ""), str(kind))
    return reader(message)


def parse_channel(resource: JsonObject) -> Channel:
    """The channel that a JSON object of the REST interface describes."""
    return _read_channel(resource)
'''


@dataclass(frozen=True, slots=True)
class _Field:
    """One property of a model: its JSON name and type (as described), and whether it is always there."""

    key: str
    kind: str
    required: bool

    @property
    def name(self) -> str:
        return f"{self.key}_" if keyword.iskeyword(self.key) else self.key


def generate(folder: Path) -> str:
    """The text of model.py; OSError or KeyError when the folder does not hold the descriptions."""
    models = {name: model for file in _FILES for name, model in _models(folder / f"{file}.json")}
    events = [name for name in models["Event"]["subTypes"] if name not in _NOT_EVENTS]
    resources = list(dict.fromkeys(_in_order([*events, *_RESOURCES], models)))
    parts = [_HEAD]
    parts += [_class(name, models[name], "") for name in resources]
    parts += [_EVENT_HEAD]
    parts += [_class(name, models[name], "Event") for name in sorted(events)]
    parts += [_reader(name, models[name], event=False) for name in resources]
    parts += [_reader(name, models[name], event=True) for name in sorted(events)]
    table = "".join(f'    "{name}": _read_{_snake(name)},\n' for name in sorted(events))
    parts += [f"\n_READERS: dict[str, Callable[[JsonObject], Event]] = {{\n{table}}}\n", _TAIL]
    return "\n".join(
        part.strip("\n") + "\n" if part is _HEAD else "\n" + part.strip("\n") + "\n" for part in parts
    )


def _models(file: Path) -> Iterator[tuple[str, Model]]:
    yield from json.loads(file.read_text(encoding="utf-8"))["models"].items()


def _in_order(names: Iterable[str], models: dict[str, Model]) -> Iterator[str]:
    """The resources that those need, each before whatever holds it."""
    for name in names:
        yield from (
            _in_order([_element(one.kind) for one in _fields(models[name])], models) if name in models else ()
        )
        if name in models and name not in models["Event"]["subTypes"]:
            yield name


def _fields(model: Model) -> list[_Field]:
    return [_Field(key, one["type"], bool(one.get("required"))) for key, one in model["properties"].items()]


def _element(kind: str) -> str:
    return kind[len(_LIST) : -1] if kind.startswith(_LIST) else kind


def _class(name: str, model: Model, parent: str) -> str:
    lines = [
        "",
        "@dataclass(frozen=True, slots=True)",
        f"class {name}({parent}):" if parent else f"class {name}:",
    ]
    lines += [f'    """{_sentence(str(model.get("description", "")), name)}"""', ""]
    lines += [f"    {one.name}: {_type(one)}{_hidden(name, one)}" for one in _fields(model)]
    return "\n".join(lines)


def _sentence(description: str, name: str) -> str:
    first = " ".join(description.split("\n\n", maxsplit=1)[0].split()).replace("\\", "").replace('"', "'")
    return first if first.endswith(".") else f"{first or name}."


def _hidden(model: str, one: _Field) -> str:
    return " = field(repr=False)" if (model, one.key) in _UNSHOWN else ""


def _type(one: _Field) -> str:
    if one.kind.startswith(_LIST):
        element = _element(one.kind)
        return f"tuple[{_SCALARS[element][0] if element in _SCALARS else element}, ...]"
    if one.kind == "object":
        return "JsonObject"
    if one.kind in _SCALARS:
        return _SCALARS[one.kind][0]
    return one.kind if one.required else f"{one.kind} | None"


def _reader(name: str, model: Model, *, event: bool) -> str:
    common = ['m.get("application", "")', 'm.get("timestamp", "")'] if event else []
    values = common + [_value(one) for one in _fields(model)]
    body = "".join(f"        {value},\n" for value in values)
    return f"\ndef _read_{_snake(name)}(m: JsonObject) -> {name}:\n    return {name}(\n{body}    )"


def _value(one: _Field) -> str:
    if one.kind.startswith(_LIST):
        element = _element(one.kind)
        listed = f'm.get("{one.key}", ())'
        return (
            f"tuple({listed})"
            if element in _SCALARS
            else f"tuple(_read_{_snake(element)}(x) for x in {listed})"
        )
    if one.kind == "object":
        return f'm.get("{one.key}", {{}})'
    if one.kind in _SCALARS:
        return f'm.get("{one.key}", {_SCALARS[one.kind][1]})'
    if one.required:
        return f'_read_{_snake(one.kind)}(m.get("{one.key}", {{}}))'
    return f'_read_{_snake(one.kind)}(m["{one.key}"]) if m.get("{one.key}") else None'


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def _main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m pbx.ari.generate FOLDER   (Asterisk's rest-api folder)\n")
        return 2
    TARGET.write_text(generate(Path(arguments[0])), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
