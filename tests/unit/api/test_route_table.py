"""The table of routes: what cannot be written into it, and who may ask for what."""

import pytest
from pydantic import BaseModel

from api.openapi import document
from api.roles import SCOPES, Role
from api.route import Asked, Route
from api.scopes import Scope


class _Loose(BaseModel):
    name: str


class _Thing(BaseModel):
    name: str


async def _show(_asked: Asked[None, None]) -> _Thing:
    return _Thing(name="a thing")


async def _take(_asked: Asked[None, _Loose]) -> None: ...


@pytest.mark.parametrize("scope", ["calls:read", "", None])
def test_a_route_without_a_scope_of_the_list_does_not_exist(scope: Scope) -> None:
    with pytest.raises(TypeError, match="no Scope"):
        Route("GET", "/v1/things", _show, scope, "Things")


def test_a_route_that_takes_unknown_fields_does_not_exist() -> None:
    with pytest.raises(TypeError, match="does not know"):
        Route("POST", "/v1/things", _take, Scope.SELF, "Take", body=_Loose)


def test_every_role_has_scopes_of_the_list_and_the_administrator_has_all() -> None:
    assert set(SCOPES) == set(Role)
    assert SCOPES[Role.ADMIN] == frozenset(Scope)
    assert all(Scope.SELF in scopes for scopes in SCOPES.values())


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.READ_ONLY])
def test_those_who_only_look_change_nothing(role: Role) -> None:
    assert not [scope for scope in SCOPES[role] if scope.endswith((":act", ":write"))]


def test_a_route_stands_in_the_document_with_its_scope_and_its_answer() -> None:
    told = document([Route("GET", "/v1/things/{id}", _show, Scope.SELF, "A thing", answer=_Thing)])
    operation = told["paths"]["/v1/things/{id}"]["get"]
    assert operation["x-scope"] == "self"
    assert operation["responses"]["200"]["content"]["application/json"]["schema"] == {
        "$ref": "#/components/schemas/_Thing"
    }
    assert [one["name"] for one in operation["parameters"]] == ["id"]
