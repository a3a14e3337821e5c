"""The operator's file of accounts at payment processors, read into each processor's own account.

    [square_main]
    processor = "square"
    token = "env:SQUARE_TOKEN"
    location = "L1"

A section is an account, and its name the gateway's; a value `env:NAME` is taken from the environment.
"""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any, Final, get_args, get_origin, get_type_hints

from core.errors import BadInput
from core.near import did_you_mean
from payments.processor import Processor

_FROM_ENVIRONMENT: Final = "env:"
_KINDS: Final[Mapping[type, tuple[str, Callable[[object], bool]]]] = {
    str: ("a text", lambda value: isinstance(value, str)),
    bool: ("true or false", lambda value: isinstance(value, bool)),
    float: ("a number", lambda value: isinstance(value, int | float) and not isinstance(value, bool)),
    Path: ("a path", lambda value: isinstance(value, str)),
    dict: ("a table of texts", lambda value: isinstance(value, dict)),
}


def read(
    file: Path, environ: Mapping[str, str], processors: Mapping[str, Processor]
) -> list[tuple[Processor, Any]]:
    """The processor and the account of each section, in the file's order.

    Raises BadInput with every mistake at once; a secret's value is in none of them.
    """
    try:
        content = tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        raise BadInput(f"{file}: cannot be read ({error.strerror}); see payments.accounts") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"{file}: is not TOML: {error}") from None
    mistakes: list[str] = []
    accounts = []
    for name, section in content.items():
        about = section if isinstance(section, dict) else {}
        processor = processors.get(str(about.get("processor")))
        if processor is None:
            mistakes.append(f"[{name}] processor: one of {', '.join(processors)} is needed")
            continue
        given = {key: value for key, value in about.items() if key != "processor"}
        values = _values(name, processor.account, given, environ, mistakes)
        if not any(mistake.startswith(f"[{name}]") for mistake in mistakes):
            accounts.append((processor, processor.account(**values | {"name": name})))
    if mistakes:
        raise BadInput(f"{file} has mistakes; nothing was started:\n  " + "\n  ".join(mistakes))
    return accounts


def _values(
    name: str, account: type, given: Mapping[str, object], environ: Mapping[str, str], mistakes: list[str]
) -> dict[str, object]:
    hints = get_type_hints(account)
    known = {spec.name: spec for spec in fields(account) if spec.name != "name"}
    values: dict[str, object] = {}
    for key, value in given.items():
        if key not in known:
            mistakes.append(f"[{name}] {key}: no such setting{did_you_mean(key, known)}")
            continue
        told = _from_environment(name, key, value, environ, mistakes)
        kind = _kind(hints[key])
        words, fits = _KINDS[kind]
        if told is None or not fits(told):
            mistakes.append(f"[{name}] {key}: {words} is needed")
        else:
            values[key] = Path(str(told)) if kind is Path else told
    mistakes += [
        f"[{name}] {spec.name}: is needed"
        for spec in known.values()
        if spec.default is MISSING and spec.default_factory is MISSING and spec.name not in given
    ]
    return values


def _from_environment(
    name: str, key: str, value: object, environ: Mapping[str, str], mistakes: list[str]
) -> object:
    if not isinstance(value, str) or not value.startswith(_FROM_ENVIRONMENT):
        return value
    variable = value.removeprefix(_FROM_ENVIRONMENT)
    if variable not in environ:
        mistakes.append(f"[{name}] {key}: the environment has no {variable}")
    return environ.get(variable)


def _kind(hint: object) -> type:
    """The plain type behind `Path | None`; a `Mapping[str, str]` is a table."""
    if get_origin(hint) is Mapping:
        return dict
    return next(one for one in _KINDS if one in (hint, *get_args(hint)))
