"""Settings from a TOML file and the environment, as frozen dataclasses; every mistake is told at once."""

import difflib
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from pathlib import Path
from typing import Any, Final, Literal, TypeVar, get_args, get_origin, get_type_hints

from core.errors import BadInput
from core.near import did_you_mean

PREFIX = "TELLERLINE"

S = TypeVar("S")

_SURELY_MEANT: Final = 0.9  # how alike two names are of which one is a slip of the other (difflib)

_BOOLS: Final = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
_READERS: Final[Mapping[type, Callable[[str], object]]] = {
    int: int,
    float: float,
    bool: _BOOLS.__getitem__,
    str: str,
    Path: Path,
}
_WORDS: Final = {
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    str: "a text",
    Path: "a path",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """What a setting's value may be."""

    about: str
    at_least: float | None = None
    at_most: float | None = None


def setting(default: Any, about: str, at_least: float | None = None, at_most: float | None = None) -> Any:
    """A dataclass field with its default, its sentence for people, and its bounds (both included).

    Any in and out, as `dataclasses.field` itself has it.
    """
    return field(default=default, metadata={"limits": Limits(about, at_least, at_most)})


@dataclass(frozen=True, slots=True)
class Key:
    """One setting as an operator meets it: `database.url` in the file, TELLERLINE_DATABASE_URL outside."""

    name: str
    env: str
    type: Any
    default: object
    limits: Limits


def keys(cls: type) -> Iterator[Key]:
    """All settings of a class whose fields are sections (dataclasses of settings)."""
    for section in fields(cls):
        part = get_type_hints(cls)[section.name]
        for spec in fields(part):
            env = f"{PREFIX}_{section.name}_{spec.name}".upper()
            kind = get_type_hints(part)[spec.name]
            yield Key(f"{section.name}.{spec.name}", env, kind, _default(spec), spec.metadata["limits"])


def load(cls: type[S], file: Path | None, environ: Mapping[str, str]) -> S:
    """Read the settings: defaults, then the TOML file, then the environment.

    Raises BadInput with one line for each mistake: the key, what it was, what it may be.
    """
    known = {key.name: key for key in keys(cls)}
    mistakes: list[str] = []
    written = {**_from_file(file, known, mistakes), **_from_environment(environ, known, mistakes)}
    values = {name: _checked(known[name], *given, mistakes) for name, given in written.items()}
    if mistakes:
        raise BadInput("the settings have mistakes; nothing was started:\n  " + "\n  ".join(mistakes))
    return _built(cls, values)


def _built(cls: type[S], values: Mapping[str, object]) -> S:
    sections = {}
    for section in fields(cls):  # type: ignore[arg-type]  # S is always a dataclass
        part: Callable[..., object] = get_type_hints(cls)[section.name]
        prefix = section.name + "."
        sections[section.name] = part(
            **{name.removeprefix(prefix): value for name, value in values.items() if name.startswith(prefix)}
        )
    return cls(**sections)


def _from_file(
    file: Path | None, known: Mapping[str, Key], mistakes: list[str]
) -> dict[str, tuple[str, object]]:
    if file is None:
        return {}
    try:
        content = tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        mistakes.append(f"{file}: cannot be read ({error.strerror}); name another file or leave it out")
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        mistakes.append(f"{file}: is not TOML: {error}")
        return {}
    written = {}
    for section, part in content.items():
        for name, value in (part if isinstance(part, dict) else {"": part}).items():
            full = f"{section}.{name}".removesuffix(".")
            if full in known:
                written[full] = (f"{full} in {file}", value)
            else:
                mistakes.append(f"{full} in {file}: no such setting{did_you_mean(full, known)}")
    return written


def _from_environment(
    environ: Mapping[str, str], known: Mapping[str, Key], mistakes: list[str]
) -> dict[str, tuple[str, object]]:
    by_env = {key.env: name for name, key in known.items()}
    sections = tuple({env.rsplit("_", env.count("_") - 1)[0] + "_" for env in by_env})
    written: dict[str, tuple[str, object]] = {}
    for env, value in environ.items():
        if env in by_env:
            written[by_env[env]] = (env, value)
        elif env.startswith(sections) or difflib.get_close_matches(env, by_env, 1, _SURELY_MEANT):
            mistakes.append(f"{env}: no such setting{did_you_mean(env, by_env)}")
    return written


def _checked(key: Key, where: str, value: object, mistakes: list[str]) -> object:
    try:
        read = _read(key.type, value)
    except (ValueError, TypeError, KeyError):
        mistakes.append(f"{where}: {value!r} is not {_in_words(key.type)}")
        return None
    low, high = key.limits.at_least, key.limits.at_most
    if isinstance(read, int | float) and (
        (low is not None and read < low) or (high is not None and read > high)
    ):
        mistakes.append(f"{where}: {value!r} is out of bounds, it may be {_bounds(low, high)}")
    return read


def _read(kind: Any, value: object) -> object:
    if get_origin(kind) is tuple:
        items = value.split(",") if isinstance(value, str) else value
        if not isinstance(items, list):
            raise TypeError
        return tuple(_read(get_args(kind)[0], item) for item in items if item != "")
    text = str(value).lower() if isinstance(value, bool) else str(value).strip()
    if get_origin(kind) is Literal:
        return {str(choice): choice for choice in get_args(kind)}[text]
    return _READERS[kind](text)


def _in_words(kind: Any) -> str:
    if get_origin(kind) is Literal:
        return "one of " + ", ".join(str(choice) for choice in get_args(kind))
    return _WORDS.get(kind, "a list of texts")


def _bounds(low: float | None, high: float | None) -> str:
    return " and ".join(
        part
        for part in (low is not None and f"at least {low:g}", high is not None and f"at most {high:g}")
        if part
    )


def _default(spec: "Field[Any]") -> object:
    return None if spec.default is MISSING else spec.default
