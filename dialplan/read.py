"""Reading `exchange.yaml`: the exchange that it describes, or all of its mistakes at once."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from core.errors import BadInput
from dialplan.cross import Names, check_paths, cross_check
from dialplan.exchange import Exchange
from dialplan.mistakes import Mistake, Mistakes
from dialplan.reasons import reason_of
from dialplan.render import Fragment
from dialplan.tree import Key, Read, Tree, parse

_LARGEST_BYTES = 1_000_000
_DEFAULT = re.compile(r"\$\{(?P<name>\w+):-.*\}")
_REPAIRS = 6
_PATHS = (
    ("tls", "certificate"),
    ("tls", "key"),
    ("tls", "authorities"),
    ("ari", "authorities"),
    ("music", "folder"),
)
_STAND_INS: Mapping[Key, Tree] = {
    ("ari",): {"password": "stands-in-for-a-mistake"},
    ("ari", "password"): "stands-in-for-a-mistake",
    ("numbers",): {"00": {"flow": "stands_in"}},
}


@dataclass(frozen=True, slots=True)
class AdminFile:
    """An admin's file without mistakes: what it describes, its fragments, and the line of each dotted key."""

    path: Path
    exchange: Exchange
    fragments: tuple[Fragment, ...]
    lines: Mapping[str, int]


def read(
    path: Path,
    environment: Mapping[str, str],
    *,
    flows: Collection[str] | None = None,
    overrides: Mapping[str, str] | None = None,
) -> AdminFile:
    """Read and check an admin's file.

    `flows` are the flows that exist (None: they are not checked); `overrides` replace or add values by dotted
    keys, such as `{"sip.udp": "5070"}`. Relative paths count from the file's folder.
    Raises Mistakes, which names every mistake with its line, and BadInput when there is no such file.
    """
    found = parse(_text(path), environment)
    for dotted, value in (overrides or {}).items():
        _put(found, tuple(dotted.split(".")), value)
    _anchor(found.tree, path.absolute().parent)
    exchange, wrong = _validated(found)
    fragments: tuple[Fragment, ...] = ()
    if exchange is not None:
        wrong += cross_check(exchange, _names(found.tree), flows)
        wrong += check_paths(exchange)
        wrong += _plain_passwords(found)
        wrong += _default_passwords(found, exchange, environment)
        fragments, unread = _fragments(exchange, path.absolute().parent)
        wrong += unread
    mistakes = [Mistake(path.name, line, ".".join(key), reason) for line, key, reason in found.wrong]
    mistakes += [
        Mistake(path.name, line_of(found.lines, key), ".".join(key), reason) for key, reason in wrong
    ]
    mistakes += [headless for piece in fragments for headless in _headless(piece)]
    if mistakes or exchange is None:
        raise Mistakes(mistakes)
    return AdminFile(path, exchange, fragments, {".".join(key): line for key, line in found.lines.items()})


def line_of(lines: Mapping[Key, int], key: Key) -> int:
    """The line of the key, or of the nearest thing around it that is in the file; 0 for none."""
    while key and key not in lines:
        key = key[:-1]
    return lines.get(key, 0)


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            raise BadInput(f"{path} is larger than a megabyte: that cannot be an exchange")
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise BadInput(f"there is no {path}: copy dialplan/example.yaml there and edit it") from None
    except OSError as problem:
        raise BadInput(f"{path} cannot be read: {problem.strerror}") from None
    except UnicodeDecodeError:
        raise BadInput(f"{path} is not UTF-8 text: save it as UTF-8") from None


def _validated(found: Read) -> tuple[Exchange | None, list[tuple[Key, str]]]:
    """The exchange, without the parts that are wrong, so that the rest can still be checked."""
    if not isinstance(found.tree, dict):
        return None, [] if found.wrong else [((), "is no exchange: begin with `numbers:` and `ari:`")]
    wrong: list[tuple[Key, str]] = []
    tree: Tree = found.tree
    for attempt in range(_REPAIRS):
        try:
            return Exchange.model_validate(tree), wrong
        except ValidationError as problem:
            errors = problem.errors(include_url=False, include_input=False)
        reasons = [reason_of(error, found.raw) for error in errors]
        if attempt == 0:
            wrong = _innermost(reasons, {key for _, key, _ in found.wrong})
        for key, _ in reasons:
            tree = without(tree, key)
    return None, wrong


def _innermost(reasons: list[tuple[Key, str]], already: set[Key]) -> list[tuple[Key, str]]:
    """Without those that only follow from another: a list is called empty when all in it is wrong."""
    keys = {key for key, _ in reasons}
    outer = {key[:length] for key in keys for length in range(len(key))}
    return [(key, reason) for key, reason in reasons if key not in outer and key not in already]


def without(tree: Tree, key: Key) -> Tree:
    """The tree without what stands at a key, so that the rest of it can be looked at."""
    if key in _STAND_INS:
        return _with(tree, key, _STAND_INS[key])
    match tree, key:
        case dict(), (name,):
            return {inner: value for inner, value in tree.items() if inner != name}
        case dict(), (name, *rest):
            value = tree.get(name)
            if isinstance(value, dict) and (rest[0] in value or len(rest) > 1):
                return {**tree, name: without(value, tuple(rest))}
            return {inner: kept for inner, kept in tree.items() if inner != name}
    return tree


def _with(tree: Tree, key: Key, value: Tree) -> Tree:
    if not key:
        return value
    inner = tree.get(key[0]) if isinstance(tree, dict) else None
    return {**(tree if isinstance(tree, dict) else {}), key[0]: _with(inner, key[1:], value)}


def _put(found: Read, key: Key, value: str) -> None:
    found.tree = _with(found.tree, key, value)
    found.raw[key] = value


def _anchor(tree: Tree, folder: Path) -> None:
    for part, name in _PATHS:
        inner = tree.get(part) if isinstance(tree, dict) else None
        value = inner.get(name) if isinstance(inner, dict) else None
        if isinstance(inner, dict) and isinstance(value, str) and value:
            inner[name] = str(folder / value)


def _names(tree: Tree) -> Names:
    def keys(part: str) -> frozenset[str]:
        inner = tree.get(part) if isinstance(tree, dict) else None
        return frozenset(inner) if isinstance(inner, dict) else frozenset()

    return Names(keys("numbers"), keys("extensions"), keys("queues"), keys("trunks"))


def _plain_passwords(found: Read) -> list[tuple[Key, str]]:
    reason = "is written out here: put it into the environment, and write ${NAME}"
    return [
        (key, reason)
        for key, text in found.raw.items()
        if len(key) == 3 and key[0] == "trunks" and key[2] == "password" and not _is_variable(text)
    ]


def _default_passwords(
    found: Read, exchange: Exchange, environment: Mapping[str, str]
) -> Iterator[tuple[Key, str]]:
    """Passwords that everybody can read in the example, where others than this machine can use them."""
    reach = {"extensions": exchange.bind, "ari": exchange.ari.listen}
    for key, text in found.raw.items():
        default = _DEFAULT.fullmatch(text)
        if default is None or key[-1] != "password" or environment.get(default["name"]):
            continue
        if not _is_loopback(reach.get(key[0], "")):
            yield key, f"is the one that the file falls back to, known to all: set {default['name']}"


def _is_loopback(host: str) -> bool:
    return host in {"localhost", "::1"} or host.startswith("127.")


def _is_variable(text: str) -> bool:
    return text.startswith("${") and text.endswith("}") and ":-" not in text


def _fragments(exchange: Exchange, folder: Path) -> tuple[tuple[Fragment, ...], list[tuple[Key, str]]]:
    read: dict[Path, Fragment] = {}
    wrong: list[tuple[Key, str]] = []
    for place, pattern in enumerate(exchange.fragments):
        key = ("fragments", str(place))
        found = sorted(_matches(folder, pattern))
        if not found:
            wrong.append((key, f"there is no file {folder / pattern}: make it, or leave this line out"))
        for file in found:
            try:
                read[file] = Fragment(file, file.read_text(encoding="utf-8"))
            except (OSError, UnicodeDecodeError):
                wrong.append((key, f"{file} cannot be read as UTF-8 text"))
    return tuple(read.values()), wrong


def _matches(folder: Path, pattern: str) -> Iterator[Path]:
    whole = folder / pattern
    anchor = Path(whole.anchor)
    try:
        yield from (file for file in anchor.glob(str(whole.relative_to(anchor))) if file.is_file())
    except (ValueError, NotImplementedError):
        return


def _headless(piece: Fragment) -> Iterator[Mistake]:
    for number, line in enumerate(piece.text.splitlines(), 1):
        text = line.strip()
        if text.startswith("["):
            return
        if text and not text.startswith(";"):
            reason = "a piece of dialplan must begin with its [context], or it would change another one"
            yield Mistake(str(piece.path), number, "", reason)
            return
