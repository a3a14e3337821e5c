"""What webhooks carry is what the document says, and of the same facts as are told live."""

from dataclasses import fields
from typing import Any, get_args, get_type_hints

import pytest

from api.openapi import document
from api.webhook_out import DATA, MESSAGES
from core.events import Fact, LinkMoved, PaymentMoved, RequestMoved
from payments.session import State
from payments.webhooks.topics import TOPICS, data_of, kind_of, topic_of, wants

_SAMPLES: dict[Any, object] = {str: "a word", int: 7, float: 0.5, bool: True}
_STATES = {PaymentMoved: "captured", LinkMoved: "paid", RequestMoved: "made"}


def _sample(kind: type[Fact]) -> Fact:
    hints = get_type_hints(kind)
    told: dict[str, Any] = {field.name: _some(hints[field.name]) for field in fields(kind)}
    return kind(**told | ({"state": _STATES[kind]} if kind in _STATES else {}))


def _some(hint: Any) -> object:
    plain = get_args(hint)[0] if get_args(hint) else hint
    return _SAMPLES[getattr(plain, "__supertype__", plain)]


@pytest.mark.parametrize("kind", get_args(Fact), ids=lambda kind: kind.__name__)
def test_each_fact_that_is_told_live_is_an_event_that_fits_its_schema_and_has_nothing_beside_it(
    kind: type[Fact],
) -> None:
    fact = _sample(kind)
    topic = topic_of(fact)
    assert topic is not None
    assert kind_of(topic) is kind
    DATA[kind].model_validate(dict(data_of(fact)))


def test_every_state_of_a_payment_has_a_topic() -> None:
    moved = [PaymentMoved(None, "pay_1", one.value, 1, "USD", "", "") for one in State]  # type: ignore[arg-type]
    assert [one.state for one in moved if topic_of(one) is None] == []


def test_no_number_and_no_word_of_a_caller_goes_out() -> None:
    told = {name for kind in DATA for name in DATA[kind].model_fields}
    assert told.isdisjoint({"caller", "to", "text", "value", "detail"})


def test_each_word_and_key_is_told_to_those_alone_who_ask_for_it() -> None:
    assert not wants(["*"], "conversation.said")
    assert not wants(["*", "call.*"], "capture.progress")
    assert wants(["conversation.*"], "conversation.said")
    assert wants(["capture.ended"], "capture.ended")
    assert wants(["*"], "request.made")


def test_every_topic_stands_in_the_document() -> None:
    assert set(document([])["webhooks"]) == set(TOPICS) == set(MESSAGES)
