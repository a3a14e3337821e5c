"""The whole API on the real PostgreSQL, with calls of a switch in memory and the sandbox's gateway."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

import anyio
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from api.broadcast import Broadcast
from api.services import PartHealth, Recordings, Services
from core.clock import SystemClock
from db.calls import StoredSessions
from db.engine import Work
from db.facts import KeptFacts
from db.keys_file import MasterFile
from db.links import StoredLinks
from db.payment_list import PaymentList
from db.people import People
from db.queue import Queue
from db.stores import stored
from db.timeline import Timeline
from db.webhook_deliveries import StoredDeliveries
from db.webhook_events import StoredEvents
from db.webhook_inbox import StoredNotices
from dialplan.directory import Directory
from dialplan.read import read as read_exchange
from ivr.capture.booth import Safe
from ivr.capture.captures import Captures
from ivr.capture.guard import Guard
from ivr.capture.terms import CaptureTerms
from ivr.capture.till import DeskTill
from ivr.conversation import House
from ivr.handover import Handover
from ivr.live import LiveCalls
from ivr.memory import MemoryAccounts
from ivr.record import Record
from ivr.runner import Limits, Runner
from ivr.services import Services as FlowServices
from node.access import access
from node.between import api_of
from node.deciding import Decides
from node.exchange import ExchangeFile
from node.flows import library_of
from node.messaging import messaging
from node.rooms import Parts
from node.settings import LineSettings, Settings, SwitchSettings
from node.stack.stack import EXCHANGE
from node.talking import wording
from payments.brand import Brand
from payments.desk import Desk
from payments.gateway import Gateway
from payments.gateways.sandbox.gateway import SandboxGateway
from payments.links.paying import Paying
from payments.notice import Notice
from payments.route import FirstRoute
from payments.stores import Stores
from payments.vault import Vault
from pbx.fake.phone import Phone, Script
from pbx.fake.switch import FakeSwitch
from tts.cache import SoundCache
from tts.fake import SilentSounds, SilentVoice

Client = TestClient[web.Request, web.Application]


@dataclass(frozen=True)
class Api:
    """The API, and the parts of its line."""

    client: Client
    app: web.Application
    work: Work
    people: People
    sessions: StoredSessions
    stores: Stores
    desk: Desk
    switch: FakeSwitch
    runner: Runner
    recordings: Path
    vault: Vault

    async def got(self, path: str, **headers: str) -> tuple[int, object]:
        """A GET: the status and what was answered."""
        async with self.client.get(path, headers=headers) as answer:
            return answer.status, await answer.json()

    async def asked(self, method: str, path: str, body: object = None, **headers: str) -> tuple[int, object]:
        """Any other request."""
        async with self.client.request(method, path, json=body, headers=headers) as answer:
            text = await answer.text()
            return answer.status, (await answer.json()) if text else None

    def call(self, script: Script, caller: str = "+15550101") -> Phone:
        """Somebody calls the line."""
        return self.switch.place(script, caller=caller)


def _hurried(sound: Path) -> float:
    """Real time passes here, and a greeting of nine seconds in each test is nine seconds."""
    return SilentSounds.seconds(sound) / 10


@asynccontextmanager
async def open_api(
    work: Work, url: str, folder: Path, *, live: bool = False, node: str = "test"
) -> AsyncIterator[Api]:
    """It is up for as long as the `async with` lasts; `live` when it also tells of what happens."""
    clock, chance, vault, queue = SystemClock(), Random(1), Vault(), Queue()
    people = People(MasterFile.made_at(folder / "master.key"), clock)
    stores, gateway = stored(work, clock), SandboxGateway(chance)
    gateways: dict[str, Gateway] = {gateway.name: gateway}
    desk = Desk(stores, vault, gateways, FirstRoute([gateway]), clock=clock, chance=chance)
    events, links = StoredEvents(work, queue, clock), StoredLinks(work, queue, clock)

    async def hear(notice: Notice) -> None:
        await desk.hear(notice)

    switch, up, sounds = FakeSwitch(seconds=_hurried), LiveCalls(), SilentSounds()
    safe, words = Safe(vault, clock, Guard({})), wording(folder / "texts", {"company": "Example Power"})
    cache = SoundCache([SilentVoice()], folder / "prompts")
    captures = Captures(up, safe, DeskTill(desk), events)
    facts, sessions = KeptFacts(work, clock), StoredSessions(work, people)
    house = House(
        texts=words.used.keyed,
        sounds=sounds,
        facts=facts,
        record=Record(sessions),
        handover=Handover(switch.originate),
        services=FlowServices(MemoryAccounts(()), desk, CaptureTerms(accepted=frozenset(Brand)), "201"),
        clock=clock,
        safe=safe,
        live=up,
        node=node,
    )
    broadcast = Broadcast(Timeline(work, url, gather_s=0.01))
    recordings = folder / "recordings"
    recordings.mkdir()
    settings = Settings(line=LineSettings(data=folder, node=node), switch=_switch(folder, recordings))
    library = library_of(settings, words.used.keyed)
    runner = Runner(switch, library, house, Limits())

    async def health() -> list[PartHealth]:
        return [
            PartHealth("database", True, "answers"),
            PartHealth("switch", True, "a switch in memory"),
            PartHealth("line", True, f"{runner.calls} calls up"),
        ]

    services = Services(
        sessions,
        PaymentList(work, people),
        Recordings(recordings, node),
        broadcast,
        health,
        lambda: b"calls_up 1\n",
        runner.place,
        captures,
    )
    parts = Parts(
        services,
        settings,
        work,
        clock,
        Paying(links, stores.payments, [gateway], clock, chance),
        people,
        stores.payments,
        desk,
        gateways,
        Decides(FirstRoute([gateway])),
        b"k" * 32,
        up,
        words,
        cache,
        ExchangeFile(settings.switch, library),
        links,
        StoredDeliveries(work, queue, clock),
        events,
        StoredNotices(work, queue, clock, hear),
        messaging(settings, work, people, clock, chance),
        access(settings, work, clock, people).rooms,
        Directory(read_exchange(EXCHANGE, {}).exchange),
        library,
    )
    app, beside = api_of(parts, url, None)
    async with anyio.create_task_group() as group:
        group.start_soon(facts.run)
        runs = [switch.run, desk.run, vault.run, captures.run, runner.run, *([broadcast.run] if live else [])]
        for run in (*runs, *beside):
            await group.start(run)
        async with TestClient(TestServer(app)) as client:
            yield Api(client, app, work, people, sessions, stores, desk, switch, runner, recordings, vault)
        runner.drain()
        await facts.flush()
        group.cancel_scope.cancel()


def _switch(folder: Path, recordings: Path) -> SwitchSettings:
    """With an exchange file of its own, and a folder of generations that no Asterisk reads."""
    exchange = folder / "exchange.yaml"
    exchange.write_text((Path(__file__).parents[3] / "dialplan" / "example.yaml").read_text("utf-8"), "utf-8")
    etc = folder / "etc"
    etc.mkdir()
    return SwitchSettings(recordings=recordings, exchange=exchange, etc=str(etc))
