"""Mail that came back, in the forms that mail servers write (RFC 3464), with made-up addresses."""

import pytest

from messages.bounces import mails_in, report_in
from messages.message import MessageState

OURS = "<0123456789abcdef@example.com>"

DSN = """From: MAILER-DAEMON@mx.example.com
To: bills@example.com
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I am sorry.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com
Arrival-Date: Thu, 26 Nov 2026 10:00:00 +0000

Final-Recipient: rfc822; robin@example.com
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 robin@example.com: no such user

--b
Content-Type: message/rfc822

From: Example Power <bills@example.com>
To: robin@example.com
Message-ID: <0123456789abcdef@example.com>
Subject: Your receipt

Thank you.

--b--
"""
HEAD_ALONE = DSN.replace("message/rfc822", "text/rfc822-headers").replace("\n\nThank you.\n", "\n")


@pytest.mark.parametrize("raw", [DSN, HEAD_ALONE, DSN.replace("\n", "\r\n")], ids=["whole", "head", "crlf"])
def test_a_mail_that_came_back_is_reported_without_its_address(raw: str) -> None:
    report = report_in(raw.encode())
    assert report is not None
    assert (report.sender, report.ref, report.state) == ("smtp", OURS, MessageState.FAILED)
    assert report.why == "the mail came back: the address is wrong or does not exist (5.1.1)"


@pytest.mark.parametrize(
    ("status", "said"),
    [("5.2.2", "full"), ("5.7.1", "not wanted"), ("5.0.0", "no reason"), ("gone", "the mail came back")],
)
def test_why_it_came_back_is_said_in_words(status: str, said: str) -> None:
    report = report_in(DSN.replace("Status: 5.1.1", f"Status: {status}").encode())
    assert report is not None
    assert said in report.why


def test_a_mail_that_arrived_is_told() -> None:
    report = report_in(DSN.replace("Action: failed", "Action: delivered").encode())
    assert report is not None
    assert (report.state, report.why) == (MessageState.DELIVERED, "")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff",
        b"Subject: hello\n\nI want to pay.\n",
        DSN.replace("Action: failed", "Action: delayed").encode(),
        DSN.replace("Message-ID: <0123456789abcdef@example.com>\n", "").encode(),
        DSN.replace("Action: failed\n", "").encode(),
    ],
    ids=["empty", "bytes", "letter", "delayed", "nameless", "no-action"],
)
def test_what_says_nothing_of_our_mail_is_let_by(raw: bytes) -> None:
    assert report_in(raw) is None


def test_an_mbox_is_read_mail_by_mail() -> None:
    mbox = f"From MAILER-DAEMON Thu Nov 26\n{DSN}\nFrom MAILER-DAEMON Thu Nov 26\n{HEAD_ALONE}".encode()
    assert [report and report.ref for report in map(report_in, mails_in(mbox))] == [OURS, OURS]
    assert list(mails_in(DSN.encode())) == [DSN.encode()]
    assert list(mails_in(b" \n")) == []
