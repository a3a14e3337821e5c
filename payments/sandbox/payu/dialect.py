"""PayU's dialect: the signed form, its page, commands, settlements, and signed webhooks."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final
from urllib.parse import urlencode

from payments.sandbox import hosted
from payments.sandbox.books import Books, Record
from payments.sandbox.dialect import Answer, Call, Hook, Params, Ring, Route
from payments.sandbox.payu.settlements import Settlements
from payments.sandbox.settling import INDIA, today

KEY: Final = "sandbox"
SALT: Final = "sandbox-salt"
"""What the sandbox's one merchant signs with; PayU, too, signs with the merchant's salt."""

# https://docs.payu.in/docs/test-cards-upi-id-and-wallets; a code instead of a card is refused with it
MEANS: Final = ("5123456789012346", "4012001037141112", "anything@payu", "E307", "E310", "E345", "E1632")
_FIELDS: Final = (
    "key",
    "txnid",
    "amount",
    "productinfo",
    "firstname",
    "email",
    "phone",
    "surl",
    "furl",
    "hash",
)


class PayUDialect:
    """PayU (India): its hosted page, verification, refunds and settlements. A hook's secret is `key|salt`."""

    name = "PayU"

    def __init__(self, books: Books) -> None:
        self.books = books
        self.heard: list[Record] = []
        self._settlements = Settlements(books, KEY, SALT)

    def routes(self) -> Sequence[Route]:
        """All that it answers."""
        return [
            Route("POST", "/_payment", self.begin),
            Route("POST", "/_payment/{id}", self.pay),
            Route("POST", "/merchant/postservice", self._command),
            Route("POST", "/merchant/postservice.php", self._command),
            Route("GET", "/settlement/range", self._settlements.range),
        ]

    def broken(self) -> Answer:
        """A server error of PayU's."""
        return Answer(500, "<html><body>Internal Server Error</body></html>", kind=hosted.HTML)

    def ring(self, event: Record, hook: Hook) -> Ring:
        """A payment as PayU posts it, with its hash."""
        key, _, salt = hook.secret.partition("|")
        told = _signed({**event["told"], "key": key}, salt)
        return Ring(urlencode(told).encode(), {"Content-Type": "application/x-www-form-urlencoded"})

    def begin(self, call: Call) -> Answer:
        """POST /_payment: a payer comes with a form of the merchant's."""
        form = call.params
        missing = [name for name in _FIELDS if not form.get(name)]
        if missing:
            return hosted.over("PayU", f"Missing: {', '.join(missing)}.")
        if form["key"] != KEY or form["hash"] != _of_form(form):
            return hosted.over("PayU", "Error. Hash mismatch.")
        known = self._by_txnid(form["txnid"])
        if known is not None and known["status"] != "pending":
            return hosted.over("PayU", "Error. This transaction id was used already.")
        made = known or self.books.keep(_transaction(form))
        return hosted.asking("PayU", f"{made['amount']} INR", MEANS, action=f"/_payment/{made['id']}")

    def pay(self, call: Call) -> Answer:
        """POST /_payment/ID: a click on the page; whoever is refused goes back to the shop."""
        made = self.books.objects.get(call.names["id"])
        if made is None or made["status"] != "pending":
            return hosted.over("PayU", "Error. This transaction id was used already.")
        click = hosted.clicked(call)
        code = "E9205" if click.given_up else click.by if click.by.startswith("E") else ""
        state = "userCancelled" if click.given_up else "failed" if code else "captured"
        done = self.books.keep(
            made
            | {
                "status": "failure" if code else "success",
                "unmappedstatus": state,
                "error": code or "E000",
                "error_Message": "Bank failed to authenticate the customer" if code else "No Error",
            }
        )
        told = _told(done)
        self.heard.append({"id": done["id"], "told": told})
        signed = _signed({**told, "key": KEY}, SALT)
        return hosted.back_by_form(done["furl"] if code else done["surl"], signed)

    def _command(self, call: Call) -> Answer:
        asked = call.params
        about = f"{asked.get('key')}|{asked.get('command')}|{asked.get('var1')}|{SALT}"
        if asked.get("key") != KEY or asked.get("hash") != hashlib.sha512(about.encode()).hexdigest():
            return Answer(200, {"status": 0, "msg": "Invalid Hash."})
        match asked.get("command"):
            case "verify_payment":
                return self._verified(asked["var1"])
            case "check_payment":
                found = self.books.objects.get(asked["var1"])
                return Answer(200, {"status": int(found is not None), "transaction_details": found or {}})
            case "cancel_refund_transaction":
                return self._refund(asked)
            case "check_action_status":
                return self._actions(asked["var1"])
            case _:
                return Answer(200, {"status": 0, "msg": "Invalid command"})

    def _verified(self, names: str) -> Answer:
        found = {name: self._by_txnid(name) for name in names.split("|")}
        told = {
            name: _verified(made) if made else {"mihpayid": "Not Found", "status": "Not Found"}
            for name, made in found.items()
        }
        count = sum(made is not None for made in found.values())
        said = f"{count} out of {len(found)} Transactions Fetched Successfully"
        return Answer(200, {"status": int(count > 0), "msg": said, "transaction_details": told})

    def _refund(self, asked: Params) -> Answer:
        paid = self.books.objects.get(asked["var1"])
        token, amount = asked.get("var2", ""), Decimal(asked.get("var3") or asked.get("amount") or "0")
        if paid is None or paid["object"] != "transaction":
            return _failed("116", "Transaction not found")
        if paid["unmappedstatus"] != "captured":
            return _failed("111", "Invalid transaction status")
        mine = [one for one in self.books.listed("action") if one["mihpayid"] == paid["id"]]
        if any(one["token"] == token for one in self.books.listed("action")):
            return _failed("106", "Token already exists")
        left = Decimal(paid["amount"]) - sum((Decimal(one["amt"]) for one in mine), start=Decimal(0))
        if not 0 < amount <= left:
            return _failed("105", "Invalid amount")
        made = self.books.keep(
            {
                "id": f"r{secrets.randbelow(10**10):010d}",
                "object": "action",
                "mihpayid": paid["id"],
                "token": token,
                "amt": f"{amount:.2f}",
                "day": today(),
                "status": "QUEUED",
            }
        )
        said = {"status": 1, "msg": "Refund Request Queued", "error_code": 102, "mihpayid": paid["id"]}
        return Answer(200, said | {"request_id": made["id"], "bank_ref_num": None})

    def _actions(self, number: str) -> Answer:
        """What was done on a transaction; the bank has done by now what was queued."""
        for one in self.books.listed("action"):
            if one["mihpayid"] == number and one["status"] == "QUEUED":
                self.books.keep(one | {"status": "SUCCESS"})
        actions = {
            one["id"]: {**one, "request_id": one["id"], "action": "refund", "mode": "CC"}
            for one in self.books.listed("action")
            if one["mihpayid"] == number
        }
        found = int(bool(actions))
        return Answer(
            200, {"status": found, "transaction_details": {number: actions or "No action status found"}}
        )

    def _by_txnid(self, name: str) -> Record | None:
        return next((one for one in self.books.listed("transaction") if one["txnid"] == name), None)


def _of_form(form: Params) -> str:
    udf = [form.get(f"udf{n}", "") for n in range(1, 6)]
    fields = [form[name] for name in ("txnid", "amount", "productinfo", "firstname", "email")]
    return hashlib.sha512("|".join([form["key"], *fields, *udf, *[""] * 5, SALT]).encode()).hexdigest()


def _signed(told: Mapping[str, str], salt: str) -> dict[str, str]:
    udf = [told[f"udf{n}"] for n in (5, 4, 3, 2, 1)]
    fields = [told[name] for name in ("email", "firstname", "productinfo", "amount", "txnid")]
    parts = [salt, told["status"], *[""] * 5, *udf, *fields, told["key"]]
    return {**told, "hash": hashlib.sha512("|".join(parts).encode()).hexdigest()}


def _transaction(form: Params) -> Record:
    kept = {name: form[name] for name in _FIELDS if name not in {"key", "hash", "phone"}}
    return (
        kept
        | {
            "id": f"4039937155{secrets.randbelow(10**8):08d}",
            "object": "transaction",
            "addedon": f"{datetime.now(INDIA):%Y-%m-%d %H:%M:%S}",
            "status": "pending",
            "unmappedstatus": "initiated",
            "error": "",
            "error_Message": "",
        }
        | {f"udf{n}": form.get(f"udf{n}", "") for n in range(1, 6)}
    )


def _told(made: Record) -> dict[str, str]:
    names = ("txnid", "amount", "productinfo", "firstname", "email", "status", "unmappedstatus", "addedon")
    told = {name: str(made[name]) for name in (*names, "error", "error_Message")}
    return {
        # those that are signed stand first, in PayU's order of a form
        **told,
        **{f"udf{n}": made[f"udf{n}"] for n in range(1, 6)},
        "mihpayid": made["id"],
        "mode": "CC",
        "bankcode": "CC",
        "net_amount_debit": made["amount"],
    }


def _verified(made: Record) -> Record:
    return {
        **{
            name: value
            for name, value in made.items()
            if name not in {"id", "object", "surl", "furl", "error"}
        },
        "mihpayid": made["id"],
        "error_code": made["error"],
        "amt": made["amount"],
        "transaction_amount": made["amount"],
        "mode": "CC",
        "request_id": "",
        "bank_ref_num": None,
    }


def _failed(code: str, said: str) -> Answer:
    return Answer(200, {"status": 0, "msg": f"Refund FAILED - {said}", "error_code": code})
