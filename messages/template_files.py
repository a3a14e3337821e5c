"""The files of templates as an operator edits them: read, tried, replaced, and taken back."""

import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from core.errors import BadInput
from core.letter import Value
from messages.kinds import KINDS
from messages.message import Channel, Mail, Text
from messages.templates import PARTS, SHIPPED, Templates

_LARGEST: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class TemplateFile:
    """One file, `es/receipt.html`; `own` when the operator's stands in place of the shipped one."""

    name: str
    own: bool
    text: str = field(repr=False)

    @property
    def version(self) -> int:
        """Another number when the text is another; of 17 digits at most."""
        return int.from_bytes(hashlib.sha256(self.text.encode()).digest()[:7])

    @property
    def language(self) -> str:
        """Whose words they are."""
        return self.name.partition("/")[0]

    @property
    def kind(self) -> str:
        """Of which message."""
        return self.name.partition("/")[2].partition(".")[0]

    @property
    def part(self) -> str:
        """Which part of it: `subject.txt`, `txt`, `html` or `sms.txt`."""
        return self.name.partition(".")[2]


class TemplateFiles:
    """The shipped files, and those of the folder `own` that go first."""

    def __init__(self, templates: Templates, own: Path) -> None:
        self._templates, self._own = templates, own

    def all(self) -> list[TemplateFile]:
        """Every file that there may be, by name; one that a language lacks is not among them."""
        return [file for name in self._names() if (file := self._find(name)) is not None]

    def read(self, name: str) -> TemplateFile:
        """One file. Raises BadInput for a name that is none of theirs."""
        found = self._find(name) if name in self._names() else None
        if found is None:
            raise BadInput(f"there is no template {name!r}: `tellerline messages templates` lists them")
        return found

    def write(self, name: str, text: str) -> TemplateFile:
        """Put the operator's words in place of the shipped ones. Raises BadInput where they have mistakes."""
        self.tried(name, text)
        path = self._own / name
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_name(f".{path.name}.{os.getpid()}")
        new.write_text(text, "utf-8")
        new.replace(path)
        return self.read(name)

    def tried(self, name: str, text: str) -> str:
        """What this file would say with made-up values. Raises BadInput where it has mistakes."""
        file = self.read(name)
        if len(text.encode()) > _LARGEST:
            raise BadInput(f"{name} has more than {_LARGEST // 1024} KiB")
        channel = next(channel for channel, parts in PARTS.items() if file.part in parts)
        shown = self._templates.preview(file.kind, channel, file.language, {name: text})
        match shown:
            case Mail() if file.part == "html":
                return shown.html
            case Mail() if file.part == "subject.txt":
                return shown.subject
            case _:
                return shown.text

    def words(
        self, kind: str, channel: Channel, language: str, to: str, values: Mapping[str, Value]
    ) -> Mail | Text:
        """A message as it is written now."""
        if channel is Channel.EMAIL:
            return self._templates.mail(kind, language, to, values)
        return self._templates.text(kind, language, to, values)

    def remove(self, name: str) -> None:
        """Go back to the shipped words."""
        self.read(name)
        (self._own / name).unlink(missing_ok=True)

    def _names(self) -> Iterator[str]:
        for language in self._templates.languages:
            for kind in KINDS.values():
                for channel in kind.channels:
                    for part in PARTS[channel]:
                        yield f"{language}/{kind.name}.{part}"

    def _find(self, name: str) -> TemplateFile | None:
        for folder in (self._own, SHIPPED):
            if (path := folder / name).is_file():
                return TemplateFile(name, folder != SHIPPED, path.read_text("utf-8"))
        return None
