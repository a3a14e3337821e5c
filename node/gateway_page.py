"""`python -m node.gateway_page`: the table of docs/howto/gateways.md, from what the code declares."""

from collections.abc import Iterator

from node.gateways import PROCESSORS
from payments.capabilities import Can, CardOnCall
from payments.processor import Processor

_CARD = {
    CardOnCall.RAW: "yes",
    CardOnCall.TOKEN: "a stored one only",
    CardOnCall.NONE: "no: a link",
}
_SHOWN = {
    "telephone order": Can.MOTO,
    "hold": Can.AUTHORIZE,
    "take a part": Can.PARTIAL_CAPTURE,
    "refund a part": Can.PARTIAL_REFUND,
    "store cards": Can.STORE_CARD,
    "link": Can.LINK,
    "ends its page": Can.END_PAGE,
    "UPI collect": Can.UPI_COLLECT,
    "UPI request": Can.UPI_REQUEST,
    "card fields": Can.FIELDS,
    "webhooks": Can.WEBHOOKS,
    "disputes": Can.DISPUTES,
    "answers to disputes": Can.CONTEST,
    "settlement report": Can.SETTLEMENT,
    "report fetched": Can.FETCH_REPORT,
}


def table() -> str:
    """Processors by row, in Markdown."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    heads = ["processor", "card on a call", *_SHOWN, "currencies", "an order is done once by", "is found by"]
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for name, processor in PROCESSORS.items():
        yield f"| {' | '.join(_cells(name, processor))} |"


def _cells(name: str, processor: Processor) -> Iterator[str]:
    declared = processor.capabilities
    yield f"`{name}`"
    yield _CARD[declared.card]
    yield from ("yes" if can in declared.can else "-" for can in _SHOWN.values())
    yield str(len(declared.currencies.exponents))
    yield processor.keys
    yield processor.lookup


if __name__ == "__main__":
    print(table(), end="")  # noqa: T201 - its whole purpose
