"""Text messages as bytes, receipts of message centres, and reports of providers."""

import json
from pathlib import Path
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInput
from messages.message import MessageState, Text
from messages.sender import Heard, Report
from messages.senders.form import FormSender
from messages.senders.gsm import GSM, UCS2, parts_of
from messages.senders.json_post import JsonSender, ReportShape, RequestShape, Shape, read_shape
from tests.contract.peers import FORM, JSON_BODY

HEADER = 6


def together(text: str) -> bytes:
    message = parts_of(text, reference=7)
    assert message is not None
    heads = [part[:HEADER] for part in message.parts]
    count = len(heads)
    assert heads == [bytes([5, 0, 3, 7, count, place]) for place in range(1, count + 1)]
    return b"".join(part[HEADER:] for part in message.parts)


def test_a_short_text_is_one_part_without_a_header() -> None:
    message = parts_of("Code 123@")
    assert message is not None
    assert (message.coding, message.parts) == (GSM, (b"Code 123\x00",))


def test_the_euro_sign_and_braces_take_an_escape() -> None:
    message = parts_of("€{}")
    assert message is not None
    assert message.parts == (b"\x1b\x65\x1b\x28\x1b\x29",)


def test_what_the_alphabet_lacks_makes_it_ucs2() -> None:
    message = parts_of("código")
    assert message is not None
    assert (message.coding, message.parts) == (UCS2, ("código".encode("utf-16-be"),))


@pytest.mark.parametrize(("size", "parts"), [(160, 1), (161, 2), (306, 2), (307, 3)])
def test_a_long_text_goes_in_parts(size: int, parts: int) -> None:
    message = parts_of("x" * size)
    assert message is not None
    assert len(message.parts) == parts
    assert all(len(part) <= 160 for part in message.parts)


def test_a_text_of_more_than_ten_parts_is_none() -> None:
    assert parts_of("x" * 1531) is None
    assert parts_of("x" * 1530) is not None


@given(st.text(min_size=161, max_size=300, alphabet=st.characters(exclude_categories=["Cs"])))
def test_no_sign_is_cut_in_two(text: str) -> None:
    message = parts_of(text, reference=7)
    assert message is not None
    if message.coding == UCS2:
        assert all(part[HEADER:].decode("utf-16-be") for part in message.parts)
        assert together(text).decode("utf-16-be") == text


def _form(fields: dict[str, str], signed: dict[str, str] | None = None) -> Report | Heard:
    signature = FormSender(FORM)._signature(fields if signed is None else signed)
    return FormSender(FORM).heard(urlencode(fields).encode(), {"X-Twilio-Signature": signature}, {})


def test_the_form_signature_is_that_of_the_vendor_s_documentation() -> None:
    account = type(FORM)(
        FORM.url, FORM.user, "12345", FORM.sender, "https://mycompany.com/myapp.php?foo=1&bar=2", 1.0
    )
    fields = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675309",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
    }
    assert FormSender(account)._signature(fields) == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


@pytest.mark.parametrize(
    ("status", "told"),
    [
        ("delivered", Report("form", "SM1", MessageState.DELIVERED)),
        ("undelivered", Report("form", "SM1", MessageState.FAILED, "undelivered (error 30003)")),
        ("sent", Heard.NOTHING),
    ],
)
def test_a_signed_report_of_a_form_is_believed(status: str, told: Report | Heard) -> None:
    assert _form({"MessageSid": "SM1", "MessageStatus": status, "ErrorCode": "30003"}) == told


def test_a_report_that_was_changed_is_not_believed() -> None:
    fields = {"MessageSid": "SM1", "MessageStatus": "failed"}
    assert _form(fields | {"MessageStatus": "delivered"}, fields) is Heard.NOT_BELIEVED
    assert FormSender(FORM).heard(urlencode(fields).encode(), {}, {}) is Heard.NOT_BELIEVED


def _json(secret: str, body: object, given: str = "s3cret") -> Report | Heard:
    report = ReportShape(secret, "message.id", "message.state")
    sender = JsonSender(Shape(RequestShape("https://sms.example.com", JSON_BODY), report), "Example")
    return sender.heard(json.dumps(body).encode(), {}, {"secret": given})


def test_a_json_report_needs_the_secret() -> None:
    body = {"message": {"id": 17, "state": "DELIVRD"}}
    assert _json("s3cret", body) == Report("json", "17", MessageState.DELIVERED)
    assert _json("s3cret", body, "other") is Heard.NOT_BELIEVED
    assert _json("", body, "") is Heard.NOT_BELIEVED


@pytest.mark.parametrize("body", [None, [], 3, {"message": []}, {"message": {"id": {}}}])
def test_a_json_report_of_another_shape_says_nothing(body: object) -> None:
    assert _json("s3cret", body) is Heard.NOTHING


@pytest.mark.parametrize(
    "body", ["", "{{ to }}", '{"to": {{ nobody | tojson }}}', "{{ to | tojson }", '"{{ text }}"']
)
def test_a_body_that_does_not_become_json_is_told_before_the_first_message(body: str) -> None:
    with pytest.raises(BadInput, match=r"request\.body"):
        JsonSender(Shape(RequestShape("https://sms.example.com", body), ReportShape()), "Example")


def test_the_operator_s_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "sms.toml"
    file.write_text(
        "[request]\nurl = 'https://sms.example.com/v1'\nbody = '''"
        + JSON_BODY
        + "'''\nvalue = 'env:SMS_KEY'\n"
    )
    shape = read_shape(file, {"SMS_KEY": "Bearer k"})
    assert shape.request.value == "Bearer k"
    with pytest.raises(BadInput, match="SMS_KEY"):
        read_shape(file, {})
    assert JsonSender(shape, "Example")._filled(Text("+15550100", 'a "b"'), "k")
