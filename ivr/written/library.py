"""All flows of a line: ours, and those that an admin keeps as files in a folder, a file each."""

import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

import structlog

from core.errors import BadInput, Refused
from dialplan.mistakes import Mistake, Mistakes
from ivr.services import Flow, Flows
from ivr.written.draft import Known
from ivr.written.flow import Written
from ivr.written.play import leads
from ivr.written.reading import LARGEST_BYTES, read_flow
from ivr.written.steps import Run

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")
_Stamp = Mapping[str, tuple[int, int]]


def names_in(folder: Path) -> list[str]:
    """The flows that are written in a folder, whether they have mistakes or not."""
    return sorted(file.stem for file in folder.glob("*.yaml") if _NAME.fullmatch(file.stem))


class Library(Mapping[str, Flow]):
    """What the runner looks flows up in. A file that was changed is used from the next call on.

    A call keeps the flows that it began with. A changed file with mistakes is not used: the log has them.
    """

    def __init__(self, folder: Path, shipped: Flows, known: Known) -> None:
        self._folder, self._shipped, self._known = folder, shipped, known
        self._stamp: _Stamp = {}
        self._written: Mapping[str, Written] = {}
        self._flows: Flows = shipped

    def required(self) -> "Library":
        """Itself. Raises Mistakes with every mistake in the folder: a line begins with good flows alone."""
        self._use(self._texts())
        return self

    def __getitem__(self, name: str) -> Flow:
        self._look()
        return self._flows[name]

    def __iter__(self) -> Iterator[str]:
        self._look()
        return iter(self._flows)

    def __len__(self) -> int:
        self._look()
        return len(self._flows)

    @property
    def written(self) -> Mapping[str, Written]:
        """The flows that an admin wrote, as calls begin with them now."""
        self._look()
        return self._written

    def text(self, name: str) -> str:
        """A written flow as it stands in its file. Raises BadInput when there is none."""
        if name not in names_in(self._folder):
            raise BadInput(f"no flow {name!r} is written here")
        return self._file(name).read_text("utf-8")

    def version(self, name: str) -> int:
        """Another one whenever the flow was changed; that of nothing where there is no such flow."""
        kept = self._file(name).read_bytes() if name in names_in(self._folder) else b""
        return int.from_bytes(hashlib.sha256(kept).digest()[:7], "big")

    def read(self, name: str, text: str) -> Written:
        """A flow as if it were written here under that name. Raises Mistakes with all that is wrong."""
        return self._read({**self._texts(), name: text}, only=name)[name]

    def put(self, name: str, text: str) -> None:
        """Keep a flow, for the next call on. Raises BadInput with every mistake: nothing was changed then."""
        self._file(name)
        self._read({**self._texts(), name: text}, only=name)
        self._folder.mkdir(parents=True, exist_ok=True)
        new = self._folder / f".{name}.{os.getpid()}"
        new.write_text(text, "utf-8")
        new.replace(self._file(name))
        self._look()

    def remove(self, name: str) -> None:
        """Take a flow out. Raises Refused while another one goes on in it."""
        self.text(name)
        users = [one for one, written in self.written.items() if name in runs(written)]
        if users:
            raise Refused(f"the flow {name} is in use: {', '.join(sorted(users))} goes on in it")
        self._file(name).unlink()
        self._look()

    def ahead(self, written: Written) -> Flows:
        """The flows that this one, which need not be kept, may go on in."""
        self._look()
        return {name: flow for name, flow in self._flows.items() if name != written.name}

    def _file(self, name: str) -> Path:
        if _NAME.fullmatch(name) is None:
            raise BadInput(f"{name[:80]!r} is no name for a flow: a-z, 0-9 and _, a letter first")
        if name in self._shipped:
            raise BadInput(f"{name} is a flow of the line's own: choose another name")
        return self._folder / f"{name}.yaml"

    def _texts(self) -> dict[str, str]:
        return {name: self._file(name).read_text("utf-8") for name in names_in(self._folder)}

    def _look(self) -> None:
        """Use what was changed meanwhile."""
        if self._stamp == self._stamps():
            return
        try:
            self._use(self._texts())
        except (BadInput, OSError, UnicodeDecodeError) as why:
            log.error("written flows are not used as they stand", why=str(why))
            self._stamp = self._stamps()

    def _use(self, texts: Mapping[str, str]) -> None:
        stamp = self._stamps()
        written = self._read(texts)
        flows: dict[str, Flow] = dict(self._shipped)
        flows.update({name: leads(one, flows) for name, one in written.items()})
        self._stamp, self._written, self._flows = stamp, written, flows

    def _stamps(self) -> _Stamp:
        found = [(name, self._file(name).stat()) for name in names_in(self._folder)]
        return {name: (stat.st_mtime_ns, stat.st_size) for name, stat in found}

    def _read(self, texts: Mapping[str, str], only: str = "") -> Mapping[str, Written]:
        """All of them, or `only` one among the others, which may have mistakes then."""
        known = replace(self._known, flows=frozenset({*self._shipped, *texts}))
        read: dict[str, Written] = {}
        wrong: list[Mistake] = []
        for name, text in texts.items():
            try:
                if len(text.encode()) > LARGEST_BYTES:
                    raise Mistakes([Mistake(f"{name}.yaml", 0, "", f"has more than {LARGEST_BYTES} bytes")])
                read[name] = read_flow(name, text, known)
            except Mistakes as mistakes:
                if not only or name == only:
                    wrong += mistakes.mistakes
        wrong += [one for one in _rounds(read) if not only or one.file == f"{only}.yaml"]
        if wrong:
            raise Mistakes(wrong)
        return read


def runs(written: Written) -> frozenset[str]:
    """The flows that one goes on in."""
    return frozenset(step.run for step in written.steps.values() if isinstance(step, Run))


def _rounds(read: Mapping[str, Written]) -> Iterator[Mistake]:
    """Flows that come back to themselves by way of others."""
    for name, written in read.items():
        seen, coming = set[str](), [*runs(written)]
        while coming:
            one = coming.pop()
            if one not in seen and one in read:
                seen.add(one)
                coming += runs(read[one])
        if name in seen:
            reason = "comes back to itself by way of other flows: lead one of them to an end"
            yield Mistake(f"{name}.yaml", 0, "", reason)
