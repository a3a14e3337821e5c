"""Messages to people as the settings have them: their words, their senders, and receipts."""

import os
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

from core.clock import Clock
from core.errors import BadInput
from db.engine import Work
from db.message_lists import StoredMessages
from db.messages import StoredPost
from db.people import People
from db.queue import Queue
from db.receipts import Receipts
from db.relay import Also
from messages.postman import Postman
from messages.reporting import Reporting
from messages.sender import MailSender, Senders, TextSender
from messages.senders.folder import FolderSender
from messages.senders.form import FormAccount, FormSender
from messages.senders.json_post import JsonSender, read_shape
from messages.senders.smpp import MessageCentre, SmppSender
from messages.senders.smtp import MailServer, SmtpSender
from messages.template_files import TemplateFiles
from messages.templates import Templates
from node.linking import base_url
from node.settings import Settings

Run = Callable[[], Coroutine[None, None, None]]

REPORTS: Final = "/messages/reports"
"""Where providers tell what became of a message."""


@dataclass(frozen=True, slots=True)
class Messaging:
    """The rooms of messages of one process; `runs` go beside the calls, `also` is told each fact."""

    post: StoredPost
    postman: Postman
    reports: Reporting
    files: TemplateFiles
    stored: StoredMessages
    also: tuple[Also, ...] = ()
    runs: tuple[Run, ...] = ()


def messaging(
    settings: Settings, work: Work, people: People | None, clock: Clock, chance: Random
) -> Messaging:
    """Put them together. Raises BadInput for settings that lack something, and for mistakes in templates."""
    post = StoredPost(work, Queue(), clock, people)
    words = templates(settings)
    texts, runs = _texts(settings, post)
    postman = Postman(post, words, Senders(_mail(settings), texts), clock, chance)
    also = (Receipts(post, people).told,) if settings.messages.receipts else ()
    return Messaging(
        post=post,
        postman=postman,
        reports=Reporting(post, texts),
        files=TemplateFiles(words, own_folder(settings)),
        stored=StoredMessages(work, people),
        also=also,
        runs=runs,
    )


def templates(settings: Settings) -> Templates:
    """The words, those of the operator first."""
    return Templates({"company": settings.line.name}, own_folder(settings), language=settings.line.language)


def own_folder(settings: Settings) -> Path:
    """Where the operator's templates are."""
    chosen = settings.messages.templates
    return Path(chosen) if chosen else settings.line.data / "templates"


def _folder(settings: Settings) -> FolderSender:
    return FolderSender(settings.line.data / "messages")


def _mail(settings: Settings) -> MailSender:
    kept = settings.messages
    if kept.email == "folder":
        return _folder(settings)
    _needed("smtp", smtp_host=kept.smtp_host, from_email=kept.from_email)
    return SmtpSender(
        MailServer(
            host=kept.smtp_host,
            port=kept.smtp_port,
            sender=kept.from_email,
            company=settings.line.name,
            user=kept.smtp_user,
            password=kept.smtp_password,
            security=kept.smtp_security,
            authority=Path(kept.smtp_ca) if kept.smtp_ca else None,
        )
    )


def _texts(settings: Settings, post: StoredPost) -> tuple[TextSender, tuple[Run, ...]]:
    kept = settings.messages
    match kept.sms:
        case "folder":
            return _folder(settings), ()
        case "smpp":
            _needed("smpp", smpp_host=kept.smpp_host, smpp_user=kept.smpp_user, from_sms=kept.from_sms)
            smpp = SmppSender(_centre(settings), post.report)
            return smpp, (smpp.run,)
        case "form":
            _needed("form", form_url=kept.form_url, form_user=kept.form_user, from_sms=kept.from_sms)
            return FormSender(_account(settings)), ()
        case "json":
            _needed("json", json_file=kept.json_file)
            return JsonSender(read_shape(Path(kept.json_file), os.environ), kept.from_sms), ()


def _centre(settings: Settings) -> MessageCentre:
    kept = settings.messages
    return MessageCentre(
        host=kept.smpp_host,
        port=kept.smpp_port,
        user=kept.smpp_user,
        password=kept.smpp_password,
        sender=kept.from_sms,
        system_type=kept.smpp_system_type,
        tls=kept.smpp_tls,
    )


def _account(settings: Settings) -> FormAccount:
    kept = settings.messages
    public = bool(settings.links.base_url)
    return FormAccount(
        url=kept.form_url,
        user=kept.form_user,
        password=kept.form_password,
        sender=kept.from_sms,
        callback=f"{base_url(settings)}{REPORTS}/form" if public else "",
    )


def _needed(by: str, **settings: str) -> None:
    lacking = [f"messages.{name}" for name, value in settings.items() if not value]
    if lacking:
        raise BadInput(f"messages go by {by}: set {', '.join(lacking)}")
