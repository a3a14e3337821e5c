"""The bench tells no accuracy of a model that only stands in for one."""

import pytest

from asr.fake import FakeRecognizer
from core.audio import silence
from tests.load.hear import Set, says_the_same_to_all
from tests.testpack import Recording

pytestmark = pytest.mark.anyio

_SETS = [Set(text, [Recording(silence(0.1, 8000), text, "", "")]) for text in ("one two", "yes", "no")]


@pytest.mark.parametrize(
    ("says", "same"),
    [
        (["pay my bill"] * 3, True),
        (["one two", "yes", "no"], False),
        (["", "", ""], False),  # one that hears nothing is as bad as its figures say
    ],
)
async def test_a_model_that_says_one_sentence_to_all_is_told_from_one_that_hears(
    says: list[str], same: bool
) -> None:
    assert await says_the_same_to_all(FakeRecognizer(says), _SETS) is same
