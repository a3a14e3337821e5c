"""Real peers of the senders: each tells what arrived, and can be told to refuse."""

import email
import email.policy
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import smpp34
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from messages.memory import MemorySender
from messages.message import Mail, Text
from messages.sender import Accepted, MailSender, Report, TextSender, TurnedDown
from messages.senders.folder import FolderSender
from messages.senders.form import FormAccount, FormSender
from messages.senders.json_post import JsonSender, ReportShape, RequestShape, Shape
from messages.senders.smpp import MessageCentre, SmppSender
from messages.senders.smtp import MailServer, SmtpSender

FORM = FormAccount("", "AC1", "secret", "+15550199", "https://pay.example.com/messages/reports/form", 2.0)
JSON_BODY = (
    '{"messages": [{"to": {{ to | tojson }}, "body": {{ text | tojson }}, "from": {{ sender | tojson }}}]}'
)


class Peer(ABC):
    """One end of a wire: what is sent by our end arrives here."""

    mails = False

    def __init__(self) -> None:
        self.sender: MailSender | TextSender

    async def send(self, mail: Mail, text: Text, *, key: str) -> Accepted | TurnedDown:
        if self.mails:
            return await self.sender.send_mail(mail, key=key)  # type: ignore[union-attr]
        return await self.sender.send_text(text, key=key)  # type: ignore[union-attr]

    @abstractmethod
    async def arrived(self) -> list[Mail | Text]: ...

    def refuses(self, *, for_good: bool) -> None:
        raise NotImplementedError

    async def leave(self) -> None:
        raise NotImplementedError


class Kept(Peer):
    def __init__(self, sender: MemorySender | FolderSender) -> None:
        self.sender: MemorySender | FolderSender = sender

    async def arrived(self) -> list[Mail | Text]:
        return list(self.sender.sent.values())


class Mailbox(Peer):
    """A mail server in this process."""

    mails = True

    def __init__(self) -> None:
        self.raw: list[bytes] = []
        self.answer = "250 OK"
        self.port = unused_port()
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.sender = SmtpSender(_server(self.port))

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.answer.startswith("250"):
            self.raw.append(envelope.original_content or b"")
        return self.answer

    async def arrived(self) -> list[Mail | Text]:
        return [_mail(raw) for raw in self.raw]

    def refuses(self, *, for_good: bool) -> None:
        self.answer = "550 no" if for_good else "451 later"

    async def leave(self) -> None:
        await anyio.to_thread.run_sync(self.controller.stop, True)


class Centre(Peer):
    """A message centre: the server of the SMPP library, and what it heard."""

    def __init__(self) -> None:
        self.port = unused_port()
        self.heard: list[Text] = []
        self.reports: list[Report] = []
        self.status = 0
        self.server = smpp34.Server("127.0.0.1", self.port, system_id="centre")
        self.sender: SmppSender = SmppSender(
            MessageCentre("127.0.0.1", self.port, "line", "secret", "+15550199", within_s=2.0), self._report
        )
        self.sessions: dict[str, smpp34.Esme] = {}
        self.bound = anyio.Event()
        self.parts: list[smpp34.SubmitSmEvent] = []

    async def run(self) -> None:
        while True:
            match await self.server.next():
                case smpp34.Esme() as bound:
                    self.sessions[bound.session_id] = bound
                    self.bound.set()
                case smpp34.SubmitSmEvent() as event:
                    self._take(event)

    async def receipt(self, ref: str, words: bytes, tlvs: list[smpp34.Tlv] | None = None) -> None:
        [session] = self.sessions.values()
        receipt = b"id:" + ref.encode() + b" " + words
        await session.deliver_sm("15550199", receipt, source_addr="15550100", esm_class=4, tlvs=tlvs or [])

    async def arrived(self) -> list[Mail | Text]:
        return list(self.heard)

    def refuses(self, *, for_good: bool) -> None:
        self.status = 0x0B if for_good else 0x58  # ESME_RINVDSTADR, ESME_RTHROTTLED

    async def leave(self) -> None:
        await self.bound.wait()
        for session in self.sessions.values():
            await session.unbind()
        await self.server.stop()
        await anyio.sleep(0.1)

    def _take(self, event: smpp34.SubmitSmEvent) -> None:
        if self.status:
            event.reject(self.status)
            return
        self.parts.append(event)
        coding = "utf-16-be" if event.data_coding else "ascii"
        self.heard.append(Text(f"+{event.destination_addr}", event.short_message.decode(coding, "replace")))
        event.accept(f"m-{len(self.parts)}")

    async def _report(self, report: Report) -> bool:
        self.reports.append(report)
        return True


class Provider(Peer):
    """A provider's HTTP server; `form` is the shape that it takes."""

    def __init__(self, *, form: bool) -> None:
        self.form, self.status = form, 201
        self.asked: list[tuple[dict[str, str], dict[str, Any]]] = []
        app = web.Application()
        app.router.add_post("/send", self._take)
        self.server = TestServer(app)

    async def start(self) -> None:
        await self.server.start_server()
        url = str(self.server.make_url("/send"))
        if self.form:
            account = FormAccount(url, FORM.user, FORM.password, FORM.sender, FORM.callback, FORM.within_s)
            self.sender: FormSender | JsonSender = FormSender(account)
        else:
            request = RequestShape(url, JSON_BODY, "X-Api-Key", "k", "messages.0.id")
            self.sender = JsonSender(Shape(request, ReportShape("s3cret")), "Example", 2.0)

    async def arrived(self) -> list[Mail | Text]:
        return [Text(body["To"], body["Body"]) if self.form else _of_json(body) for _, body in self.asked]

    def refuses(self, *, for_good: bool) -> None:
        self.status = 400 if for_good else 503

    async def leave(self) -> None:
        await self.server.close()

    async def _take(self, request: web.Request) -> web.Response:
        if self.status != 201:
            return web.json_response(
                {"code": 21211, "message": "'To' +15550100 is wrong"}, status=self.status
            )
        body = dict(await request.post()) if self.form else await request.json()
        self.asked.append((dict(request.headers), body))
        ref = f"SM{len(self.asked)}"
        answer = {"sid": ref, "status": "queued"} if self.form else {"messages": [{"id": ref}]}
        return web.json_response(answer, status=201)


def new_peer(name: str, folder: Path) -> AbstractAsyncContextManager[Peer]:
    """A peer that is there, and a sender that reaches it."""
    match name:
        case "memory":
            return _kept(MemorySender())
        case "folder":
            return _kept(FolderSender(folder / "messages"))
        case "smtp":
            return _mailbox()
        case "smpp":
            return centre()
        case _:
            return _provider(form=name == "form")


@asynccontextmanager
async def _kept(sender: MemorySender | FolderSender) -> AsyncIterator[Peer]:
    yield Kept(sender)


@asynccontextmanager
async def _mailbox() -> AsyncIterator[Peer]:
    box = Mailbox()
    await anyio.to_thread.run_sync(box.controller.start)
    try:
        yield box
    finally:
        if not box.controller.loop.is_closed():
            await anyio.to_thread.run_sync(box.controller.stop, True)


@asynccontextmanager
async def centre() -> AsyncIterator[Centre]:
    peer = Centre()
    await peer.server.start()
    async with anyio.create_task_group() as group:
        group.start_soon(peer.run)
        group.start_soon(peer.sender.run)
        yield peer
        group.cancel_scope.cancel()
    await peer.server.stop()


@asynccontextmanager
async def _provider(*, form: bool) -> AsyncIterator[Peer]:
    peer = Provider(form=form)
    await peer.start()
    try:
        yield peer
    finally:
        await peer.server.close()


def _server(port: int) -> MailServer:
    return MailServer("127.0.0.1", port, "bills@example.com", "Example Power", security="none", within_s=2.0)


def _mail(raw: bytes) -> Mail:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    plain, html = (message.get_body((form,)) for form in ("plain", "html"))
    assert plain is not None
    assert html is not None
    return Mail(
        str(message["To"]),
        str(message["Subject"]),
        plain.get_content().strip().replace("\r\n", "\n"),
        html.get_content().strip(),
    )


def _of_json(body: dict[str, Any]) -> Text:
    [one] = body["messages"]
    return Text(one["to"], one["body"])
