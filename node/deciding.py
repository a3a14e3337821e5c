"""What decides about payments: the fraud screen and the router that the settings ask for."""

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Generic, TypeVar

from core.clock import Clock
from db.engine import Work
from db.fraud_cases import StoredLists, StoredReviews
from db.fraud_sightings import StoredSightings
from db.routing import StoredObservations
from node.money_settings import FraudSettings
from node.settings import Settings
from payments.fraud.judgement import Bounds
from payments.fraud.keys import Marker
from payments.fraud.model import SHIPPED, load
from payments.fraud.screen import Screen, Stores
from payments.gateway import Gateway
from payments.risk import AllowAll, Fraud
from payments.route import FirstRoute, Router
from payments.routing.terms import Cost, Terms

T_co = TypeVar("T_co", covariant=True)

Run = Callable[[], Coroutine[None, None, None]]


def _well(_gateway: str) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Decides(Generic[T_co]):
    """Who decides, and what of it runs beside the calls.

    Of gateways: `ill` is why one is left alone (empty when it is not), `cost` what it takes of a payment.
    """

    by: T_co
    runs: tuple[Run, ...] = ()
    ill: Callable[[str], str] = _well
    cost: Callable[[str], Cost] = Terms().cost


def screen(settings: FraudSettings, key: bytes, work: Work, clock: Clock) -> Decides[Fraud]:
    """The fraud screen. Raises BadInput for a model that cannot be used."""
    if settings.screen == "off":
        return Decides(AllowAll())
    model = load(Path(settings.model) if settings.model else SHIPPED)
    stores = Stores(StoredSightings(work), StoredLists(work), StoredReviews(work))
    bounds = Bounds(**{field.name: getattr(settings, field.name) for field in fields(Bounds)})
    made = Screen(
        Marker(key), model, stores, clock, bounds=bounds, home=settings.home, watch=settings.screen == "watch"
    )
    return Decides(made, (made.run,))


def router(settings: Settings, gateways: Sequence[Gateway], work: Work, clock: Clock) -> Decides[Router]:
    """The router; where there is nothing to choose, nothing is learned. Raises BadInput for a wrong file."""
    if len(gateways) == 1 and not settings.routing.file:
        return Decides(FirstRoute(gateways))
    from payments.routing.file import read  # noqa: PLC0415 - numpy is for lines with several gateways
    from payments.routing.router import LearningRouter  # noqa: PLC0415

    file, names = settings.routing.file, [gateway.name for gateway in gateways]
    terms = read(Path(file), names) if file else Terms()
    observed = StoredObservations(work, settings.line.node)
    made = LearningRouter(gateways, terms, observed, clock, share_every_s=settings.routing.share_every_s)
    return Decides(made, (made.run,), made.ill, terms.cost)
