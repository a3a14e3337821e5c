"""The flows that an admin may give to a number: ours, and those written in the line's folder."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from core.errors import BadInput
from dialplan.directory import Directory
from ivr.flows.for_application import for_application
from ivr.flows.front_desk import front_desk
from ivr.flows.pay_bill import pay_bill
from ivr.flows.speak_to_agent import speak_to_agent
from ivr.services import Flow
from ivr.texts import Texts
from ivr.written.draft import Known
from ivr.written.library import Library, names_in
from node.settings import LineSettings, Settings, read

FLOWS: Mapping[str, Flow] = {
    "front_desk": front_desk,
    "pay_bill": pay_bill,
    "speak_to_agent": speak_to_agent,
    "for_application": for_application,
}


def folder_of(settings: Settings) -> Path:
    """Where an admin's own flows lie, a file each."""
    return settings.line.data / "flows"


def names(folder: Path) -> frozenset[str]:
    """All flows that there are, without a look at what is written in them."""
    return frozenset({*FLOWS, *names_in(folder)})


def names_here() -> frozenset[str]:
    """The same, for a command that goes without settings where they are wrong."""
    try:
        return names(folder_of(read(None, os.environ)))
    except BadInput:
        return names(LineSettings().data / "flows")


def library_of(settings: Settings, texts: Texts | None = None, directory: Directory | None = None) -> Library:
    """All flows of a line. Whom they call is checked where a directory tells who there is."""
    line = settings.line
    known = Known(
        tuple(dict.fromkeys((line.language, *line.languages))),
        texts or Texts({"company": line.name}),
        frozenset(FLOWS),
        _reached_by(directory) if directory is not None else None,
    )
    return Library(folder_of(settings), FLOWS, known)


def _reached_by(directory: Directory) -> Callable[[str], bool]:
    def reaches(to: str) -> bool:
        try:
            directory.endpoint(to)
        except BadInput:
            return False
        return True

    return reaches
