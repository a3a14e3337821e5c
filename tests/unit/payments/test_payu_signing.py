"""PayU's signatures, beside what PayU's own SDK for Python (payu-websdk 0.1.7) makes of the same fields."""

from datetime import UTC, datetime
from urllib.parse import urlencode

from core.ids import PaymentId
from payments.gateways.payu import signing
from payments.gateways.payu.account import Account
from payments.gateways.payu.webhooks import noticed
from payments.notice import ChargeNews, Notice
from payments.outcome import Approved

FORM = {
    "txnid": "1m7z1emraa7720t4drhf4jt0x",
    "amount": "125.50",
    "productinfo": "bill 1",
    "firstname": "Customer",
    "email": "shop@example.com",
}
KEY, SALT = "sandbox", "sandbox-salt"
ANSWER = (
    "fd07aa3bff247f0d564e194dce83543a030ef9fefa525646fc2c30445012db8b"
    "c23a59f65ca7ecd3410b683aedd70b59b19fa78667ac80661cae11b66d8f700f"
)
CHARGED = (
    "9c505df195eb2225575a5459afffc5eaa47468402052ef04a3041fa4e179814f"
    "c1bbfa31720ae5a631c8e5661873f2eec36301b3a4d3a805b3f0f6af9371ad05"
)


def test_a_form_is_signed_as_the_vendor_signs_it() -> None:
    assert signing.of_form(KEY, SALT, FORM) == (
        "7a395550c1de2a2697f1a6e2cb94cc49160fe1988ab172effdc9e2883b44fba2"
        "44c10157059dc6b5e6a26eaf3cab103a9573fb700a5f200454f70b5e207bf514"
    )


def test_an_answer_is_signed_as_the_vendor_signs_it() -> None:
    assert signing.of_answer(KEY, SALT, FORM | {"status": "success"}) == ANSWER
    more = FORM | {"status": "success", "additionalCharges": "2.50"}
    assert signing.of_answer(KEY, SALT, more) == CHARGED


def test_a_command_is_signed_as_the_vendor_signs_it() -> None:
    assert signing.of_command(KEY, SALT, "verify_payment", FORM["txnid"]) == (
        "6535e499b6278e62016addedab7c8685f1c7635dedbb4874b99eca5087b9962d"
        "cbd27e1c2820fb6a9d5ded77da2be00e7389a63edf5cc20d7b61f3a17ac719e1"
    )


def test_what_the_vendors_sdk_signed_is_believed_and_says_what_is_signed() -> None:
    account = Account(KEY, SALT, "shop@example.com", "+15550100")
    body = urlencode(FORM | {"status": "success", "hash": ANSWER, "mihpayid": "1"}).encode()
    notice = noticed(account, body, datetime.now(UTC))
    assert isinstance(notice, Notice)
    name = FORM["txnid"]
    assert notice.news == ChargeNews(PaymentId(f"pay_{name}"), name, Approved(name))
