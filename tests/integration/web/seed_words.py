"""Words that the line says and writes: a written flow that was changed once, and messages on their way."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from core.clock import FixedClock
from core.letter import Letter
from db.messages import StoredPost
from db.queue import Queue
from messages.kinds import kind_of
from messages.message import MessageState
from messages.post import Outcome
from messages.sender import Accepted, Report, TurnedDown
from tests.integration.api.rig import Api

FLOW: Final = "front_office"
_EXAMPLE: Final = Path(__file__).parents[3] / "ivr" / "written" / "examples" / f"{FLOW}.yaml"
_TO: Final = ("robin@example.com", "+15550142", "kim@example.com", "+15550177")
_ANSWERS: Final[Sequence[Accepted | TurnedDown]] = (
    Accepted(("ref-1",)),
    TurnedDown("550 no such mailbox", again=False),
    Accepted(("ref-2",)),
)
"""What came of all but one."""


async def words(api: Api, now: datetime) -> None:
    """Write them."""
    text = _EXAMPLE.read_text("utf-8")
    for one in (text.replace("Thank you for calling {company}.", "Hello."), text):
        status, told = await api.asked("PUT", f"/v1/flows/{FLOW}", {"text": one}, **{"If-Match": "*"})
        assert status == 200, told
    post = StoredPost(api.work, Queue(), FixedClock(now - timedelta(minutes=4)), api.people)
    for place, to in enumerate(_TO):
        receipt = Letter("receipt", to, kind_of("receipt").sample, f"seeded-{place}", about=f"pay_{place}")
        await post.put(receipt)
    _, listed = await api.got("/v1/messages")
    assert isinstance(listed, dict)
    for sent, answer in zip(listed["data"], _ANSWERS, strict=False):
        due = await post.due(f"{sent['id']}/1")
        assert due is not None
        await post.note(due, Outcome("post", answer))
    await post.report(Report("post", "ref-1", MessageState.DELIVERED))
