"""The words of messages, below `/v1/templates`: read, tried, kept and taken back."""

from aiohttp import web
from pydantic import BaseModel, Field

from api.etag import told_with_version, version_of
from api.paging import Page
from api.problem import NoSuch
from api.route import Asked, Route, Table
from api.scopes import Scope
from core.errors import BadInput, Outdated
from messages.template_files import TemplateFile, TemplateFiles


class TemplateOut(BaseModel):
    """A file of templates: `name` is the message's, `part` what of it (subject.txt, txt, html, sms.txt)."""

    id: str
    name: str
    language: str
    part: str
    own: bool
    text: str
    etag: str

    @classmethod
    def of(cls, file: TemplateFile) -> "TemplateOut":
        """The file as it stands."""
        return cls(
            id=file.name.replace("/", "."),
            name=file.kind,
            language=file.language,
            part=file.part,
            own=file.own,
            text=file.text,
            etag=f'"{file.version}"',
        )


class TemplateOrder(BaseModel, extra="forbid"):
    """What a template is to say, in jinja2; null goes back to ours."""

    text: str | None = Field(max_length=64 * 1024)


class TemplateTried(BaseModel, extra="forbid"):
    """What a template might say."""

    text: str = Field(max_length=64 * 1024)


class TemplateShown(BaseModel):
    """The part, filled with made-up values."""

    text: str


def routes(files: TemplateFiles) -> Table:
    """The routes."""

    async def templates(_asked: Asked[None, None]) -> Page[TemplateOut]:
        return Page(data=[TemplateOut.of(file) for file in files.all()])

    async def template(asked: Asked[None, None]) -> web.Response:
        return _versioned(_file(files, asked.part("id")))

    async def put(asked: Asked[None, TemplateOrder]) -> web.Response:
        file, version = _file(files, asked.part("id")), version_of(asked.request)
        if version is not None and version != file.version:
            raise Outdated("this template was changed meanwhile: read it again")
        if asked.body.text is None:
            files.remove(file.name)
        else:
            files.write(file.name, asked.body.text)
        return _versioned(files.read(file.name))

    async def preview(asked: Asked[None, TemplateTried]) -> TemplateShown:
        return TemplateShown(text=files.tried(_file(files, asked.part("id")).name, asked.body.text))

    read, write, named = Scope.MESSAGES_READ, Scope.MESSAGES_WRITE, "/v1/templates/{id}"
    return [
        Route(
            "GET",
            "/v1/templates",
            templates,
            read,
            "The words of messages",
            answer=Page[TemplateOut],
            sensitive=True,
        ),
        Route(
            "GET",
            named,
            template,
            read,
            "One template",
            answer=TemplateOut,
            edits=True,
            sensitive=True,
        ),
        Route(
            "PUT",
            named,
            put,
            write,
            "Say it otherwise from the next message on",
            body=TemplateOrder,
            answer=TemplateOut,
            edits=True,
        ),
        Route(
            "POST",
            f"{named}/preview",
            preview,
            write,
            "See a template filled in, without keeping it",
            body=TemplateTried,
            answer=TemplateShown,
            replays=False,
        ),
    ]


def _versioned(file: TemplateFile) -> web.Response:
    return told_with_version(TemplateOut.of(file), file.version)


def _file(files: TemplateFiles, name: str) -> TemplateFile:
    try:
        return files.read(name.replace(".", "/", 1))
    except BadInput:
        raise NoSuch("template", name) from None
