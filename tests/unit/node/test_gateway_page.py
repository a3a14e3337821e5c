"""The table of processors in the documentation is what the code declares."""

from pathlib import Path

from node.gateway_page import table
from node.gateways import PROCESSORS
from payments.sandbox.dialects import DIALECTS

_PAGE = Path(__file__).parents[3] / "docs" / "howto" / "gateways.md"


def test_the_table_is_what_the_code_says() -> None:
    assert table() in _PAGE.read_text("utf-8"), "run python -m node.gateway_page, and put it into the page"


def test_each_processor_has_its_dialect_in_the_sandbox() -> None:
    assert set(PROCESSORS) == set(DIALECTS)
