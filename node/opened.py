"""What the API opens to the outside: each room with its routes, and the document of them all."""

from dataclasses import dataclass
from typing import Any, cast

from api import site
from api.app import table_of
from api.openapi import written
from api.route import Table
from api.routes import (
    acts,
    analytics,
    decisions,
    disputes,
    drafts,
    flow_versions,
    flows,
    fraud,
    inbox,
    ledger,
    links,
    messages,
    methods,
    numbers,
    pay,
    payments,
    phones,
    prompts,
    reports,
    settlements,
    sound,
    templates,
    webhooks,
)
from api.services import Services
from db.ledger_list import Ledger
from messages.reporting import Reporting
from node import access
from payments.webhooks.inbox import Inbox


@dataclass(frozen=True, slots=True)
class Rooms:
    """All that routes lead into."""

    services: Services
    webhooks: webhooks.Webhooks
    inbox: Inbox
    links: links.Links
    pay: pay.PayPage
    reports: Reporting
    access: access.Rooms
    payments: payments.Payments
    methods: methods.Methods
    routing: decisions.Routing
    fraud: fraud.FraudRoom
    ledger: Ledger
    sound: sound.SoundRoom
    analytics: analytics.Analytics
    phones: phones.Phones
    prompts: prompts.Prompts
    numbers: numbers.Numbers
    flows: flows.FlowRoom
    messages: messages.MessageRoom
    disputes: disputes.DisputeRoom
    settlements: settlements.SettlementRoom


def table(rooms: Rooms) -> Table:
    """Every route of the line."""
    return table_of(
        rooms.services,
        webhooks.routes(rooms.webhooks),
        inbox.routes(rooms.inbox),
        links.routes(rooms.links),
        pay.routes(rooms.pay),
        reports.routes(rooms.reports),
        access.routes(rooms.access),
        acts.routes(rooms.sound.hand),
        sound.routes(rooms.sound),
        payments.routes(rooms.payments),
        methods.routes(rooms.methods),
        decisions.routes(rooms.routing),
        fraud.routes(rooms.fraud),
        ledger.routes(rooms.ledger),
        analytics.routes(rooms.analytics),
        phones.routes(rooms.phones),
        prompts.routes(rooms.prompts),
        numbers.routes(rooms.numbers),
        flows.routes(rooms.flows),
        drafts.routes(rooms.flows),
        flow_versions.routes(rooms.flows),
        messages.routes(rooms.messages),
        templates.routes(rooms.messages.files),
        disputes.routes(rooms.disputes),
        settlements.routes(rooms.settlements),
        site.routes(site.built()),  # last: it answers whatever nobody else does
    )


def every_route() -> Table:
    """Every route, for those who read about them; behind these doors there is nothing."""
    return table(cast("Rooms", _Unopened()))


def reference() -> str:
    """The OpenAPI document of every route (docs/reference/openapi.json)."""
    return written(every_route())


class _Unopened:
    """A room that nobody enters: the document needs the doors alone."""

    def __getattr__(self, _name: str) -> Any:  # whatever a room has
        return self

    def __call__(self, *_given: object) -> Any:
        return self
