"""Places that may hold a card: what lies in them, and the search of one.

A place that cannot be read is a failure like a find: nothing is known of it.
"""

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from node.prove.canary import Canary
from node.prove.goertzel import LONGEST_CHANCE, longest_run
from node.prove.scan import Find, Readable, Scanner
from node.prove.trails import Tracker

_MOST_TEXT = 256 << 20


@dataclass(frozen=True, slots=True)
class Haystack:
    """One file, region of memory or answer; `text` when keys could stand in it one by one, line by line."""

    label: str
    open: Callable[[], AbstractContextManager[Readable]]
    text: bool = False


@dataclass(frozen=True, slots=True)
class Keyed:
    """The keys that are heard in one recording or capture of packets, read in several ways.

    In one that was `planted` the control must be found.
    """

    label: str
    keys: tuple[str, ...]
    planted: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere to look; `control` says how the control came there, `ways` how it must be found at least."""

    name: str
    control: str
    haystacks: Callable[[], Iterable[Haystack]] = tuple
    keyed: Callable[[], Iterable[Keyed]] = tuple
    ways: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Leak:
    """A canary was found there."""

    canary: str
    where: str
    how: str


@dataclass(frozen=True, slots=True)
class Searched:
    """What came of one place. It is clean when it was read, held the control, and held nothing else."""

    place: str
    control: str
    items: int
    size_bytes: int
    seconds: float
    controls: tuple[str, ...]
    leaks: tuple[Leak, ...]
    unreadable: tuple[str, ...]

    @property
    def clean(self) -> bool:
        """Whether nothing leaked here, as far as a search can tell."""
        return bool(self.items and self.controls) and not self.leaks and not self.unreadable


@dataclass(slots=True)
class Search:
    """The canaries that are looked for, and the control among them that must be found everywhere."""

    control: Canary
    canaries: Sequence[Canary]
    now: Callable[[], float]
    _scanner: Scanner = field(init=False)
    _tracker: Tracker = field(init=False)

    def __post_init__(self) -> None:
        everything = [self.control, *self.canaries]
        self._scanner, self._tracker = Scanner(everything), Tracker(everything)

    def look(self, place: Place) -> Searched:
        """Read a place to its end."""
        began = self.now()
        items = size = 0
        missed = False
        finds: list[tuple[Canary, Leak]] = []
        unreadable: list[str] = []
        for haystack in place.haystacks():
            items += 1
            try:
                with haystack.open() as file:
                    counted = _Counted(file)
                    finds += [
                        (find.canary, Leak(find.canary.name, haystack.label, find.how))
                        for find in self._in(haystack, counted)
                    ]
                    size += counted.read_bytes
            except FileNotFoundError:
                items -= 1  # it went between its listing and now, and holds nothing any more
            except OSError as problem:
                unreadable.append(f"{haystack.label}: {problem.strerror or problem}")
        for keyed in place.keyed():
            items += 1
            size += sum(map(len, keyed.keys))
            heard = [(canary, Leak(canary.name, keyed.label, how)) for canary, how in self._heard(keyed)]
            missed |= keyed.planted and all(canary != self.control for canary, _ in heard)
            finds += heard
        leaks = dict.fromkeys(leak for canary, leak in finds if canary != self.control)
        controls = dict.fromkeys(leak.how for canary, leak in finds if canary == self.control)
        if missed or not place.ways <= controls.keys():
            controls = {}
        return Searched(
            place.name,
            place.control,
            items,
            size,
            self.now() - began,
            tuple(controls),
            tuple(leaks),
            tuple(unreadable),
        )

    def _in(self, haystack: Haystack, file: "_Counted") -> Iterator[Find]:
        if not haystack.text:
            yield from self._scanner.scan_file(file)
            return
        text = file.read(_MOST_TEXT)
        if file.read(1):
            raise OSError(f"it is longer than {_MOST_TEXT >> 20} MB of text")
        yield from self._scanner.scan_file(io.BytesIO(text))
        yield from self._tracker.find(text)

    def _heard(self, keyed: Keyed) -> Iterator[tuple[Canary, str]]:
        for canary in (self.control, *self.canaries):
            run = max((longest_run(heard, canary.keys) for heard in keyed.keys), default=0)
            if run > LONGEST_CHANCE:
                yield canary, f"{run} keys in a row"


def files_below(folder: Path, *, text: bool = False, without: Sequence[Path] = ()) -> Iterator[Haystack]:
    """Every file below a folder, but not sockets, links, and what lies below `without`."""
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not path.is_file() or any(path.is_relative_to(one) for one in without):
            continue
        yield file(path, text=text)


def file(path: Path, *, text: bool = False) -> Haystack:
    """One file."""
    return Haystack(str(path), lambda: path.open("rb"), text)


def told(label: str, content: bytes) -> Haystack:
    """Something that was told to us, as bytes."""
    return Haystack(label, lambda: io.BytesIO(content), text=True)


class _Counted:
    """A file that counts what is read of it."""

    def __init__(self, file: Readable) -> None:
        self._file = file
        self.read_bytes = 0

    def read(self, size: int = -1, /) -> bytes:
        data = self._file.read(size)
        self.read_bytes += len(data)
        return data
