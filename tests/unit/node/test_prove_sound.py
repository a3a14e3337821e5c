"""Keys are heard in sound and seen in packets; speech and other tones are none."""

from pathlib import Path
from random import Random

import numpy as np
import pytest

from core.audio import Audio
from node.prove.goertzel import LONGEST_CHANCE, WINDOWS, Windows, edges, held, keys_heard, longest_run
from node.prove.pcap import PacketFile, keys_in, payloads
from node.prove.tap import with_port
from rehearsal.tones import FREQUENCIES_HZ

NUMBER = "4539148803436467"
FINE = WINDOWS[1]


def noise(seconds: float, peak: float) -> bytes:
    samples = np.random.default_rng(1).uniform(-peak, peak, round(8000 * seconds))
    return samples.astype("<i2").tobytes()


@pytest.mark.parametrize("windows", WINDOWS, ids=lambda one: str(one.samples))
def test_all_sixteen_keys_are_heard_in_order(windows: Windows) -> None:
    keys = "".join(FREQUENCIES_HZ)
    assert keys_heard(held(keys), windows).split() == list(keys)


def test_edges_of_20_ms_are_heard_by_the_finer_window() -> None:
    quiet = np.frombuffer(edges(NUMBER).pcm, "<i2") // 8
    assert longest_run(keys_heard(Audio(quiet.astype("<i2").tobytes(), 8000), FINE), NUMBER) == 16


def test_keys_are_heard_through_noise() -> None:
    pcm = held(NUMBER).pcm
    mixed = np.frombuffer(pcm, "<i2") + np.frombuffer(noise(len(pcm) / 16000, 1500), "<i2")
    assert longest_run(keys_heard(Audio(mixed.astype("<i2").tobytes(), 8000), FINE), NUMBER) == 16


@pytest.mark.parametrize("windows", WINDOWS, ids=lambda one: str(one.samples))
def test_noise_a_single_tone_and_silence_are_no_keys(windows: Windows) -> None:
    at = np.arange(16000) / 8000
    for tone in (300, 697, 1336, 1900):
        pcm = (8000 * np.sin(2 * np.pi * tone * at)).astype("<i2").tobytes()
        assert not keys_heard(Audio(pcm, 8000), windows).strip()
    assert not keys_heard(Audio(noise(5, 9000), 8000), windows).strip()
    assert not keys_heard(Audio(bytes(16000), 8000), windows).strip()
    assert not keys_heard(Audio(b"", 8000), windows)


def test_the_longest_run_counts_keys_in_a_row() -> None:
    assert longest_run("4 5 3 9 # 1", NUMBER) == 4
    assert longest_run("4 0 1 # 1", NUMBER) <= LONGEST_CHANCE
    assert longest_run("", NUMBER) == 0


def test_packets_come_back_as_they_were_written(tmp_path: Path) -> None:
    chance = Random(3)
    sent = [chance.randbytes(chance.randrange(400)) for _ in range(50)]
    file = PacketFile(tmp_path / "packets.pcap")
    for payload in sent:
        file.add(("127.0.0.1", 5060), ("127.0.0.2", 25000), payload)
    file.close()
    assert list(payloads(tmp_path / "packets.pcap")) == sent


def rtp_event(key: int, timestamp: int) -> bytes:
    return b"\x80\x65\x00\x01" + timestamp.to_bytes(4, "big") + bytes(4) + bytes([key, 0x0A, 0, 160])


def test_keys_in_packets_are_told_once_each() -> None:
    relay = b"INFO sip:201@example.com SIP/2.0\r\nCSeq: 2 INFO\r\n\r\nSignal= 7\r\nDuration= 160\r\n"
    plain = b"INFO sip:201@example.com SIP/2.0\r\nCSeq: 3 INFO\r\n\r\n#"
    sound = b"\x80\x00\x00\x01" + bytes(8) + bytes(160)
    packets = [rtp_event(4, 800), rtp_event(4, 800), sound, rtp_event(4, 1600), relay, plain, b"", b"\0" * 4]
    assert keys_in(iter(packets)) == "447#"


def test_a_port_for_sound_is_replaced_and_the_length_told_anew() -> None:
    body = b"v=0\r\nc=IN IP4 127.0.0.1\r\nm=audio 9000 RTP/AVP 0 101\r\n"
    message = b"SIP/2.0 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)
    port, changed = with_port(message, 25_000)
    head, _, told = changed.partition(b"\r\n\r\n")
    assert port == 9000
    assert b"m=audio 25000 RTP/AVP 0 101\r\n" in told
    assert head.endswith(b"Content-Length: %d" % len(told))
    assert with_port(b"OPTIONS sip:201@example.com SIP/2.0\r\n\r\n", 1) == (
        0,
        b"OPTIONS sip:201@example.com SIP/2.0\r\n\r\n",
    )
