"""Each code of a problem stands in the list, with its status, and none stands there that is never sent."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.codes import CODES, OF_HTTP
from api.mistakes import NAMED

_ROOT = Path(__file__).parents[3]
_MAKERS = {"NotDone", "problem"}


def test_every_code_that_is_sent_is_in_the_list_with_its_status_and_no_other_is() -> None:
    sent = {pair for file in _files() for pair in _sent(file.read_text("utf-8"))}
    sent |= {(status, code) for status, code in OF_HTTP.items()} | set(NAMED.values())
    listed = {(status, name) for name, code in CODES.items() for status in code.statuses}
    assert sent == listed


@pytest.mark.parametrize(
    "line",
    ['raise NotDone(418, "teapot", "x")', 'problem(418, "teapot", "x")', 'def f():\n  return 418, "teapot"'],
)
def test_a_code_that_is_not_in_the_list_is_found(line: str) -> None:
    assert list(_sent(line)) == [(418, "teapot")]


def _files() -> Iterator[Path]:
    for room in ("api", "node"):
        yield from sorted((_ROOT / room).rglob("*.py"))


def _sent(text: str) -> Iterator[tuple[int, str]]:
    """A status and a code, in a call that makes a problem, or in a pair that is one."""
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Call(func=ast.Name(id=name), args=[status, code, *_]) if name in _MAKERS:
                yield from _pair(status, code)
            case ast.Call(func=ast.Attribute(value=ast.Call(func=ast.Name(id="super"))), args=[one, two, _]):
                yield from _pair(one, two)
            case ast.Return(value=ast.Tuple(elts=[status, code])):
                yield from _pair(status, code)
            case _:
                pass


def _pair(status: ast.expr, code: ast.expr) -> Iterator[tuple[int, str]]:
    match status, code:
        case ast.Constant(value=int() as number), ast.Constant(value=str() as word):
            yield number, word
        case _:
            pass
