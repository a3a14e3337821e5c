"""The page on which a payer pays in the sandbox: one for all dialects, and the ways back to the shop."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Final

from payments.sandbox.dialect import Answer, Call

HTML: Final = "text/html"
_HEAD: Final = '<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title><h1>{title}</h1>'


@dataclass(frozen=True, slots=True)
class Clicked:
    """What the payer did on the page: gave it up, or paid `by` something."""

    by: str
    given_up: bool


def asking(vendor: str, amount: str, choices: Iterable[str], said: str = "", *, action: str = "") -> Answer:
    """The page itself, which posts to `action` or to where it is.

    The first of the choices stands there already, and any other may be typed.
    """
    known = list(choices)
    target = f' action="{escape(action)}"' if action else ""
    options = "".join(f'<option value="{escape(one)}">' for one in known)
    form = (
        f'<p role="status">{escape(said)}</p><form method="post"{target}><p>{escape(amount)}</p>'
        f'<label>Pay with <input name="by" value="{escape(known[0])}" list="known"></label>'
        f'<datalist id="known">{options}</datalist>'
        '<button name="deed" value="pay">Pay</button> '
        '<button name="deed" value="give_up">Give up</button></form>'
    )
    return _page(f"{vendor}'s page (sandbox)", form)


def clicked(call: Call) -> Clicked:
    """What came of the page."""
    params = call.params
    return Clicked(params.get("by", "").strip(), params.get("deed") == "give_up")


def over(vendor: str, said: str) -> Answer:
    """A page that can no longer be paid on."""
    return _page(f"{vendor}'s page (sandbox)", f'<p role="status">{escape(said)}</p>')


def back(url: str) -> Answer:
    """The payer's browser goes back."""
    return Answer(303, "", kind=HTML, headers={"Location": url})


def back_by_form(url: str, fields: Mapping[str, str]) -> Answer:
    """The payer's browser goes back and posts what came of it, as older vendors have it."""
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(text)}">' for name, text in fields.items()
    )
    form = f'<form method="post" action="{escape(url)}">{hidden}<button>Go back</button></form>'
    return _page("Back to the shop", f"{form}<script>document.forms[0].submit()</script>")


def _page(title: str, body: str) -> Answer:
    return Answer(200, _HEAD.format(title=escape(title)) + body, kind=HTML)
