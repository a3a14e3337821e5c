"""What a hostile telephone sends as its name does not stop the writing of facts."""

import pytest

from db.storable import storable


@pytest.mark.parametrize(("text", "kept"), [("Ada ü €", "Ada ü €"), ("A\0da", "Ada"), ("\ud800!", "?!")])
def test_text_is_kept_but_for_what_cannot_be(text: str, kept: str) -> None:
    assert storable(text) == kept
