"""The one place that names concrete switches, voices and stores, and puts the line together."""

import os
from dataclasses import dataclass, replace
from random import SystemRandom

from aiohttp import web

from api.broadcast import Broadcast
from api.services import Recordings
from api.services import Services as ApiServices
from core.clock import SystemClock
from core.ids import PaymentId
from core.lag import Lag
from db.accounts import StoredAccounts
from db.call_hours import CallHours
from db.calls import StoredSessions
from db.engine import Limits as DatabaseLimits
from db.engine import Work
from db.fact_seal import FactSeal
from db.facts import KeptFacts
from db.fraud_codes import StoredCodes
from db.jobs import Jobs
from db.leases import Leases
from db.links import EXPIRE, LOOK, StoredLinks
from db.messages import SEND
from db.payment_list import PaymentList
from db.queue import Queue
from db.relay import Relay
from db.requests import StoredRequests
from db.stores import stored
from db.timeline import Timeline
from db.webhook_deliveries import StoredDeliveries
from db.webhook_events import DELIVER, StoredEvents
from db.webhook_inbox import HEAR, StoredNotices
from dialplan.directory import Directory
from dialplan.read import read as read_exchange
from ivr.capture.booth import Safe
from ivr.capture.captures import Captures
from ivr.capture.terms import CaptureTerms
from ivr.capture.till import DeskTill
from ivr.conversation import House
from ivr.handover import Handover
from ivr.live import LiveCalls
from ivr.record import Record
from ivr.runner import Limits, Runner
from ivr.services import Services
from node.access import access
from node.between import api_of
from node.counted import CountedFacts, CountedPayments
from node.deciding import Run, router, screen
from node.exchange import ExchangeFile
from node.flows import folder_of, library_of, names
from node.fraud_key import fraud_key
from node.gateways import further_gateways, main_gateway
from node.guarding import guard
from node.health import Health
from node.hearing import ears
from node.keyring import people_of
from node.linking import judging, offering, paying, upi_requests
from node.messaging import messaging
from node.money_settings import PaymentsSettings
from node.observe import Metrics
from node.rooms import Parts
from node.settings import Settings
from node.talking import Talks, talking
from node.telephone import asterisk
from payments.brand import Brand
from payments.desk import Desk
from payments.fraud.one_time_code import OneTimeCodes
from payments.gateways.stripe.gateway import StripeGateway
from payments.links.watching import Watching
from payments.notice import Notice
from payments.processor import OpenGateway
from payments.reconcile import Patience, Reconciler
from payments.vault import Vault
from payments.webhooks.courier import Courier
from payments.webhooks.poster import Poster
from pbx.ari.switch import AriSwitch


@dataclass(frozen=True, slots=True)
class Node:
    """Everything of one process that is started, watched and stopped."""

    work: Work
    sessions: StoredSessions
    facts: KeptFacts
    broadcast: Broadcast
    jobs: Jobs
    leases: Leases
    vault: Vault
    desk: Desk
    reconciler: Reconciler
    gateway: StripeGateway
    others: list[OpenGateway]
    learning: tuple[Run, ...]
    switch: AriSwitch
    talks: Talks
    runner: Runner
    poster: Poster
    relay: Relay
    captures: Captures
    api: web.Application
    lag: Lag


def directory_of(settings: Settings) -> Directory:
    """Whom one can call, as the admin's file says. Raises BadInput with every mistake in it."""
    flows = names(folder_of(settings))
    return Directory(read_exchange(settings.switch.exchange, os.environ, flows=flows).exchange)


def patience_of(settings: PaymentsSettings) -> Patience:
    """How long a payment without an answer is left alone, and when silence about it counts."""
    return Patience(
        every_s=settings.reconcile_every_s,
        untouched_s=settings.reconcile_after_s,
        grace_s=settings.reconcile_grace_s,
    )


def wire(settings: Settings, database_url: str, directory: Directory) -> Node:
    """Put the line together; nothing is started yet. Call it inside the running loop.

    Raises BadInput for a prompt or a key that is wrong, PartMissing without a voice.
    """
    clock, chance = SystemClock(), SystemRandom()
    work = Work(database_url, DatabaseLimits(connections=settings.database.connections))
    people = people_of(settings)
    seal = FactSeal(people) if people is not None else None
    timeline = Timeline(work, database_url, seal=seal)
    gateway = main_gateway(settings.payments)
    others = further_gateways(settings.payments, clock)
    gateways: dict[str, OpenGateway] = {one.name: one for one in (*others, gateway)}

    async def settle(payment: PaymentId) -> None:
        await reconciler.settle(payment)  # made below: it needs the payments, and they need the jobs

    async def hear(notice: Notice) -> None:
        await desk.hear(notice)

    async def look(subject: str) -> None:
        await Watching(stored_links, pays, clock).look(subject)

    queue = Queue()
    deliveries = StoredDeliveries(work, queue, clock)
    poster = Poster(private=settings.webhooks.private, within_s=settings.webhooks.within_s)
    events = StoredEvents(work, queue, clock)
    notices = StoredNotices(work, queue, clock, hear)
    stored_links = StoredLinks(work, queue, clock)
    told = messaging(settings, work, people, clock, chance)
    handles = {
        DELIVER: Courier(deliveries, poster, clock, chance).deliver,
        HEAR: notices.apply,
        EXPIRE: stored_links.expire,
        SEND: told.postman.deliver,
        LOOK: look,
    }
    jobs = Jobs(work, database_url, settle, handles=handles)
    metrics = Metrics(lambda: runner.calls, lambda: lag.typical_s)
    kept = stored(work, clock, jobs.settle_soon)
    stores = replace(kept, payments=CountedPayments(kept.payments, metrics))
    reconciler = Reconciler(stores, gateways, clock, patience_of(settings.payments))
    vault = Vault()
    key = fraud_key(settings.fraud.key, settings.line.data)
    screened = screen(settings.fraud, key, work, clock)
    routed = router(settings, [gateway, *others], work, clock)
    desk = Desk(stores, vault, gateways, routed.by, clock=clock, chance=chance, fraud=screened.by)
    facts = KeptFacts(work, clock, seal=seal)
    switch = asterisk(settings.switch, directory, chance)
    guarded = guard(work, clock, switch, people, gateways.values(), readable=settings.line.readable_memory)
    safe, live = Safe(vault, clock, guarded), LiveCalls()
    captures = Captures(live, safe, DeskTill(desk), outbox=events)
    talks, sessions = talking(settings, directory.languages), StoredSessions(work, people)
    judged = judging(stores.payments, routed.by, screened.by, sessions, clock)
    pays = paying(stored_links, stores.payments, gateways, chance, judged)
    house = House(
        texts=talks.texts,
        sounds=talks.speaks.sounds,
        facts=CountedFacts(facts, metrics),
        record=Record(sessions),
        handover=Handover(switch.originate),
        services=Services(
            StoredAccounts(work, people),
            desk,
            CaptureTerms(accepted=frozenset(Brand(name) for name in settings.payments.brands)),
            settings.line.agents,
            OneTimeCodes(StoredCodes(work), told.post, key, clock, chance),
            StoredRequests(work, clock, people),
            offering(settings, stored_links, told.post),
            talks.intents,
            account_check=talks.account_check,
            upi=upi_requests(settings, stored_links, stores.payments, gateways, chance, judged=judged),
        ),
        clock=clock,
        safe=safe,
        live=live,
        pace=talks.pace,
        language=settings.line.language,
        languages=settings.line.languages,
        node=settings.line.node,
        ears=ears(settings.hearing, talks.hears),
        keyed=talks.keyed,
        comfort=talks.comfort,
    )
    lag = Lag()
    library = library_of(settings, talks.keyed, directory).required()
    runner = Runner(switch, library, house, Limits(settings.line.max_calls, settings.line.max_lag_s), lag)
    broadcast = Broadcast(timeline)
    health = Health(switch, work, runner)
    entry = access(settings, work, clock, people)
    parts = Parts(
        ApiServices(
            sessions,
            PaymentList(work, people),
            Recordings(settings.switch.recordings, settings.line.node),
            broadcast,
            health.look,
            metrics.page,
            runner.place,
            captures,
        ),
        settings,
        work,
        clock,
        pays,
        people,
        stores.payments,
        desk,
        gateways,
        routed,
        key,
        live,
        talks.wording,
        talks.speaks.sounds,
        ExchangeFile(settings.switch, library),
        stored_links,
        deliveries,
        events,
        notices,
        told,
        entry.rooms,
        directory,
        library,
    )
    api, beside = api_of(parts, database_url, entry.door)
    return Node(
        work,
        sessions,
        facts,
        broadcast,
        jobs,
        Leases(work, settings.line.node),
        vault,
        desk,
        reconciler,
        gateway,
        others,
        (*screened.runs, *routed.runs, *told.runs, CallHours(work).run, *beside),
        switch,
        talks,
        runner,
        poster,
        Relay(work, events, broadcast, stored_links.paid_in, *told.also),
        captures,
        api,
        lag,
    )
