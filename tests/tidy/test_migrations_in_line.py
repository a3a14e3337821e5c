"""The migrations stand in one line: each follows the one whose number is one less."""

import re
from pathlib import Path

_FOLDER = Path(__file__).parents[2] / "db" / "migrations" / "versions"
_STEP = re.compile(r'^revision = "(\d{4})"\ndown_revision = (?:"(\d{4})"|None)$', re.MULTILINE)


def test_each_migration_follows_the_one_before_it() -> None:
    files = sorted(_FOLDER.glob("[0-9]*.py"))
    for number, file in enumerate(files, start=1):
        step = _STEP.search(file.read_text("utf-8"))
        assert step is not None, f"{file.name} does not say what it follows"
        before = f"{number - 1:04}" if number > 1 else None
        assert (file.name[:4], *step.groups()) == (f"{number:04}", f"{number:04}", before), file.name
