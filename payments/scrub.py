"""Making a transcript of a gateway's traffic fit to be kept (PCI DSS 3.3.1, 3.4.1)."""

import re

_NAMES = r"(?:cvc|cvv2?|security_code|card_?number|number|access_token)"
_FORM = r"(?:ccnum|c?cvv|key|salt|access_code|encRequest|encResp|enc_request|enc_response)"
_RULES = (
    # a run of 12 digits or more, however it is spaced: longer than any time that a gateway writes
    (re.compile(r"\d(?:(?:[ .+-]|%20|%2B|%2D)?\d){11,}", re.IGNORECASE), "[card]"),
    (re.compile(rf"((?:\[|%5B){_NAMES}(?:\]|%5D)=)[^&\s\"']*", re.IGNORECASE), r"\1[card]"),
    (re.compile(rf"(\\?[\"']{_NAMES}\\?[\"']\s*:\s*)(\\?[\"'])?[^\"'\\,}}\s]*"), r"\1\2[card]"),
    (re.compile(rf"(<{_NAMES}>)[^<]*"), r"\1[card]"),
    (re.compile(rf"\b({_FORM}=)[^&\s\"']*", re.IGNORECASE), r"\1[key]"),
    (re.compile(r"\b(sk|rk|ek|whsec)_[A-Za-z0-9_]+"), r"\1_[key]"),
    (
        re.compile(r"(Authorization:?\s*\\?[\"']?:?\s*[\"']?(?:Bearer|Basic)\s+)\S+", re.IGNORECASE),
        r"\1[key]",
    ),
)


def scrubbed(transcript: str) -> str:
    """The transcript without card numbers, security codes and keys."""
    for pattern, instead in _RULES:
        transcript = pattern.sub(instead, transcript)
    return transcript
