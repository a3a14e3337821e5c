"""Amounts as Stripe counts them: https://docs.stripe.com/currencies#minor-units."""

from typing import Final

from payments.currencies import Currencies

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

CURRENCIES: Final = Currencies(
    exponents={
        **dict.fromkeys(_TWO.split(), 2),  # HUF and TWD too: whole amounts are asked of payouts only
        **dict.fromkeys(_ZERO.split(), 0),
        **dict.fromkeys(_WHOLE_IN_TWO.split(), 2),
        **dict.fromkeys(_THREE.split(), 3),
    },
    steps={**dict.fromkeys(_WHOLE_IN_TWO.split(), 100), **dict.fromkeys(_THREE.split(), 10)},
)
