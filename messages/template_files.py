"""The files of templates as an operator edits them: read, tried, replaced, and taken back."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from core.errors import BadInput
from messages.kinds import KINDS
from messages.templates import PARTS, SHIPPED, Templates

_LARGEST: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class TemplateFile:
    """One file, `es/receipt.html`; `own` when the operator's stands in place of the shipped one."""

    name: str
    own: bool
    text: str = field(repr=False)

    @property
    def etag(self) -> str:
        """Changes when the text does."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:32]


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
        self.read(name)
        if len(text.encode()) > _LARGEST:
            raise BadInput(f"{name} has more than {_LARGEST // 1024} KiB")
        language, _, file = name.partition("/")
        kind, _, part = file.partition(".")
        channel = next(channel for channel, parts in PARTS.items() if part in parts)
        self._templates.preview(kind, channel, language, {name: text})
        path = self._own / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return self.read(name)

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
