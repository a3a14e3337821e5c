"""Asterisk's media channel, without a socket."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.audio import Audio
from pbx.media.websocket import MarkReached, MediaProtocol, MediaStarted, Other, SendLess, SendMore


def test_binary_messages_are_sound_and_text_is_what_asterisk_says() -> None:
    protocol = MediaProtocol(16_000)
    start = {"event": "MEDIA_START", "channel": "WebSocket/1", "format": "slin16", "optimal_frame_size": 640}
    assert protocol.hear(bytes(640)) == Audio(bytes(640), 16_000)
    assert protocol.hear(json.dumps(start)) == MediaStarted("WebSocket/1", "slin16", 640)
    assert protocol.hear('{"event":"MEDIA_MARK_PROCESSED","correlation_id":"m1"}') == MarkReached("m1")
    assert protocol.hear('{"event":"MEDIA_XOFF"}') == SendLess()
    assert protocol.hear('{"event":"MEDIA_XON"}') == SendMore()


@pytest.mark.parametrize("text", ["", "MEDIA_START", "[]", "{}", '{"event":"DTMF_END","digit":"4"}'])
def test_what_needs_no_answer_is_passed_over_and_not_kept(text: str) -> None:
    assert MediaProtocol(16_000).hear(text) == Other()


@given(st.lists(st.binary(max_size=20_000), max_size=8))
def test_sound_leaves_in_whole_frames_and_nothing_of_it_is_lost(pieces: list[bytes]) -> None:
    protocol = MediaProtocol(16_000)
    messages = [message for piece in pieces for message in protocol.sound(Audio(piece, 16_000))]
    messages += protocol.last_sound()
    assert all(message and len(message) % 640 == 0 for message in messages)
    sent, given_ = b"".join(messages), b"".join(pieces)
    assert sent[: len(given_)] == given_
    assert len(sent) - len(given_) < 640


def test_an_order_that_asterisk_would_drop_is_refused_here() -> None:
    with pytest.raises(ValueError, match="128"):
        MediaProtocol(16_000).mark("m" * 200)


def test_sound_of_another_rate_is_refused() -> None:
    with pytest.raises(ValueError, match="resample"):
        MediaProtocol(16_000).sound(Audio(b"", 8_000))
