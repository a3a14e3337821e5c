"""A flow that is being read and may have mistakes, and what it may name."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from ivr.texts import Texts
from ivr.written.anatomy import Key, gives
from ivr.written.cases import Kind
from ivr.written.flow import AnyStep, Head

Wrong = tuple[Key, str]
"""A mistake: the key where it stands, and the reason with advice."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a flow may name: the line's languages and prompts, other flows, and whom the line can call.

    Without `reaches` whom it calls is not checked.
    """

    languages: tuple[str, ...]
    texts: Texts
    flows: Collection[str]
    reaches: Callable[[str], bool] | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A flow that may have mistakes: the steps that could be read, and the names of all that stand there.

    Of a `whole` one all could be read, so that it can be told what is missing.
    """

    name: str
    head: Head
    languages: tuple[str, ...]
    steps: Mapping[str, AnyStep]
    names: Collection[str]
    whole: bool

    @property
    def kinds(self) -> Mapping[str, Kind]:
        """The values that its steps ask for."""
        return {name: kind for step in self.steps.values() for name, kind in gives(step).items()}
