"""The key that a program presents, in either of the two ways that HTTP has for it (RFC 6750, RFC 7617)."""

import binascii
from base64 import b64decode

from aiohttp import hdrs, web


def key_of(request: web.Request) -> str | None:
    """`Bearer KEY`, or `Basic` with the key for its password, as libraries of hosted products send it.

    None without the header; empty when there is no key in it. The name beside a password says nothing.
    """
    header = request.headers.get(hdrs.AUTHORIZATION)
    if header is None:
        return None
    scheme, _, given = header.partition(" ")
    if scheme.lower() != "basic":
        return header.removeprefix("Bearer ").strip()
    try:
        return b64decode(given.strip(), validate=True).decode("utf-8", "surrogateescape").partition(":")[2]
    except (binascii.Error, ValueError):
        return ""
