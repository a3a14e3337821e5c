"""What is written from the code is what the code says."""

from pathlib import Path

from api import codes
from api import role_matrix as roles
from db import reference as tables
from node.opened import every_route, reference

_FOLDER = Path(__file__).parents[2] / "docs" / "reference"


def test_the_api_is_documented_as_it_is() -> None:
    assert (_FOLDER / "openapi.json").read_text("utf-8") == reference(), "run: python -m node.reference"


def test_the_tables_are_documented_as_they_are() -> None:
    assert (_FOLDER / "tables.md").read_text("utf-8") == tables.page(), "run: python -m node.reference"


def test_the_codes_of_problems_are_documented_as_they_are() -> None:
    assert (_FOLDER / "problems.md").read_text("utf-8") == codes.page(), "run: python -m node.reference"


def test_who_may_do_what_is_documented_as_it_is() -> None:
    written = roles.page(every_route())
    assert (_FOLDER / "roles.md").read_text("utf-8") == written, "run: python -m node.reference"
