"""Messages to people and how far each got, below `/v1/messages`."""

from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel, Field

from api.paging import ListQuery, Page, page_of
from api.problem import NoSuch
from api.route import Asked, Route, Table
from api.scopes import Scope
from db.message_lists import MessageFilter, StoredMessages
from db.pages import Place
from messages.message import Channel, Mail, MessageState
from messages.post import Post, Posted
from messages.template_files import TemplateFiles


@dataclass(frozen=True, slots=True)
class MessageRoom:
    """What these routes work with."""

    post: Post
    stored: StoredMessages
    files: TemplateFiles


class MessagesQuery(ListQuery):
    """What may stand behind `?` in a request for messages; `to` is a whole address."""

    state: MessageState | None = None
    channel: Channel | None = None
    template: str = Field("", max_length=40)
    to: str = Field("", max_length=320)
    about: str = Field("", max_length=64)
    since: datetime | None = None
    until: datetime | None = None


class MessageOut(BaseModel):
    """A message and how far it got. `text` is what it says, empty once that is forgotten."""

    id: str
    template: str
    channel: Channel
    to: str
    language: str
    about: str
    subject: str
    text: str
    state: MessageState
    attempts: int
    sender: str
    reason: str
    created_at: datetime
    next_at: datetime | None
    sent_at: datetime | None
    done_at: datetime | None


def routes(room: MessageRoom) -> Table:
    """The routes."""

    async def listed(asked: Asked[MessagesQuery, None]) -> Page[MessageOut]:
        query = asked.query
        wanted = MessageFilter(
            state=query.state,
            channel=query.channel,
            kind=query.template,
            to=query.to,
            about=query.about,
            since=query.since,
            until=query.until,
        )
        found = await room.stored.page(wanted, query.place(), query.limit)
        return page_of(found, query.limit, told, lambda one: Place(one.created_at, one.id))

    async def again(asked: Asked[None, None]) -> MessageOut:
        await _known(room, asked.part("id"))
        await room.post.again(asked.part("id"))
        return told(await _known(room, asked.part("id")))

    async def one(asked: Asked[None, None]) -> MessageOut:
        return told(await _known(room, asked.part("id")))

    def told(posted: Posted) -> MessageOut:
        subject, text = _words(room, posted)
        return MessageOut(
            id=posted.id,
            template=posted.kind,
            channel=posted.channel,
            to=posted.to,
            language=posted.language,
            about=posted.about,
            subject=subject,
            text=text,
            state=posted.state,
            attempts=posted.attempts,
            sender=posted.sender,
            reason=posted.reason,
            created_at=posted.created_at,
            next_at=posted.next_at,
            sent_at=posted.sent_at,
            done_at=posted.done_at,
        )

    read, write = Scope.MESSAGES_READ, Scope.MESSAGES_WRITE
    named = "/v1/messages/{id}"
    return [
        Route(
            "GET",
            "/v1/messages",
            listed,
            read,
            "Messages to people, newest first",
            query=MessagesQuery,
            answer=Page[MessageOut],
            csv=True,
            sensitive=True,
        ),
        Route("GET", named, one, read, "One message", answer=MessageOut, sensitive=True),
        Route("POST", f"{named}/again", again, write, "Send one that failed once more", answer=MessageOut),
    ]


async def _known(room: MessageRoom, name: str) -> Posted:
    found = await room.post.find(name)
    if found is None:
        raise NoSuch("message", name)
    return found


def _words(room: MessageRoom, posted: Posted) -> tuple[str, str]:
    """Subject and text as they would be written now; both empty once what they said is forgotten."""
    if not posted.values:
        return "", ""
    shown = room.files.words(posted.kind, posted.channel, posted.language, posted.to, posted.values)
    return (shown.subject, shown.text) if isinstance(shown, Mail) else ("", shown.text)
