"""The reference page of the tables is true."""

from pathlib import Path

from db.reference import page

_PAGE = Path(__file__).parents[3] / "docs" / "reference" / "tables.md"


def test_the_reference_page_is_what_the_code_says() -> None:
    assert _PAGE.read_text("utf-8") == page(), "run: python -m db.reference > docs/reference/tables.md"
