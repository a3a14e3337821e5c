"""The emulator's books on disk: one JSON object a line, appended, so that they survive a kill.

No card number is ever written: a payment method keeps its brand, its last four digits and its place in
the table of test cards.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

Record = dict[str, Any]  # JSON in Stripe's shapes, which are the vendor's to define


class Books:
    """Objects by id and answers by idempotency key; `path` None keeps them in memory only.

    A last line cut off by a crash is dropped: its writer had not answered yet.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.objects: dict[str, Record] = {}
        self.answers: dict[str, Record] = {}
        self._file = None
        if path is not None:
            self._replay(path)
            self._file = path.open("a", encoding="ascii")

    def keep(self, record: Record) -> Record:
        """Write an object down, new or changed; it is on the disk when this returns."""
        self._append({"object": record})
        self.objects[record["id"]] = record
        return record

    def answer(self, key: str, answer: Record) -> None:
        """Remember what was answered under an idempotency key."""
        self._append({"key": key, "answer": answer})
        self.answers[key] = answer

    @contextmanager
    def denied(self) -> Iterator[None]:
        """What is written inside stands nowhere afterwards, as if it had never been."""
        objects, answers = dict(self.objects), dict(self.answers)
        file, self._file = self._file, None
        try:
            yield
        finally:
            self.objects, self.answers, self._file = objects, answers, file

    def listed(self, kind: str) -> list[Record]:
        """All objects of a kind, in the order in which they were made."""
        return [record for record in self.objects.values() if record["object"] == kind]

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _append(self, line: Record) -> None:
        if self._file is not None:
            self._file.write(json.dumps(line) + "\n")
            self._file.flush()
            os.fdatasync(self._file.fileno())

    def _replay(self, path: Path) -> None:
        if not path.exists():
            return
        whole, _, torn = path.read_bytes().rpartition(b"\n")
        if torn:
            path.write_bytes(whole + b"\n" if whole else b"")
        for line in whole.splitlines():
            read = json.loads(line)
            if "object" in read:
                self.objects[read["object"]["id"]] = read["object"]
            else:
                self.answers[read["key"]] = read["answer"]
