"""The operator's own texts in place of those that ship: checked as a whole, used from the next call on.

So are those that another node, or a person, put into the folder, but not with mistakes: the log has them.
"""

import hashlib
import json
import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog

from core.errors import BadInput
from ivr.texts import Texts

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")
_LONGEST: Final = 2000
_SPOKEN: Final = "spoken"

Own = Mapping[str, Mapping[str, str]]
"""Texts by language and prompt."""
Changes = Mapping[str, str | None]
"""Texts by prompt; None for one as it shipped."""
_Stamp = Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class OwnTexts:
    """What the operator says otherwise: to all callers, and `spoken` to those who are listened to."""

    texts: Own
    spoken: Own


@dataclass(frozen=True, slots=True)
class Both:
    """The texts for callers who are listened to, and for those who have their keys alone."""

    heard: Texts
    keyed: Texts


Make = Callable[[OwnTexts], Both]
"""All texts with the operator's own among them. Raises BadInput with every mistake."""


class Wording:
    """The folder of the operator's texts, a file a language; `used` are those that calls begin with."""

    def __init__(self, folder: Path, make: Make, used: Both, shipped: Both) -> None:
        self._folder, self._make = folder, make
        self._used, self.shipped = used, shipped
        self._stamp = _stamps(folder)
        for texts in (used.heard, used.keyed):
            texts.looking(self._look)

    @property
    def used(self) -> Both:
        """Those that calls begin with now."""
        self._look()
        return self._used

    def version(self, language: str) -> int:
        """Another one whenever the language's own texts were changed."""
        file = _file(self._folder, language)
        kept = file.read_bytes() if file.exists() else b""
        return int.from_bytes(hashlib.sha256(kept).digest()[:7], "big")

    def change(
        self, language: str, texts: Mapping[str, str | None], spoken: Mapping[str, str | None]
    ) -> None:
        """Say these prompts otherwise from the next call on; None says them as shipped again.

        Raises BadInput with every mistake: nothing was changed then.
        """
        own = own_texts(self._folder)
        changed = OwnTexts(
            {**own.texts, language: _merged(own.texts.get(language, {}), texts)},
            {**own.spoken, language: _merged(own.spoken.get(language, {}), spoken)},
        )
        both = self._make(changed)
        _write(_file(self._folder, language), changed.texts[language], changed.spoken[language])
        self._stamp = _stamps(self._folder)
        self._use(both)

    def _look(self) -> None:
        """Use what was changed meanwhile."""
        try:
            stamp = _stamps(self._folder)
            if stamp != self._stamp:
                self._stamp = stamp
                self._use(self._make(own_texts(self._folder)))
        except (BadInput, OSError) as why:
            log.error("the operator's texts are not used as they stand", why=str(why))

    def _use(self, both: Both) -> None:
        self._used.heard.become(both.heard)
        self._used.keyed.become(both.keyed)


def own_texts(folder: Path) -> OwnTexts:
    """What lies in the folder. Raises BadInput for a file that is no TOML of texts."""
    texts: dict[str, Mapping[str, str]] = {}
    spoken: dict[str, Mapping[str, str]] = {}
    for file in sorted(folder.glob("*.toml")) if folder.is_dir() else []:
        texts[file.stem], spoken[file.stem] = _read(_file(folder, file.stem))
    return OwnTexts(texts, spoken)


def _stamps(folder: Path) -> _Stamp:
    found = [(file.name, file.stat()) for file in (folder.glob("*.toml") if folder.is_dir() else [])]
    return {name: (stat.st_mtime_ns, stat.st_size) for name, stat in found}


def _file(folder: Path, language: str) -> Path:
    if not _LANGUAGE.fullmatch(language):
        raise BadInput(f"{language[:40]!r} is no language: two or three letters, such as en")
    return folder / f"{language}.toml"


def _read(file: Path) -> tuple[dict[str, str], dict[str, str]]:
    try:
        found = tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"{file} is no TOML: {error}") from error
    spoken = found.pop(_SPOKEN, {})
    if not isinstance(spoken, dict) or not all(
        isinstance(one, str) for one in (*found.values(), *spoken.values())
    ):
        raise BadInput(f"{file} is to have texts alone, and a table [spoken] of texts")
    return found, spoken


def _merged(own: Mapping[str, str], changes: Changes) -> dict[str, str]:
    for name, text in changes.items():
        if not _NAME.fullmatch(name):
            raise BadInput(f"no prompt is called {name[:80]!r}")
        if text is not None and (len(text) > _LONGEST or not text.isprintable()):
            raise BadInput(f"{name!r} is to be one line of at most {_LONGEST} characters that print")
    kept = {**own, **changes}
    return {name: text for name, text in sorted(kept.items()) if text is not None}


def _write(file: Path, texts: Mapping[str, str], spoken: Mapping[str, str]) -> None:
    """A string of JSON is one of TOML, but for characters that do not print, and those are refused."""
    file.parent.mkdir(parents=True, exist_ok=True)
    lines = [f"{name} = {json.dumps(text, ensure_ascii=False)}" for name, text in texts.items()]
    if spoken:
        lines += ["", f"[{_SPOKEN}]"]
        lines += [f"{name} = {json.dumps(text, ensure_ascii=False)}" for name, text in spoken.items()]
    new = file.with_name(f".{file.name}.{os.getpid()}")
    new.write_text("\n".join(lines) + "\n", "utf-8")
    new.replace(file)
