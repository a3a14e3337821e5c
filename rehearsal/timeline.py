"""What happened in a rehearsal, moment by moment, and how it is shown."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from rich.console import Console
from rich.text import Text

from core.events import (
    Answered,
    CallEnded,
    CallerUpset,
    CallHandedOver,
    CallStarted,
    CaptureEnded,
    CardProgress,
    CardRefused,
    Fact,
    LinkMoved,
    PaymentMoved,
    Pressed,
    RecordingBegan,
    RequestMoved,
    Said,
    SaidAll,
    SpeaksLanguage,
    Spoke,
    StepReached,
)
from core.money import Money


class Who(Enum):
    """Who did it; the value is what the timeline shows."""

    CALLER = "caller"
    LINE = "line"
    SOUND = "sound"
    MONEY = "money"
    REHEARSAL = "check"


@dataclass(frozen=True, slots=True)
class Entry:
    """One moment: `at_s` since dialing; `wrong` where it is a difference."""

    at_s: float
    who: Who
    what: str
    wrong: bool = False


OnEntry = Callable[[Entry], None]


class Timeline:
    """Collects the moments of one call, and hands each on as it comes."""

    def __init__(self, on_entry: OnEntry) -> None:
        self._on_entry = on_entry
        self._entries: list[Entry] = []

    @property
    def entries(self) -> tuple[Entry, ...]:
        """In the order of time; moments in the sound are noticed a little later than they were."""
        return tuple(sorted(self._entries, key=lambda entry: entry.at_s))

    def add(self, at_s: float, who: Who, what: str, *, wrong: bool = False) -> None:
        """Something happened."""
        entry = Entry(at_s, who, what, wrong)
        self._entries.append(entry)
        self._on_entry(entry)

    def add_fact(self, at_s: float, fact: Fact) -> None:
        """The line told something."""
        who = Who.MONEY if isinstance(fact, PaymentMoved) else Who.LINE
        if what := told(fact):
            self.add(at_s, who, what)


def told(fact: Fact) -> str:  # noqa: C901, PLR0911, PLR0912 - a line for each kind
    """A fact in words; empty for what needs no line of its own."""
    match fact:
        case CallStarted(call=call, number=number, caller=caller, flow=flow):
            return (
                f"takes {call}: {caller or 'a withheld number'} dialed {number or '?'} ({flow or 'no flow'})"
            )
        case RecordingBegan():
            return "is recorded from here on"
        case StepReached(flow=flow, step=step):
            return f"comes to step {step} of {flow}"
        case Said(prompt=prompt, text=text):
            return f"“{text}” ({prompt})"
        case SaidAll(prompt=prompt, interrupted=interrupted):
            return f"stops, interrupted ({prompt})" if interrupted else ""
        case Pressed(question=question, keys=keys):
            return f"got {keys} key(s) for {question}"
        case Spoke(question=question, text=text):
            return f"heard “{text}” for {question}"
        case Answered(question=question, value=value):
            return f"understood {question}: {value}"
        case CardProgress(field=field, mask=mask, complete=complete):
            return f"got {field}: {mask}" if complete else ""
        case CardRefused(field=field, error=error, attempt=attempt):
            return f"refuses {field}: {error} (attempt {attempt})"
        case CaptureEnded(result=result):
            return f"capture over: {result}"
        case PaymentMoved(state=state, amount_minor=minor, currency=currency, gateway=gateway, detail=detail):
            return " · ".join(part for part in (state, str(Money(minor, currency)), gateway, detail) if part)
        case LinkMoved(state=state, amount_minor=minor, currency=currency):
            return f"link {state} · {Money(minor, currency)}"
        case CallHandedOver(to=to, result=result):
            return f"hands the call over to {to}: {result}"
        case SpeaksLanguage(language=language):
            return f"goes on in {language}"
        case CallerUpset(question=question, score=score):
            return f"finds the caller upset at {question} ({score:.1f})"
        case RequestMoved(request=request, about=about, state=state):
            return f"request {request} ({about}) {state}"
        case CallEnded(outcome=outcome, cause=cause, seconds=seconds):
            return f"call over after {seconds:.1f} s: {outcome} ({cause})"


_STYLES = {
    Who.CALLER: "cyan",
    Who.LINE: "default",
    Who.SOUND: "dim",
    Who.MONEY: "green",
    Who.REHEARSAL: "magenta",
}


def show(console: Console, entry: Entry, name: str = "") -> None:
    """Print one moment as a line: its time, who, what; `name` tells several rehearsals apart."""
    style = "bold red" if entry.wrong else _STYLES[entry.who]
    line = Text.assemble(
        (f"{entry.at_s:8.3f}  ", "dim"),
        (f"{name}  " if name else "", "dim"),
        (f"{entry.who.value:<6}  ", style),
        (("✗ " if entry.wrong else "") + entry.what, style),
    )
    console.print(line, soft_wrap=not console.is_terminal)
