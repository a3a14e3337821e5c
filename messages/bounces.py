"""Mail that came back: delivery status notifications (RFC 3464), read as reports on our own messages."""

import email
import email.policy
import re
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Final

from messages.message import MessageState
from messages.sender import Report
from messages.senders.smtp import SmtpSender

_STATES: Final = {
    "failed": MessageState.FAILED,
    "delivered": MessageState.DELIVERED,
    "relayed": MessageState.DELIVERED,  # to a system that tells no more
}
_STATUS: Final = re.compile(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}")
_ID: Final = re.compile(r"<[^<>\s]{3,200}>")
# RFC 3463: the subject of a status, its second number
_WHY: Final = {
    "1": "the address is wrong or does not exist",
    "2": "the mailbox takes nothing: full, or shut",
    "3": "the mail system there takes nothing",
    "4": "the way there is broken",
    "5": "the servers do not understand one another",
    "6": "its content is not taken",
    "7": "it is not wanted there, by a rule or a filter",
}


def mails_in(raw: bytes) -> Iterator[bytes]:
    """One mail, or all of an mbox file (RFC 4155), whose mails begin with a line `From `."""
    if raw.startswith(b"From "):
        for part in re.split(rb"(?:\A|\n)From [^\n]*\n", raw):
            if part.strip():
                yield part
    elif raw.strip():
        yield raw


def report_in(raw: bytes) -> Report | None:
    """What a notification says of one of our mails; None for other mail, and for one still on its way.

    The address does not stand in the reason: it stands with the message.
    """
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    fields = _fields(mail)
    ours = _message_id(mail)
    state = _STATES.get(fields.get("action", "").lower())
    if not ours or state is None:
        return None
    return Report(SmtpSender.name, ours, state, "" if state is MessageState.DELIVERED else _why(fields))


def _fields(mail: EmailMessage) -> dict[str, str]:
    """The fields of the first recipient; a mail of ours has one."""
    for part in mail.walk():
        if part.get_content_type() == "message/delivery-status":
            blocks = [one for one in part.iter_parts() if one["Action"]]
            if blocks:
                return {name.lower(): str(value) for name, value in blocks[0].items()}
    return {}


def _message_id(mail: EmailMessage) -> str:
    """The name of the mail that came back, from the copy of it, or of its head, that comes along."""
    for part in mail.walk():
        kind = part.get_content_type()
        if kind == "message/rfc822":
            found = _ID.search(str(next(iter(part.iter_parts()), EmailMessage())["Message-ID"] or ""))
        elif kind == "text/rfc822-headers":
            head = email.message_from_bytes(part.get_payload(decode=True) or b"", policy=email.policy.default)  # type: ignore[arg-type]  # bytes of a leaf
            found = _ID.search(str(head["Message-ID"] or ""))
        else:
            continue
        if found is not None:
            return found[0]
    return ""


def _why(fields: dict[str, str]) -> str:
    found = _STATUS.search(fields.get("status", ""))
    if found is None:
        return "the mail came back"
    why = _WHY.get(found[0].split(".")[1], "no reason was given")
    return f"the mail came back: {why} ({found[0]})"
