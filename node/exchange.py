"""The admin's file in the hands of the API: checked, applied, and as before when that fails."""

import hashlib
import os
from collections.abc import Collection, Sequence
from functools import partial
from pathlib import Path

import anyio

from api.routes.numbers import Change, LineNumber
from core.errors import BadInput, Outdated, Refused
from dialplan.apply import Applied, NotTaken, TakenBack, Unchanged, apply
from dialplan.edit import Settings as Edits
from dialplan.edit import with_number
from dialplan.generations import Generations
from dialplan.read import AdminFile, read
from node.commands.dialplan_asterisk import Remote, ThrowAway
from node.parts.folder import local_folder
from node.parts.program import Part, find
from node.settings import SwitchSettings


class ExchangeFile:
    """The Exchange protocol (api.routes.numbers) over `switch.exchange`; one change at a time."""

    def __init__(self, settings: SwitchSettings, flows: Collection[str]) -> None:
        self._flows = flows
        self._file = settings.exchange
        self._etc = Path(settings.etc) if settings.etc else local_folder() / "asterisk" / "etc"
        self._conf = Path(settings.asterisk_conf) if settings.asterisk_conf else None
        self._turn = anyio.Lock()
        self._known: tuple[int, Sequence[LineNumber]] | None = None

    def version(self) -> int:
        """Another one whenever the file was changed."""
        return int.from_bytes(hashlib.sha256(self._text().encode()).digest()[:7], "big")

    def numbers(self) -> Sequence[LineNumber]:
        """The numbers of the file. Raises BadInput with every mistake in it."""
        version = self.version()
        if self._known is None or self._known[0] != version:
            found = self._read(self._file).exchange.numbers
            listed = [
                LineNumber(str(name), one.flow, one.language or "", tuple(map(str, one.also)), one.record)
                for name, one in found.items()
            ]
            self._known = version, listed
        return self._known[1]

    async def change(self, number: str, change: Change | None, version: int | None) -> None:
        """Change a number, make a new one, or with None take it out; all or nothing."""
        async with self._turn:
            if version is not None and version != self.version():
                raise Outdated("the exchange file was changed meanwhile: read it again")
            before = self._text()
            after = with_number(before, number, _edits(change))
            _write(self._file, after)
            try:
                await self._applied()
            except BaseException:
                _write(self._file, before)
                raise

    async def _applied(self) -> None:
        program = find(Part.ASTERISK, local_folder())
        running = Remote(program, self._conf) if self._conf else None
        admin = self._read(self._file)
        make = partial(apply, admin, Generations(self._etc), ThrowAway(program), running)
        match await make():
            case NotTaken(mistakes=mistakes):
                raise BadInput("; ".join(map(str, mistakes)))
            case TakenBack(reason=reason):
                raise Refused(f"the switch did not take it over, and all is as before: {reason}")
            case Applied() | Unchanged():
                return

    def _read(self, file: Path) -> AdminFile:
        return read(file, os.environ, flows=self._flows)

    def _text(self) -> str:
        try:
            return self._file.read_text("utf-8")
        except OSError as error:
            raise BadInput(f"{self._file} cannot be read: {error.strerror}") from error


def _edits(change: Change | None) -> Edits | None:
    if change is None:
        return None
    edits: dict[str, str | bool | None] = {"flow": change.flow}
    if change.language is not None:
        edits["language"] = change.language or None
    if change.record is not None:
        edits["record"] = change.record
    return edits


def _write(file: Path, text: str) -> None:
    """Whole or not at all."""
    new = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        new.write_text(text, "utf-8")
        new.chmod(file.stat().st_mode)
        new.replace(file)
    except OSError as error:
        told = f"{file} cannot be written from here ({error.strerror}): edit it where it lies"
        raise Refused(told) from error
