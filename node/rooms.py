"""The rooms that the API opens, made of the line's parts."""

from collections.abc import Mapping
from dataclasses import dataclass

from api.routes import (
    analytics,
    decisions,
    disputes,
    flows,
    fraud,
    links,
    messages,
    methods,
    numbers,
    pay,
    payments,
    prompts,
    settlements,
    sound,
    webhooks,
)
from api.routes.numbers import Exchange
from api.services import Services
from core.clock import Clock
from db.decisions import Decisions
from db.dispute_list import DisputeList
from db.engine import Work
from db.flow_versions import StoredFlowVersions
from db.fraud_cases import StoredLists, StoredReviews
from db.ledger_list import Ledger
from db.link_list import LinkList
from db.links import StoredLinks
from db.methods import StoredMethods
from db.payment_list import PaymentList
from db.people import People
from db.settlement_list import SettlementList
from db.settlements import StoredSettlements
from db.webhook_deliveries import StoredDeliveries
from db.webhook_endpoints import StoredEndpoints
from db.webhook_events import StoredEvents
from db.webhook_inbox import StoredNotices
from dialplan.directory import Directory
from ivr.hand import Hand
from ivr.live import LiveCalls
from ivr.wording import Wording
from ivr.written.library import Library
from node import access
from node.deciding import Decides
from node.flows import FLOWS
from node.linking import base_url, offering
from node.messaging import Messaging
from node.opened import Rooms
from node.phones import phones
from node.settings import Settings
from node.walking import Walker
from payments.desk import Desk
from payments.fraud.keys import Marker
from payments.gateway import Gateway
from payments.links.paying import Paying
from payments.processor import Reader
from payments.route import Router
from payments.store import Payments
from payments.webhooks.inbox import Inbox
from tts.sounds import Sounds


@dataclass(frozen=True, slots=True)
class Parts:
    """What the rooms are made of; `key` is the key of fingerprints."""

    services: Services
    settings: Settings
    work: Work
    clock: Clock
    paying: Paying
    people: People | None
    payments: Payments
    desk: Desk
    gateways: Mapping[str, Gateway]
    routed: Decides[Router]
    key: bytes
    live: LiveCalls
    wording: Wording
    sounds: Sounds
    exchange: Exchange
    links: StoredLinks
    deliveries: StoredDeliveries
    events: StoredEvents
    notices: StoredNotices
    told: Messaging
    access: access.Rooms
    directory: Directory
    library: Library


def rooms_of(parts: Parts) -> Rooms:
    """All of them."""
    work, clock, settings = parts.work, parts.clock, parts.settings
    return Rooms(
        services=parts.services,
        webhooks=webhooks.Webhooks(StoredEndpoints(work, clock), parts.deliveries, parts.events),
        inbox=Inbox(parts.gateways, parts.notices, clock),
        links=links.Links(
            offering(settings, parts.links, parts.told.post), parts.links, LinkList(work, clock), clock
        ),
        reports=parts.told.reports,
        access=parts.access,
        pay=_pay_page(parts),
        payments=payments.Payments(work, PaymentList(work, parts.people), parts.payments, parts.desk),
        methods=methods.Methods(StoredMethods(work, clock), parts.desk),
        routing=decisions.Routing(
            work, Decisions(work), sorted(parts.gateways), parts.routed.ill, parts.routed.cost, clock
        ),
        fraud=fraud.FraudRoom(StoredReviews(work), StoredLists(work), Marker(parts.key).mark, clock),
        ledger=Ledger(work),
        prompts=prompts.Prompts(parts.wording, parts.sounds),
        numbers=numbers.Numbers(parts.exchange, parts.library),
        flows=_flows(parts),
        messages=messages.MessageRoom(parts.told.post, parts.told.stored, parts.told.files),
        disputes=disputes.DisputeRoom(DisputeList(work), parts.desk),
        settlements=settlements.SettlementRoom(
            SettlementList(work),
            StoredSettlements(work, clock),
            lambda gateway: _reader(gateway, settings),
        ),
        analytics=analytics.Analytics(work, clock),
        phones=phones(settings, parts.directory, parts.services.facts),
        sound=sound.SoundRoom(Hand(parts.live, parts.wording.used.keyed), parts.services.recordings, clock),
    )


def _reader(gateway: str, settings: Settings) -> Reader:
    from node.reports import reader_of  # noqa: PLC0415 - it names the wiring, which names these rooms

    return reader_of(gateway, settings.payments)


def _flows(parts: Parts) -> flows.FlowRoom:
    about = {name: (flow.__doc__ or "").partition("\n")[0] for name, flow in FLOWS.items()}
    texts, line = parts.wording.used.keyed, parts.settings.line
    walker = Walker(parts.library, texts, (line.language, *line.languages))
    versions = StoredFlowVersions(parts.work, parts.clock)
    return flows.FlowRoom(parts.library, versions, parts.exchange, texts, about, walker)


def _pay_page(parts: Parts) -> pay.PayPage:
    return pay.PayPage(parts.paying, parts.clock, parts.settings.line.name, base_url(parts.settings))
