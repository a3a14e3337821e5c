"""Short messages and mail to a payer: what a sender promises, and senders that keep instead of sending."""

import hashlib
import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Protocol

from anyio import to_thread


class Sms(Protocol):
    """Sends text messages."""

    async def send(self, to: str, text: str, *, key: str) -> None:
        """Send a text to a number (E.164), once for each `key`. Raises OutOfReach, Refused or BadInput."""
        ...


class Mail(Protocol):
    """Sends electronic mail."""

    async def mail(self, to: str, subject: str, text: str, *, key: str) -> None:
        """Send plain text to an address, once for each `key`. Raises OutOfReach, Refused or BadInput."""
        ...


@dataclass(frozen=True, slots=True)
class Message:
    """A message that was left to be sent; a text message has no subject."""

    to: str
    text: str
    subject: str = ""


class MemoryMessages:
    """Texts and mail kept in memory, by their keys: for tests and simulations."""

    def __init__(self) -> None:
        self.sent: dict[str, Message] = {}

    async def send(self, to: str, text: str, *, key: str) -> None:
        """Keep a text; a key that is known already changes nothing."""
        self.sent.setdefault(key, Message(to, text))

    async def mail(self, to: str, subject: str, text: str, *, key: str) -> None:
        """Keep a mail; a key that is known already changes nothing."""
        self.sent.setdefault(key, Message(to, text, subject))


class FolderMessages:
    """Texts and mail as files of a folder, readable by its owner alone: for demonstrations and staging."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def send(self, to: str, text: str, *, key: str) -> None:
        """Write a text; a key that is known already changes nothing."""
        await to_thread.run_sync(self._write, key, Message(to, text))

    async def mail(self, to: str, subject: str, text: str, *, key: str) -> None:
        """Write a mail; a key that is known already changes nothing."""
        await to_thread.run_sync(self._write, key, Message(to, text, subject))

    @property
    def sent(self) -> dict[str, Message]:
        """What was left there, by key."""
        kept = [json.loads(path.read_text("utf-8")) for path in sorted(self._folder.glob("*.json"))]
        return {one.pop("key"): Message(**one) for one in kept}

    def _write(self, key: str, message: Message) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self._folder / f"{hashlib.sha256(key.encode()).hexdigest()}.json"
        with NamedTemporaryFile("w", dir=self._folder, encoding="utf-8") as whole, suppress(FileExistsError):
            json.dump({"key": key, **asdict(message)}, whole, ensure_ascii=False)
            whole.flush()
            path.hardlink_to(whole.name)
