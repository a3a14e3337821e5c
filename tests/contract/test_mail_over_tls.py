"""Mail over TLS, asked for by STARTTLS or from the first byte, to a server with a certificate of its own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import anyio.to_thread
import pytest
from aiohttp.test_utils import unused_port
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from core.certificate import Certificate, certificate_in
from core.errors import OutOfReach
from messages.message import Mail
from messages.sender import Accepted
from messages.senders.smtp import MailServer, Security, SmtpSender

pytestmark = pytest.mark.anyio

MAIL = Mail("robin@example.com", "Receipt", "Thank you.", "<p>Thank you.</p>")


class Box:
    """What a mail server heard, and whether by TLS."""

    def __init__(self) -> None:
        self.heard: list[bool] = []
        self.users: list[str] = []

    async def handle_DATA(self, _server: SMTP, session: Session, _envelope: Envelope) -> str:  # noqa: N802
        self.heard.append(session.ssl is not None)
        return "250 OK"

    def authenticated(self, *about: Any) -> AuthResult:
        login = about[-1]
        assert isinstance(login, LoginPassword)
        self.users.append(login.login.decode())
        return AuthResult(success=login.password == b"secret")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certificate_in(tmp_path_factory.mktemp("certificate"))


@asynccontextmanager
async def serving(box: Box, port: int, **about: Any) -> AsyncIterator[None]:
    controller = Controller(box, hostname="127.0.0.1", port=port, **about)
    await anyio.to_thread.run_sync(controller.start)
    try:
        yield
    finally:
        await anyio.to_thread.run_sync(controller.stop, True)


def account(port: int, security: Security, authority: Path | None) -> MailServer:
    server = MailServer("127.0.0.1", port, "bills@example.com", "Example Power", within_s=5.0)
    return replace(server, user="line", password="secret", security=security, authority=authority)


def offered(certificate: Certificate, security: Security, box: Box) -> dict[str, Any]:
    """How a server is told to take TLS in that way, and to ask who it is."""
    if security == "tls":
        return {
            "ssl_context": certificate.context(),
            "authenticator": box.authenticated,
            "auth_require_tls": False,
        }
    who = {"authenticator": box.authenticated, "auth_required": True}
    return {"tls_context": certificate.context(), "require_starttls": True, **who}


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_mail_goes_over_tls_with_name_and_password(
    certificate: Certificate, security: Security
) -> None:
    box, port = Box(), unused_port()
    async with serving(box, port, **offered(certificate, security, box)):
        sender = SmtpSender(account(port, security, certificate.authority))
        assert isinstance(await sender.send_mail(MAIL, key="k1"), Accepted)
    assert (len(box.heard), box.users) == (1, ["line"])
    assert security == "tls" or box.heard == [True]


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_a_server_with_another_certificate_gets_neither_mail_nor_password(
    certificate: Certificate, security: Security, tmp_path: Path
) -> None:
    box, port, other = Box(), unused_port(), certificate_in(tmp_path)
    async with serving(box, port, **offered(certificate, security, box)):
        with pytest.raises(OutOfReach):
            await SmtpSender(account(port, security, other.authority)).send_mail(MAIL, key="k1")
    assert (box.heard, box.users) == ([], [])


async def test_a_server_that_offers_no_tls_gets_neither_mail_nor_password() -> None:
    box, port = Box(), unused_port()
    open_door = {"authenticator": box.authenticated, "auth_require_tls": False}
    async with serving(box, port, **open_door):
        with pytest.raises(OutOfReach):
            await SmtpSender(account(port, "starttls", None)).send_mail(MAIL, key="k1")
    assert (box.heard, box.users) == ([], [])
