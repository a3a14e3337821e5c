"""The settings: their reference page is true, and dangerous ones are refused."""

from pathlib import Path

import pytest

from core.errors import BadInput
from node.reference import page
from node.settings import read

_PAGE = Path(__file__).parents[3] / "docs" / "reference" / "settings.md"


def test_the_reference_page_is_what_the_code_says() -> None:
    assert _PAGE.read_text("utf-8") == page(), "run: python -m node.reference"


def test_an_api_open_to_the_network_needs_a_key() -> None:
    with pytest.raises(BadInput, match=r"api\.key is empty"):
        read(None, {"TELLERLINE_API_HOST": "192.0.2.1"})


def test_a_debugging_payment_sdk_is_refused() -> None:
    with pytest.raises(BadInput, match="STRIPE_LOG"):
        read(None, {"STRIPE_LOG": "debug"})
