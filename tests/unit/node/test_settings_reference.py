"""The settings: their reference page is true, and dangerous ones are refused."""

from pathlib import Path

import pytest

from core.errors import BadInput
from node.api_access import operator_key
from node.reference import page
from node.settings import read

_PAGE = Path(__file__).parents[3] / "docs" / "reference" / "settings.md"


def test_the_reference_page_is_what_the_code_says() -> None:
    assert _PAGE.read_text("utf-8") == page(), "run: python -m node.reference"


def test_a_certificate_needs_its_key() -> None:
    with pytest.raises(BadInput, match=r"api\.private_key must be"):
        read(None, {"TELLERLINE_API_CERTIFICATE": "line.pem"})
    assert read(None, {"TELLERLINE_API_CERTIFICATE": "self-made"}).api.private_key == ""


def test_without_a_key_in_the_settings_one_is_made_that_only_its_owner_may_read(tmp_path: Path) -> None:
    settings = read(None, {"TELLERLINE_LINE_DATA": str(tmp_path)})
    assert len(operator_key(settings)) == 64
    assert operator_key(settings) == operator_key(settings)
    assert (tmp_path / "api.key").stat().st_mode & 0o077 == 0


def test_a_debugging_payment_sdk_is_refused() -> None:
    with pytest.raises(BadInput, match="STRIPE_LOG"):
        read(None, {"STRIPE_LOG": "debug"})
