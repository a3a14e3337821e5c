"""The calls of a private line by their caller's number, which the database holds sealed."""

from pathlib import Path

from core.clock import SystemClock
from db.engine import Work
from db.keys_file import MasterFile
from db.people import People
from db.places import CALLER


class Callers:
    """Knows a line's own key; `folder` is the one that holds the line (`Stack.folder`)."""

    def __init__(self, folder: Path, work: Work) -> None:
        self._people = People(MasterFile.made_at(folder / "data" / "master.key"), SystemClock())
        self._work = work
        self._known: dict[str, bytes] = {}

    async def index(self, number: str) -> bytes:
        """The blind index by which the calls of a number are found (`calls.caller_index`)."""
        if number not in self._known:
            async with self._work.begin() as tx:
                self._known[number] = await self._people.index(tx, CALLER, number)
        return self._known[number]
