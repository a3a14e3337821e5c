"""What every sender does, against a real peer: SMTP, SMPP, two HTTP providers, a folder, the memory."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from core.errors import OutOfReach
from messages.message import Mail, Text
from messages.sender import Accepted, TurnedDown
from tests.contract.peers import Peer, new_peer

pytestmark = pytest.mark.anyio

MAIL = Mail("robin@example.com", "Recibo: 125,50 US$", "Gracias.\nHasta pronto", "<p>Grüße</p>")
TEXT = Text("+15550100", "Your payment code is 123456. Tell it to nobody.")
_REAL = ("smtp", "smpp", "form", "json")


@pytest.fixture(params=["memory", "folder", *_REAL])
async def peer(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Peer]:
    async with AsyncExitStack() as stack:
        yield await stack.enter_async_context(new_peer(request.param, tmp_path))


@pytest.fixture(params=_REAL)
async def real(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Peer]:
    async with AsyncExitStack() as stack:
        yield await stack.enter_async_context(new_peer(request.param, tmp_path))


async def test_a_message_arrives_as_it_was_written(peer: Peer) -> None:
    answer = await peer.send(MAIL, TEXT, key="k1")
    assert isinstance(answer, Accepted)
    assert await peer.arrived() == [MAIL if peer.mails else TEXT]


async def test_messages_with_different_keys_all_arrive(peer: Peer) -> None:
    refs = set[str]()
    for number in range(3):
        answer = await peer.send(MAIL, Text("+15550100", f"code {number}"), key=f"k{number}")
        assert isinstance(answer, Accepted)
        refs.update(answer.refs)
    assert len(await peer.arrived()) == 3
    assert len(refs) == 3


async def test_what_is_turned_down_for_good_is_not_to_be_tried_again(real: Peer) -> None:
    real.refuses(for_good=True)
    answer = await real.send(MAIL, TEXT, key="k1")
    assert isinstance(answer, TurnedDown)
    assert not answer.again
    assert TEXT.to not in answer.why
    assert MAIL.to not in answer.why


async def test_what_is_turned_down_for_now_may_be_tried_again(real: Peer) -> None:
    real.refuses(for_good=False)
    answer = await real.send(MAIL, TEXT, key="k1")
    assert isinstance(answer, TurnedDown)
    assert answer.again


async def test_one_who_is_not_there_is_out_of_reach(real: Peer) -> None:
    await real.leave()
    with pytest.raises(OutOfReach):
        await real.send(MAIL, TEXT, key="k1")
