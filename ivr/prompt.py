"""What the line may say: a prompt by its name, with the values that its text wants."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from core.money import Money


@dataclass(frozen=True, slots=True)
class Digits:
    """Letters and digits that are said one by one, with a pause after each `group` of them (0: none)."""

    text: str
    group: int = 0


@dataclass(frozen=True, slots=True, init=False)
class Prompt:
    """`Prompt("due", amount=account.due)`: money, numbers and Digits come in words, a Prompt as its text."""

    name: str
    values: Mapping[str, "Value"]

    def __init__(self, name: str, /, **values: "Value") -> None:
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "values", MappingProxyType(values))


Value = str | int | Money | Digits | Prompt
