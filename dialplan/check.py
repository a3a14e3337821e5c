"""Asking Asterisk itself what it thinks of the files, and telling the admin which of his lines it means."""

import re
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from core.near import did_you_mean
from dialplan.conf import MARK
from dialplan.mistakes import Mistake
from dialplan.read import AdminFile
from dialplan.render import fragment_name

_STEP = re.compile(r"\s*(?:exten|same)\s*=>?\s*(?P<rest>.*)")
_APPLICATION = re.compile(r"(?P<name>[A-Za-z]\w*)\s*(?:\(|$)")
_QUOTED = re.compile(r"'([^']+)'")
_OBJECT = re.compile(r"id '(?P<name>[^']+)' from configuration file")


class Complaint(Protocol):
    """One thing that Asterisk said about a file."""

    @property
    def file(self) -> str:
        """The file, below the folder that was tried; empty if not told."""
        ...

    @property
    def line(self) -> int:
        """Its line, from 1; 0 if not told."""
        ...

    @property
    def message(self) -> str:
        """What Asterisk said."""
        ...


@dataclass(frozen=True, slots=True)
class Trial:
    """What a throw-away Asterisk said of a folder, and its applications (None: it was not asked)."""

    complaints: Sequence[Complaint]
    applications: frozenset[str] | None


class Parser(Protocol):
    """The real parser: boots an Asterisk on a folder, away from the one that carries the calls."""

    async def __call__(self, etc: Path) -> Trial:
        """Try the folder; it is not changed, and no port of a running Asterisk is used."""
        ...


async def check(admin: AdminFile, files: Mapping[str, str], parser: Parser) -> list[Mistake]:
    """What Asterisk finds wrong with the rendered files; empty when it takes them all.

    Nothing but a folder of its own is written. What comes from a fragment carries the fragment's file and
    line, what comes from a key of the admin's file that key's line.
    """
    with tempfile.TemporaryDirectory(prefix="tellerline-") as folder:
        write(Path(folder), files)
        trial = await parser(Path(folder))
    source = Source(admin, files)
    wrong = [source.mistake(complaint) for complaint in trial.complaints]
    if trial.applications is not None:
        wrong += source.unknown_applications(trial.applications)
    return sorted(set(wrong))


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Write the files below the folder; only their owner and his group may read them."""
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
        file.touch(mode=0o640)
        file.write_text(text, encoding="utf-8")


class Source:
    """Finds back from rendered files to what the admin wrote."""

    def __init__(self, admin: AdminFile, files: Mapping[str, str]) -> None:
        self._admin = admin
        self._lines = {name: text.splitlines() for name, text in files.items()}
        self._fragments = {
            fragment_name(place, fragment): fragment.path for place, fragment in enumerate(admin.fragments, 1)
        }

    def mistake(self, complaint: Complaint) -> Mistake:
        """The complaint, at the admin's own line where one is behind it."""
        file, line = complaint.file, complaint.line
        if not line:
            file, line = self._found(file, complaint.message)
        if file in self._fragments:
            return Mistake(str(self._fragments[file]), line, "", _said(complaint.message, file))
        key = self._key(file, line)
        if not key:
            place = file or "Asterisk"
            return Mistake(place, line, "", f"Asterisk says: {complaint.message}")
        reason = f"Asterisk says: {complaint.message} (of the rendered {file})"
        return Mistake(self._admin.path.name, self._line_of(key), key, reason)

    def unknown_applications(self, known: Collection[str]) -> Iterator[Mistake]:
        """Applications in fragments that Asterisk would only miss when a call gets there."""
        lower = {name.lower(): name for name in known}
        for file, path in self._fragments.items():
            for number, line in enumerate(self._lines[file], 1):
                name = _application(line)
                if name and name.lower() not in lower:
                    hint = (
                        did_you_mean(name, known) or "; if it is Asterisk's, add its module under `modules:`"
                    )
                    yield Mistake(str(path), number, "", f"there is no application {name}{hint}")

    def _found(self, file: str, message: str) -> tuple[str, int]:
        """Where something stands that Asterisk told by its name only."""
        if (named := _OBJECT.search(message)) and file in self._lines:
            header = f"[{named['name']}]"
            return file, next((n for n, line in enumerate(self._lines[file], 1) if line == header), 0)
        for word in reversed(_QUOTED.findall(message)):
            for fragment in self._fragments:
                for number, line in enumerate(self._lines[fragment], 1):
                    if word in line:
                        return fragment, number
        return file, 0

    def _key(self, file: str, line: int) -> str:
        """The key that a rendered line comes from: told by the nearest mark above it, within its section."""
        lines = self._lines.get(file, [])
        for text in reversed(lines[: line + 1 if line else 0]):
            if text.startswith(MARK):
                return text.removeprefix(MARK)
            if not text:
                return ""
        return ""

    def _line_of(self, key: str) -> int:
        parts = key.split(".")
        while parts and ".".join(parts) not in self._admin.lines:
            parts.pop()
        return self._admin.lines.get(".".join(parts), 0)


def _said(message: str, file: str) -> str:
    return "Asterisk says: " + re.sub(rf",? (?:at|in)? ?line \d+ of {re.escape(file)}", "", message).strip()


def _application(line: str) -> str:
    step = _STEP.fullmatch(line.split(";", 1)[0].rstrip())
    if step is None:
        return ""
    fields = step["rest"].split(",", 2 if line.lstrip().startswith("exten") else 1)
    name = _APPLICATION.match(fields[-1].strip())
    return name["name"] if name and len(fields) > 1 else ""
