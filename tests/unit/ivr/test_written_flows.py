"""Written flows are read whole, or refused with every mistake in its place."""

import datetime as dt
from pathlib import Path

import pytest

from core.errors import BadInput, Refused
from core.money import Money
from dialplan.mistakes import Mistakes
from ivr.flows.pay_bill import pay_bill
from ivr.texts import Texts
from ivr.written.cases import fits
from ivr.written.draft import Known
from ivr.written.flow import Written
from ivr.written.library import Library
from ivr.written.reading import read_flow

EXAMPLES = Path(__file__).parents[3] / "ivr" / "written" / "examples"
KNOWN = Known(
    ("en", "es"), Texts({"company": "Example Power"}), frozenset({"pay_bill"}), lambda to: to == "201"
)
HEAD = "about: a test\nlanguages: [en]\nsteps:\n"


def read(steps: str, head: str = HEAD) -> Written:
    return read_flow("mine", head + steps, KNOWN)


def mistakes(steps: str, head: str = HEAD) -> list[str]:
    with pytest.raises(Mistakes) as wrong:
        read(steps, head)
    return [str(one) for one in wrong.value.mistakes]


@pytest.mark.parametrize("file", sorted(EXAMPLES.glob("*.yaml")), ids=lambda file: file.stem)
def test_an_example_has_no_mistakes(file: Path) -> None:
    assert read_flow(file.stem, file.read_text("utf-8"), KNOWN).steps


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        ("  a: {say: hello, then: b}", "mine.yaml:4: steps.a.then: there is no step b"),
        ("  a: {sya: hello, then: goodbye}", "steps.a: has no verb; did you mean say?"),
        ("  a: hello", "steps.a: must be a step"),
        ("  a: {say: hello, menu: hello, then: goodbye}", "steps.a: say and menu are two steps"),
        ("  a: {say: hello}", "steps.a.then: is missing"),
        ("  a: {say: no_such_prompt, then: goodbye}", "no prompt is called no_such_prompt"),
        ("  a: {say: {es: hola}, then: goodbye}", "steps.a.say: has no text in en"),
        ("  a: {say: {en: hello, es: hola}, then: goodbye}", "the flow does not speak es"),
        ("  a: {say: 'hello {name}', then: goodbye}", "no step asks for {name}"),
        ("  a: {say: 'hello {company!r:>99}', then: goodbye}", "a value stands in braces by its name alone"),
        ("  a: {say: 'hello {', then: goodbye}", "a value stands in braces by its name alone"),
        (
            "  a: {say: 'hello {x}', then: b}\n  b: {digits: how, as: x, most: 3, then: goodbye}",
            "steps.a: x is not known on every way that leads here",
        ),
        ("  a: {say: due, then: goodbye}", "no step asks for {amount}"),
        (
            "  a: {say: hi, then: goodbye}\n  b: {say: hi, then: goodbye}",
            "mine.yaml:5: steps.b: no step leads",
        ),
        ("  a: {say: hi, then: b}\n  b: {say: hi, then: a}", "leads back to a without an answer"),
        (
            "  a: {yes_no: well, yes: goodbye, no: goodbye, otherwise: a}",
            "leads back to a without an answer",
        ),
        ("  a: {connect: '201', nobody: a}", "leads back to a without an answer"),
        (
            "  a: {menu: x, keys: {1: goodbye, 1: person}}",
            "steps.a.keys.1: stands here twice, first on line 4",
        ),
        ("  a: {menu: x, keys: {'#': goodbye}}", "must be one key, 0 to 9"),
        (
            "  a:\n    menu: x\n    keys:\n      1: {then: goodbye, words: {en: [yes]}}\n"
            "      2: {then: person, words: {en: [Yes]}}",
            "'Yes' is what key 1 is called already",
        ),
        ("  a: {digits: x, as: n, most: 13, then: goodbye}", "use `do: take_payment`"),
        ("  a: {digits: x, as: n, most: 19, then: goodbye}", "use `do: take_payment`"),
        ("  a: {digits: x, as: n, least: 16, most: 19, then: goodbye}", "steps.a.least: 12 digits at most"),
        ("  a: {digits: x, as: n, least: 9, most: 3, then: goodbye}", "steps.a.least: must be 3 at most"),
        ("  a: {amount: x, as: n, most: a lot, then: goodbye}", "must be an amount and its currency"),
        ("  a: {branch: n, cases: {1: goodbye}, otherwise: goodbye}", "no step asks for n"),
        (
            "  a: {yes_no: x, as: n, yes: b, no: b}\n"
            "  b: {branch: n, cases: {1: goodbye}, otherwise: goodbye}",
            "steps.b.cases.1: must be yes or no",
        ),
        ("  a: {hours: shop, open: goodbye, closed: goodbye}", "there are no hours shop"),
        ("  a: {do: sing, then: goodbye}", "must be 'find_bill'"),
        ("  a: {do: tell_due, paid: goodbye, then: goodbye}", "belongs to `do: take_payment` alone"),
        ("  a: {transfer: '999', nobody: goodbye}", "nobody is called 999"),
        ("  a: {run: sell_shoes}", "there is no other flow sell_shoes"),
        ("  a: {run: mine}", "there is no other flow mine"),
        ("  goodbye: {say: hi, then: person}", "says good-bye and ends the call, and is no step"),
        ("", "must hold the steps of the flow"),
    ],
    ids=lambda text: text[:60],
)
def test_a_mistake_is_told_with_its_place_and_advice(steps: str, told: str) -> None:
    assert any(told in one for one in mistakes(steps)), mistakes(steps)


@pytest.mark.parametrize("text", ["", "hello", "[1, 2]", "a: {b", "\x00", "steps: 5", "- a", "&a [*a]"])
def test_what_is_no_flow_is_refused_in_words(text: str) -> None:
    with pytest.raises(Mistakes, match=r"mine\.yaml"):
        read_flow("mine", text, KNOWN)


def test_all_mistakes_are_told_at_once() -> None:
    told = mistakes("  a: {say: {fr: salut}, then: nowhere}\n  b: {digits: x, as: n, most: 16, then: a}")
    assert len(told) == 4


def test_a_text_is_wanted_in_each_language_of_the_line_unless_the_flow_says_which_it_speaks() -> None:
    told = mistakes("  a: {say: {en: hello}, then: goodbye}", "about: a test\nsteps:\n")
    assert told == [
        "mine.yaml:3: steps.a.say: has no text in es: add one, or name the flow's `languages`",
    ]


@pytest.mark.parametrize(
    ("case", "value", "fitting"),
    [
        ("1-3", "2", True),
        ("1-3", "4", False),
        ("7", "7", True),
        ("7", "07", False),
        ("100-", Money(10_000, "USD"), True),
        ("100-", Money(9_999, "USD"), False),
        ("0", Money(0, "USD"), True),
        ("yes", True, True),
        ("no", True, False),
        ("1-3", dt.date(2026, 1, 2), False),
    ],
)
def test_a_case_fits_a_value_or_not(case: str, value: str | bool | Money | dt.date, fitting: bool) -> None:
    assert fits(case, value) is fitting


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        ("2026-11-26T14:00:00+00:00", True),  # a Thursday, nine in the morning in New York
        ("2026-11-26T13:59:00+00:00", False),
        ("2026-11-26T22:30:00+00:00", False),
        ("2026-11-28T15:30:00+00:00", True),
        ("2026-11-29T15:30:00+00:00", False),
        ("2026-12-25T15:30:00+00:00", False),
    ],
)
def test_opening_hours_are_those_of_their_own_place(at: str, is_open: bool) -> None:
    flow = read_flow("front_office", (EXAMPLES / "front_office.yaml").read_text("utf-8"), KNOWN)
    assert flow.head.hours["office"].is_open(dt.datetime.fromisoformat(at)) is is_open


GOOD = HEAD + "  a: {say: hello there, then: goodbye}\n"


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """A folder without flows, beside one of ours."""
    return Library(tmp_path / "flows", {"pay_bill": pay_bill}, KNOWN)


def test_a_flow_that_is_kept_is_there_for_the_next_call_and_after_a_restart(
    library: Library, tmp_path: Path
) -> None:
    before = library.version("mine")
    library.put("mine", GOOD)
    assert {"mine", "pay_bill"} == set(library)
    assert library.text("mine") == GOOD
    assert library.version("mine") != before
    assert "mine" in Library(tmp_path / "flows", {"pay_bill": pay_bill}, KNOWN)


def test_a_flow_with_mistakes_is_not_kept_and_the_one_in_use_stays(library: Library) -> None:
    library.put("mine", GOOD)
    kept = library["mine"]
    with pytest.raises(Mistakes):
        library.put("mine", GOOD.replace("goodbye", "nowhere"))
    assert library["mine"] is kept
    assert library.text("mine") == GOOD


@pytest.mark.parametrize("name", ["pay_bill", "../evil", "Mine", "", "a b", "a" * 65])
def test_a_name_that_is_none_or_ours_is_refused(library: Library, name: str) -> None:
    with pytest.raises(BadInput, match=r"no name for a flow|of the line's own"):
        library.put(name, GOOD)


def test_a_file_that_an_admin_changes_by_hand_is_used_and_a_wrong_one_is_not(
    library: Library, tmp_path: Path
) -> None:
    library.put("mine", GOOD)
    kept = library["mine"]
    file = tmp_path / "flows" / "mine.yaml"
    file.write_text(GOOD.replace("goodbye", "nowhere"))
    assert library["mine"] is kept
    file.write_text(GOOD.replace("hello there", "hello again"))
    assert library["mine"] is not kept


def test_a_flow_that_another_one_goes_on_in_is_not_taken_out(library: Library) -> None:
    library.put("mine", GOOD)
    library.put("other", HEAD + "  a: {run: mine}\n")
    with pytest.raises(Refused, match="other goes on in it"):
        library.remove("mine")
    library.remove("other")
    library.remove("mine")
    assert set(library) == {"pay_bill"}


def test_flows_that_lead_to_each_other_for_ever_are_refused(library: Library) -> None:
    library.put("mine", GOOD)
    library.put("other", HEAD + "  a: {run: mine}\n")
    with pytest.raises(Mistakes, match="comes back to itself"):
        library.put("mine", HEAD + "  a: {run: other}\n")


def test_a_folder_with_mistakes_starts_no_line(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("steps: none")
    with pytest.raises(Mistakes, match=r"mine\.yaml"):
        Library(tmp_path, {}, KNOWN).required()
