"""The key that a program presents: as a bearer, or as the password of a name, as hosted products have it."""

import pytest
from aiohttp import encode_basic_auth
from aiohttp.test_utils import make_mocked_request

from api.presented import key_of


@pytest.mark.parametrize(
    ("header", "key"),
    [
        (None, None),
        ("Bearer tk_1", "tk_1"),
        (encode_basic_auth("AC0123", "tk_1"), "tk_1"),
        (encode_basic_auth("", "with:colon"), "with:colon"),
        ("basic QUM6dGtfMQ==", "tk_1"),
        ("Basic no base64", ""),
        ("Basic bm8gY29sb24=", ""),
    ],
)
def test_the_key_is_read_from_either_scheme(header: str | None, key: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}
    assert key_of(make_mocked_request("GET", "/", headers=headers)) == key
