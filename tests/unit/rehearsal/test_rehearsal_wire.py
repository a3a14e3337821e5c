"""What goes over wires: the client's control protocol, its files, and the relay's view of SIP."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInput
from rehearsal.account import Call, Caller, Installed, Line, accounts, config
from rehearsal.control import Counted, Event, Garbled, Message, Messages, Response, command
from rehearsal.ports import NoPorts, PortRange, Ports
from rehearsal.script import Dtmf
from rehearsal.silent_keys import without_events

TOLD = (
    b'{"response":true,"ok":true,"data":"call id: 1","token":"dial-0"}',
    b'{"event":true,"type":"CALL_ESTABLISHED","class":"call","param":"sip:2000@127.0.0.1"}',
    b'{"event":true,"type":"CALL_RTCP","param":"audio","rtcp_stats":{"rx":{"sent":249,"lost":1,"jit":125}}}',
)
STREAM = b"".join(b"%d:%s," % (len(message), message) for message in TOLD)
MESSAGES = [
    Response("dial-0", True, "call id: 1"),
    Event("CALL_ESTABLISHED", "sip:2000@127.0.0.1"),
    Counted(249, 1, 125),
]

OFFER = (
    b"INVITE sip:2000@127.0.0.1:5060 SIP/2.0\r\nCSeq: 1 INVITE\r\nContent-Type: application/sdp\r\n"
    b"Content-Length: 151\r\n\r\n"
    b"v=0\r\nm=audio 19764 RTP/AVP 0 8 101\r\na=rtpmap:0 PCMU/8000\r\n"
    b"a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=sendrecv\r\n"
)


@given(st.lists(st.integers(1, len(STREAM) - 1)))
def test_messages_are_cut_out_of_the_stream_wherever_it_is_torn(cuts: list[int]) -> None:
    edges = [0, *sorted(set(cuts)), len(STREAM)]
    messages = Messages()

    found: list[Message] = []
    for begin, end in pairwise(edges):
        found += messages.feed(STREAM[begin:end])

    assert found == MESSAGES


@pytest.mark.parametrize(
    "garbage", [b"x:", b"5:hello;", b"5:hello,", b"99999999:", b"1234567890123", b"2:[],"]
)
def test_what_is_no_message_is_refused(garbage: bytes) -> None:
    with pytest.raises(Garbled):
        list(Messages().feed(garbage))


def test_a_command_is_a_netstring_of_json() -> None:
    assert (
        command("dial", "sip:2000@x", "t") == b'57:{"command": "dial", "params": "sip:2000@x", "token": "t"},'
    )


def test_the_relay_takes_telephone_events_out_of_an_offer_and_mends_its_length() -> None:
    head, _, body = without_events(OFFER).partition(b"\r\n\r\n")

    assert body == b"v=0\r\nm=audio 19764 RTP/AVP 0 8\r\na=rtpmap:0 PCMU/8000\r\na=sendrecv\r\n"
    assert f"Content-Length: {len(body)}\r\n".encode() in head + b"\r\n"


@pytest.mark.parametrize(
    "message", [b"", b"ACK sip:2000@x SIP/2.0\r\n\r\n", b"\x00\xff", b"SIP/2.0 100 Trying\r\n\r\nv=0"]
)
def test_the_relay_leaves_other_messages_alone(message: bytes) -> None:
    assert without_events(message) == message


def test_the_clients_files_say_who_calls_and_how() -> None:
    line = Line("127.0.0.1", 5061, "tls", srtp=True, user="201", password="s3cret", register=True)
    call = Call(line, Caller("+15550123", "Ann Example", Dtmf.INFO), Ports(19700))

    assert accounts(call) == (
        '"Ann Example" <sip:+15550123@127.0.0.1:5061;transport=tls>;regint=300;dtmfmode=info;'
        "audio_codecs=PCMU,PCMA;mediaenc=srtp-mand;auth_user=201;auth_pass=s3cret\n"
    )
    written = config(Installed(("baresip",), "module_path /modules\n"), call)
    assert "sip_listen 127.0.0.1:19700\n" in written
    assert "rtp_ports 19706-19711\n" in written
    assert "module_path /modules\n" in written


def test_a_name_cannot_smuggle_settings_into_the_clients_files() -> None:
    call = Call(Line("127.0.0.1", 5060), Caller("1", 'Ann" <sip:eve@example.com>'), Ports(19700))

    with pytest.raises(BadInput, match="cannot hold"):
        accounts(call)


def test_a_number_is_written_as_a_sip_uri_wants_it() -> None:
    assert Line("127.0.0.1", 5060).uri("*98#") == "sip:*98%23@127.0.0.1:5060"


def test_each_telephone_gets_ports_of_its_own_until_there_are_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("rehearsal.ports._is_free", lambda port: port < 124)
    ports = PortRange(100, 200)

    with ports.block() as first:
        with ports.block() as second, pytest.raises(NoPorts, match="from 100 to 200"), ports.block():
            pass
        with ports.block() as third:
            pass

    assert (first.sip, second.sip, third.sip) == (100, 112, 112)
