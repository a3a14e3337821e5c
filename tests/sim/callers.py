"""What callers do, in pieces that scripts are put together from."""

from typing import Final

from pbx.fake.phone import Phone

ACCOUNT: Final = "12345678"
VISA: Final = "4242424242424242"
AMEX: Final = "378282246310005"
NO_FUNDS: Final = "4000000000009995"
STOLEN: Final = "4000000000009979"
CHARGED_IN_SILENCE: Final = "4000000000001109"


async def key_account(phone: Phone, number: str = ACCOUNT) -> None:
    """Key the account number in when it is asked for."""
    await phone.hears("enter your account number")
    await phone.press(f"{number}#")


async def reach_card(phone: Phone) -> None:
    """Find the bill, and choose to pay all of it."""
    await key_account(phone)
    await phone.hears("To pay all of it")
    await phone.press("1")
    await phone.hears("enter your card number")


async def key_card(phone: Phone, number: str = VISA, expiry: str = "1230", code: str = "123") -> None:
    """Key a card in, from the moment that its number is asked for."""
    await phone.press(f"{number}#")
    await phone.hears("enter the expiry date")
    await phone.press(expiry)
    await phone.hears("security code on")
    await phone.press(code)


async def pay(phone: Phone) -> None:
    """Pay all that is due with a good card, and stay until the line hangs up."""
    await reach_card(phone)
    await key_card(phone)
    await phone.hears("confirmation code is")
    await phone.ended()
