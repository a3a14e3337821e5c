"""RTP packets, written and read again."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehearsal.rtp import Packet, events, read, sound, write
from rehearsal.sound import ulaw_to_linear

LOUD = bytes([0x80]) * 160


def event(key: int, timestamp: int, *, end: bool) -> Packet:
    return Packet(0.0, 101, timestamp, struct.pack("!BBH", key, 0x80 if end else 0, 160))


@given(
    st.binary(max_size=300), st.integers(0, 70000), st.integers(0, 2**32 - 1), st.sampled_from([0, 8, 101])
)
def test_what_is_written_is_read_again(payload: bytes, sequence: int, timestamp: int, kind: int) -> None:
    datagram = write(payload, sequence, timestamp, payload_type=kind)
    assert read(datagram, 1.5) == Packet(1.5, kind, timestamp, payload)


@given(st.binary(max_size=60))
def test_any_datagram_is_a_packet_or_none(datagram: bytes) -> None:
    packet = read(datagram, 0.0)
    assert packet is None or len(packet.payload) <= len(datagram) - 12


def test_a_report_is_no_packet_of_sound() -> None:
    assert read(struct.pack("!BBHII", 0x80, 200, 6, 1, 0), 0.0) is None


def test_sound_stands_where_its_timestamps_say_and_silence_where_none_came() -> None:
    heard = sound(
        [Packet(0, 0, 1480, LOUD), Packet(0, 0, 1000, LOUD), Packet(0, 101, 1160, b"\x04\x80\0\xa0")]
    )
    assert heard.pcm == ulaw_to_linear(LOUD) + bytes(640) + ulaw_to_linear(LOUD)


def test_packets_of_two_streams_are_refused() -> None:
    with pytest.raises(ValueError, match="more than one stream"):
        sound([Packet(0, 0, 0, LOUD), Packet(0, 0, 3_000_000_000, LOUD)])


def test_an_event_counts_once_however_many_packets_tell_of_it() -> None:
    packets = [
        event(4, 100, end=False),
        event(4, 100, end=True),
        event(4, 100, end=True),
        event(4, 900, end=True),
    ]
    assert events([*packets, event(11, 1800, end=True), Packet(0, 0, 9, LOUD)], 101) == "44#"
