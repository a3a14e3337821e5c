"""What Prometheus is told: calls and payments, counted from the facts of this process."""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

from core.events import CallEnded, CallStarted, Fact
from payments.session import State

_SECONDS = (5, 10, 20, 30, 60, 120, 180, 300, 600)


class Metrics:
    """The figures of one process."""

    def __init__(self, calls_up: Callable[[], int], lag_s: Callable[[], float]) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._started = Counter("tellerline_calls_started", "Calls taken.", ["flow"], registry=self._registry)
        self._ended = Counter(
            "tellerline_calls_ended", "Calls over, by outcome.", ["outcome"], registry=self._registry
        )
        self._seconds = Histogram(
            "tellerline_call_seconds", "How long calls last.", buckets=_SECONDS, registry=self._registry
        )
        self._payments = Counter(
            "tellerline_payments",
            "Payments, by the state they reached.",
            ["gateway", "state"],
            registry=self._registry,
        )
        up = Gauge("tellerline_calls_up", "Calls up now.", registry=self._registry)
        up.set_function(calls_up)
        lag = Gauge(
            "tellerline_loop_lag_seconds",
            "How long what is ready waits for its turn, the median of two seconds.",
            registry=self._registry,
        )
        lag.set_function(lag_s)

    def count(self, fact: Fact) -> None:
        """Count what a call tells."""
        match fact:
            case CallStarted(flow=flow):
                self._started.labels(flow).inc()
            case CallEnded(outcome=outcome, seconds=seconds):
                self._ended.labels(outcome).inc()
                self._seconds.observe(seconds)
            case _:
                pass

    def moved(self, gateway: str, state: State) -> None:
        """Count a payment that reached a state."""
        self._payments.labels(gateway, state.value).inc()

    def page(self) -> bytes:
        """The page, in Prometheus' text format 0.0.4."""
        return generate_latest(self._registry)
