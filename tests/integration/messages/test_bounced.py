"""Mail that comes back to the command, and is noted with its message on the real PostgreSQL."""

from pathlib import Path

import anyio.to_thread
import pytest
from click.testing import CliRunner

from core.clock import SystemClock
from core.letter import Letter
from db.engine import Work
from db.message_lists import MessageFilter, StoredMessages
from db.messages import StoredPost
from db.queue import Queue
from messages.kinds import kind_of
from messages.message import MessageState
from messages.post import Outcome
from messages.sender import Accepted
from node.commands.messages import messages
from tests.unit.messages.test_bounces import DSN, OURS

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


async def test_mail_that_came_back_is_noted_once_and_other_mail_is_let_by(
    work: Work, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = StoredPost(work, Queue(), SystemClock(), None)
    await post.put(Letter("receipt", "robin@example.com", kind_of("receipt").sample, "receipt:1"))
    (posted,) = await StoredMessages(work, None).page(MessageFilter(), None, 1)
    due = await post.due(f"{posted.id}/1")
    assert due is not None
    await post.note(due, Outcome("smtp", Accepted((OURS,))))
    monkeypatch.setenv("TELLERLINE_DATABASE_URL", url)
    file = tmp_path / "mbox"
    file.write_text(f"From a Thu\nSubject: hello\n\nhello\n\nFrom b Thu\n{DSN}", "utf-8")
    for _ in range(2):
        ran = await anyio.to_thread.run_sync(CliRunner().invoke, messages, ["bounced", str(file)])
        assert ran.exit_code == 0, ran.output
        assert "2 mails: 1 tell of ours and are noted, 1 were let by" in ran.output
    found = await post.find(posted.id)
    assert found is not None
    assert (found.state, "5.1.1" in found.reason) == (MessageState.FAILED, True)


async def test_while_the_database_is_away_the_mail_server_is_asked_to_try_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TELLERLINE_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    file = tmp_path / "mail"
    file.write_text(DSN, "utf-8")
    ran = await anyio.to_thread.run_sync(CliRunner().invoke, messages, ["bounced", str(file)])
    assert ran.exit_code == 75, ran.output
