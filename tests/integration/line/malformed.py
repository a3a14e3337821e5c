"""SIP messages that are wrong in one way each, after RFC 4475; SIPp fills in the [brackets]."""

from typing import Final

_HEAD: Final = """Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: "Robin Example" <sip:+15550100@[local_ip]:[local_port]>;tag=[call_number]
To: <sip:1000@[remote_ip]:[remote_port]>
Call-ID: [call_id]
CSeq: 1 INVITE
Contact: <sip:caller@[local_ip]:[local_port]>
Max-Forwards: 70
Content-Type: application/sdp
Content-Length: [len]
"""
_SDP: Final = """
v=0
o=caller 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [local_ip]
t=0 0
m=audio 40000 RTP/AVP 0
"""
_LINE: Final = "INVITE sip:1000@[remote_ip]:[remote_port] SIP/2.0\n"


def _invite(before: str = "", after: str = "", *, line: str = _LINE, sdp: str = _SDP) -> str:
    """A good INVITE in which `before` has become `after`."""
    assert before in _HEAD
    return line + (_HEAD.replace(before, after) if before else _HEAD) + sdp


MALFORMED: Final = {
    "more_content_than_there_is": _invite("Content-Length: [len]", "Content-Length: 9999"),
    "less_content_than_there_is": _invite("Content-Length: [len]", "Content-Length: 10"),
    "negative_content_length": _invite("Content-Length: [len]", "Content-Length: -999"),
    "two_content_lengths": _invite("Content-Length: [len]", "Content-Length: 5\nContent-Length: [len]"),
    "cseq_of_another_method": _invite("CSeq: 1 INVITE", "CSeq: 1 BYE"),
    "cseq_beyond_32_bits": _invite("CSeq: 1 INVITE", "CSeq: 36893488147419103232 INVITE"),
    "cseq_without_number": _invite("CSeq: 1 INVITE", "CSeq: INVITE"),
    "no_from": _invite('From: "Robin Example" <sip:+15550100@[local_ip]:[local_port]>;tag=[call_number]\n'),
    "no_to": _invite("To: <sip:1000@[remote_ip]:[remote_port]>\n"),
    "no_call_id": _invite("Call-ID: [call_id]\n"),
    "no_cseq": _invite("CSeq: 1 INVITE\n"),
    "quote_never_closed": _invite('"Robin Example"', '"Robin Example'),
    "via_of_no_protocol": _invite("SIP/2.0/[transport]", "SIP/2.0/"),
    "max_forwards_of_words": _invite("Max-Forwards: 70", "Max-Forwards: many"),
    "header_of_20_kilobytes": _invite("Max-Forwards: 70", "Max-Forwards: 70\nSubject: " + "A" * 20_000),
    "a_thousand_headers": _invite(
        "Max-Forwards: 70", "Max-Forwards: 70\n" + "X-More: 1\n" * 999 + "X-More: 1"
    ),
    "version_of_the_future": _invite(line=_LINE.replace("SIP/2.0", "SIP/7.0")),
    "method_unknown": _invite(line=_LINE.replace("INVITE", "NOVELTY")),
    "uri_with_spaces": _invite(line=_LINE.replace("sip:1000@", "sip: 10 00@")),
    "uri_of_no_scheme": _invite(line=_LINE.replace("sip:1000@", "nobody:1000@")),
    "sdp_of_garbage": _invite(sdp="\n\\x01\\x02 this is no session\n"),
    "sdp_without_address": _invite(sdp=_SDP.replace("c=IN IP4 [local_ip]\n", "")),
    "sdp_with_a_port_of_words": _invite(sdp=_SDP.replace("40000", "many")),
    "sdp_with_a_port_too_great": _invite(sdp=_SDP.replace("40000", "99999999")),
    "sdp_of_an_unknown_codec": _invite(sdp=_SDP.replace("RTP/AVP 0", "RTP/AVP 126")),
}
