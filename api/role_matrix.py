"""Who may ask for what, as a page: every route with the roles that may, written from the two tables."""

from collections.abc import Iterable
from typing import Final

from api.roles import SCOPES, Role
from api.route import AnyRoute
from api.scopes import Scope

_HEAD: Final = """# Roles

What each role may ask of the API, route by route. A key of a program carries scopes instead of a role. *Open*
routes need no sign-in. Routes with an asterisk stand in the audit log each time that they are read; changes
always do. This page is written from the code by `python -m node.reference`.
"""


def page(table: Iterable[AnyRoute]) -> str:
    """The page, in Markdown."""
    routes = sorted((one for one in table if one.listed), key=lambda one: (one.path, one.method))
    columns = " | ".join(role.value for role in Role)
    head = [f"| route | scope | {columns} |", "|---|---|" + "---|" * len(Role)]
    return "\n".join([_HEAD, *_scopes(), "", "## Routes", "", *head, *(_row(one) for one in routes), ""])


def may(role: Role, scope: Scope) -> bool:
    """Whether a role may ask for something of that scope."""
    return scope is Scope.OPEN or scope in SCOPES[role]


def _scopes() -> list[str]:
    rows = []
    for role in Role:
        words = sorted(scope.value for scope in SCOPES[role] if scope is not Scope.OPEN)
        told = "everything" if SCOPES[role] == frozenset(Scope) else ", ".join(f"`{one}`" for one in words)
        rows.append(f"| {role.value} | {told} |")
    return ["## Scopes", "", "| role | may |", "|---|---|", *rows]


def _row(route: AnyRoute) -> str:
    marks = " | ".join("yes" if may(role, route.scope) else "-" for role in Role)
    star = " *" if route.sensitive else ""
    return f"| `{route.method} {route.path}`{star} | `{route.scope}` | {marks} |"
