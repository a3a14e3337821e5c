"""A sender that leaves messages in a folder, readable by its owner alone: for demonstrations and staging."""

import hashlib
import json
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from tempfile import NamedTemporaryFile

from anyio import to_thread

from messages.message import Mail, Text
from messages.sender import Accepted, TurnedDown


class FolderSender:
    """One JSON file a message: nothing goes out."""

    name = "folder"
    keeps = True

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def send_mail(self, mail: Mail, *, key: str) -> Accepted | TurnedDown:
        """As MailSender says; a key that is known already changes nothing."""
        return await to_thread.run_sync(self._write, mail, key)

    async def send_text(self, text: Text, *, key: str) -> Accepted | TurnedDown:
        """As TextSender says; a key that is known already changes nothing."""
        return await to_thread.run_sync(self._write, text, key)

    @property
    def sent(self) -> dict[str, Mail | Text]:
        """What was left there, by key."""
        kept = [json.loads(path.read_text("utf-8")) for path in sorted(self._folder.glob("*.json"))]
        return {one.pop("key"): Mail(**one) if "html" in one else Text(**one) for one in kept}

    def _write(self, message: Mail | Text, key: str) -> Accepted | TurnedDown:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self._folder / f"{hashlib.sha256(key.encode()).hexdigest()}.json"
        with NamedTemporaryFile("w", dir=self._folder, encoding="utf-8") as whole, suppress(FileExistsError):
            json.dump({"key": key, **asdict(message)}, whole, ensure_ascii=False)
            whole.flush()
            path.hardlink_to(whole.name)
        return Accepted((path.name,))
