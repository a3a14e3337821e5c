"""Mail by SMTP (RFC 5321), through the operator's own mail server."""

import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formataddr, formatdate
from hashlib import sha256
from pathlib import Path
from typing import Final, Literal

import aiosmtplib

from core.errors import BadInput, OutOfReach
from messages.message import Mail
from messages.sender import Accepted, TurnedDown

Security = Literal["starttls", "tls", "none"]

_FOR_GOOD: Final = 500


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in, and in whose name. `tls` is TLS from the first byte (port 465, RFC 8314)."""

    host: str
    port: int
    sender: str
    company: str
    user: str = ""
    password: str = field(default="", repr=False)
    security: Security = "starttls"
    authority: Path | None = None
    within_s: float = 20.0


class SmtpSender:
    """A connection a message. The message's id is made of its key, so that a repetition can be told."""

    name = "smtp"
    keeps = False

    def __init__(self, server: MailServer) -> None:
        """Raises BadInput for a certificate authority that cannot be read."""
        self._server = server
        self._tls = _context(server.authority) if server.security != "none" else None

    async def send_mail(self, mail: Mail, *, key: str) -> Accepted | TurnedDown:
        """As MailSender says; a 5xx is turned down for good, a 4xx may be tried again."""
        server = self._server
        message = _message(server, mail, key)
        try:
            await aiosmtplib.send(
                message,
                hostname=server.host,
                port=server.port,
                username=server.user or None,
                password=server.password or None,
                use_tls=server.security == "tls",
                start_tls=server.security == "starttls",
                tls_context=self._tls,
                timeout=server.within_s,
            )
        except aiosmtplib.SMTPRecipientsRefused as refused:
            code = max(one.code for one in refused.recipients)
            return TurnedDown(f"the mail server does not take the address ({code})", again=code < _FOR_GOOD)
        except aiosmtplib.SMTPResponseException as answer:
            return TurnedDown(f"the mail server answered {answer.code}", again=answer.code < _FOR_GOOD)
        except (aiosmtplib.SMTPException, OSError) as error:
            where = f"{server.host}:{server.port}"
            raise OutOfReach(
                f"the mail server {where} does not take mail ({type(error).__name__})"
            ) from error
        return Accepted((str(message["Message-ID"]),))


def _message(server: MailServer, mail: Mail, key: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = formataddr((server.company, server.sender))
    message["To"] = mail.to
    message["Subject"] = mail.subject
    message["Date"] = formatdate()
    domain = server.sender.rpartition("@")[2]
    message["Message-ID"] = f"<{sha256(key.encode()).hexdigest()[:40]}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no answering machine answers
    message.set_content(mail.text + "\n")
    message.add_alternative(mail.html, subtype="html")
    return message


def _context(authority: Path | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=authority)
    except OSError as error:
        raise BadInput(f"messages.smtp_ca: {authority} cannot be read: {error}") from None
