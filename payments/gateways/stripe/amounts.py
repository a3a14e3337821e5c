"""Amounts as Stripe counts them: https://docs.stripe.com/currencies#minor-units."""

from typing import Final

from core.money import Money, exponent

_TWO: Final = (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BWP BYN BZD CAD CDF CHF CNY "
    "COP CRC CVE CZK DKK DOP DZD EGP ETB EUR FJD FKP GBP GEL GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR JMD "
    "KES KGS KHR KYD KZT LAK LBP LKR LRD LSL MAD MDL MKD MMK MNT MOP MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK "
    "NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SEK SGD SHP SOS SRD SZL THB TJS TOP TRY TTD "
    "TWD TZS UAH USD UYU UZS WST XCD YER ZAR ZMW"
)
_ZERO: Final = "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF"
_WHOLE_IN_TWO: Final = "ISK UGX"  # no decimals since ISO says so, and two places since Stripe always had them
_THREE: Final = "BHD JOD KWD OMR TND"

EXPONENTS: Final[dict[str, int]] = {
    **dict.fromkeys(_TWO.split(), 2),  # HUF and TWD too: whole amounts are asked of payouts only
    **dict.fromkeys(_ZERO.split(), 0),
    **dict.fromkeys(_WHOLE_IN_TWO.split(), 2),
    **dict.fromkeys(_THREE.split(), 3),
}


def in_stripe(money: Money) -> int | None:
    """The integer that Stripe wants; None when it cannot charge that amount.

    `Money(500, "ISK")` is 50000 there. A third decimal must be zero, and so must those of ISK and UGX.
    """
    places = EXPONENTS.get(money.currency)
    if places is None or money.minor <= 0:
        return None
    scaled, rest = divmod(money.minor * 10**places, 10 ** exponent(money.currency))
    step = {"ISK": 100, "UGX": 100}.get(money.currency, 10 if places == 3 else 1)
    return None if rest or scaled % step else scaled
