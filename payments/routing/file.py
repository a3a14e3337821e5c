"""Reading the admin's routing file (TOML): costs and rules, with every mistake told at once."""

import tomllib
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.errors import BadInput
from payments.brand import Brand
from payments.purchase import Method
from payments.routing.terms import Cost, Rule, Terms, When

_Share = Annotated[float, Field(ge=0, le=100)]
_Minor = Annotated[int, Field(ge=0)]
_Currency = Annotated[str, Field(pattern="^[A-Z]{3}$")]
_Region = Annotated[str, Field(pattern="^[A-Z]{2}$")]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Gateway(_Part):
    fee_pct: _Share = 0.0
    fee_minor: _Minor = 0
    risk_pct: _Share = 0.0


class _When(_Part):
    currency: frozenset[_Currency] = frozenset()
    method: frozenset[Method] = frozenset()
    brand: frozenset[Brand] = frozenset()
    region: frozenset[_Region] = frozenset()
    at_least: _Minor = 0
    below: _Minor | None = None


class _Rule(_Part):
    name: str
    when: _When = _When()
    only: frozenset[str] = frozenset()
    never: frozenset[str] = frozenset()


class _File(_Part):
    second_minor: Annotated[float, Field(ge=0)] = 0.0
    gateways: dict[str, _Gateway] = {}
    rules: list[_Rule] = []


def read(file: Path, gateways: Collection[str]) -> Terms:
    """The terms of the file; `gateways` are the names that it may use. Raises BadInput with all mistakes."""
    try:
        found = _File.model_validate(tomllib.loads(file.read_text("utf-8")))
    except OSError as error:
        raise BadInput(f"{file}: cannot be read ({error.strerror}); name another in routing.file") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"{file}: is not TOML: {error}") from None
    except ValidationError as error:
        raise _told(file, [f"{_place(one['loc'])}: {one['msg']}" for one in error.errors()]) from None
    if mistakes := list(_mistakes(found, gateways)):
        raise _told(file, mistakes)
    return Terms(
        {name: Cost(one.fee_pct, one.fee_minor, one.risk_pct) for name, one in found.gateways.items()},
        tuple(Rule(one.name, _when(one.when), one.only, one.never) for one in found.rules),
        found.second_minor,
    )


def _mistakes(found: _File, gateways: Collection[str]) -> Iterator[str]:
    known = f"the line has {', '.join(sorted(gateways))}"
    for name in found.gateways:
        if name not in gateways:
            yield f"gateways.{name}: no such gateway; {known}"
    for rule in found.rules:
        for name in sorted((rule.only | rule.never) - set(gateways)):
            yield f"rule {rule.name!r}: no such gateway {name!r}; {known}"
        if not rule.only and not rule.never:
            yield f"rule {rule.name!r}: says neither `only` nor `never`"


def _when(when: _When) -> When:
    brands = frozenset(brand.value for brand in when.brand)
    return When(when.currency, when.method, brands, when.region, when.at_least, when.below)


def _told(file: Path, mistakes: list[str]) -> BadInput:
    return BadInput(f"{file} has mistakes; nothing was started:\n  " + "\n  ".join(mistakes))


def _place(loc: tuple[int | str, ...]) -> str:
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in loc)
