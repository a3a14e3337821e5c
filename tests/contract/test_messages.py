"""What every sender of messages does; `kept` names those that keep them."""

from pathlib import Path

import pytest

from payments.messages import FolderMessages, MemoryMessages, Message

pytestmark = pytest.mark.anyio

Kept = MemoryMessages | FolderMessages


@pytest.fixture(params=["memory", "folder"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Kept:
    return MemoryMessages() if request.param == "memory" else FolderMessages(tmp_path / "messages")


async def test_a_text_is_sent_once_for_its_key(kept: Kept) -> None:
    await kept.send("+15550100", "Pay here: https://pay.example.com/p/1", key="a/1")
    await kept.send("+15550100", "Pay here again", key="a/1")
    assert kept.sent == {"a/1": Message("+15550100", "Pay here: https://pay.example.com/p/1")}


async def test_a_mail_has_a_subject(kept: Kept) -> None:
    await kept.mail("robin@example.com", "Your bill", "Grüße", key="b")
    assert kept.sent == {"b": Message("robin@example.com", "Grüße", "Your bill")}


async def test_texts_with_different_keys_are_all_sent(kept: Kept) -> None:
    for number in range(3):
        await kept.send("+15550100", f"code {number}", key=f"code-{number}")
    assert {message.text for message in kept.sent.values()} == {"code 0", "code 1", "code 2"}


async def test_messages_in_a_folder_are_for_its_owner_alone(tmp_path: Path) -> None:
    await FolderMessages(tmp_path / "messages").send("+15550100", "code", key="c")
    [file] = (tmp_path / "messages").iterdir()
    assert file.stat().st_mode & 0o077 == 0
    assert file.parent.stat().st_mode & 0o077 == 0
