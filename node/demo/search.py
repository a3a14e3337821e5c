"""Looking for a card number in everything that a line wrote."""

from dataclasses import dataclass
from pathlib import Path

from node.prove.canary import Canary
from node.prove.places import files_below
from node.prove.scan import Scanner


@dataclass(frozen=True, slots=True)
class Searched:
    """How much was read, and the files in which the number stands in some spelling, or a long piece of it."""

    files: int
    size_bytes: int
    found: tuple[Path, ...]


def search(folder: Path, number: str) -> Searched:
    """Read every file below `folder` (logs, tables, write-ahead log, recordings) for the number.

    Raises OSError for a file that cannot be read: nothing would be known of it.
    """
    scanner = Scanner([Canary("card", number, "", "")])
    files = size = 0
    found: list[Path] = []
    for haystack in files_below(folder):
        try:
            with haystack.open() as file:
                holds = any(scanner.scan_file(file))
            size += Path(haystack.label).stat().st_size
        except FileNotFoundError:
            continue  # it went meanwhile, as files of a running database do
        files += 1
        found += [Path(haystack.label)] if holds else []
    return Searched(files, size, tuple(found))
