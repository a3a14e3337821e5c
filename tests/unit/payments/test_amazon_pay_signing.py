"""Amazon Pay's signatures, beside one that Amazon's own SDK for Node.js (2.3.4) made of the same request."""

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from payments.gateways.amazon_pay import signing

KEY = b"""-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA4Iyg3JnoEz3iaHEJPJNs
wkQgHtM5v8L1fxMxttlUOuE+/N0+K7eSi8UO1fBKeen1bj7ZMRBrdCBeafMIB/KD
8tulhkBhl6IzHL2haF+1K1cry8qcVK9rBh8o/LKyNeou2MJ0ARGX6dFAPKUcWgx0
xZBxXVT6GvkNGbriuOKAQK2vV/2tTs4ZOT6fNpMUU9GD1FBH+cb81+nM3E1bjbWc
TVhnU/eQm4g8FGNb3RDQ2toXidu9SZhVBRi+hOYKArdGDkryTIK2QXRpJwBr+1+Z
Q/fRAYeHc01XzlU+S1MpJQbopeMaHZxXymowtfdfV47AFzeSCLqnzIewq4UsmvY7
CQIDAQAB
-----END PUBLIC KEY-----
"""
BODY = b'{"chargeId":"S01-1-1-C1","refundAmount":{"amount":"10.00","currencyCode":"USD"}}'
HEADERS = {
    "X-Amz-Pay-Idempotency-Key": "key1",
    "x-amz-pay-region": "na",
    "x-amz-pay-host": "pay-api.amazon.com",
    "x-amz-pay-date": "2026-11-26T11:59:33Z",
    "content-type": "application/json",
    "accept": "application/json",
    "user-agent": "amazon-pay-api-sdk-nodejs/2.3.4 (JS/20.20.2; linux)",
}
SIGNATURE = (
    "Tvi6+XksTYyqAPUVo/FsXD45MU7W0AWK8Ofj0Bq4fGpsSEcrTVT4jOqebHE4s3Jaz5qPOf8DSTh0hYvGwy30mhVFPKkt8rZfbXlc"
    "yxrGZzbwtewl36G5oHBL+gAJSgK4fapcTfXH2sA/9fKoHAYaW0b/38A+Yyt4NAsej5Xh5657ESTzfSiDYyJnBPs3s8ei0Ehj6lRA"
    "6Hx0EjB3GJYTgXvajXL8QLco0GxAR4m267tEl16c3ns2cDWfU/SsjU+KsaxS9GLgmu7H99GInzzdUWDSDNEYJvdYVAjDsrVM+upF"
    "PZibyIhQ+Yo2dXnOPsuORZmXmaGrzAplWZ/k+8Szxg=="
)


def key() -> rsa.RSAPublicKey:
    read = load_pem_public_key(KEY)
    assert isinstance(read, rsa.RSAPublicKey)
    return read


def test_what_the_vendors_sdk_signed_is_what_we_would_have_signed() -> None:
    to_sign = signing.string_to_sign("POST", "/v2/refunds", "", HEADERS, BODY)
    signing.check(key(), SIGNATURE, to_sign)
    assert signing.signed_names(HEADERS) == (
        "accept;content-type;user-agent;x-amz-pay-date;x-amz-pay-host;x-amz-pay-idempotency-key;x-amz-pay-region"
    )


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [("GET", "/v2/refunds", BODY), ("POST", "/v2/refund", BODY), ("POST", "/v2/refunds", BODY[:-1] + b" }")],
)
def test_anything_else_was_not_signed(method: str, path: str, body: bytes) -> None:
    with pytest.raises(InvalidSignature):
        signing.check(key(), SIGNATURE, signing.string_to_sign(method, path, "", HEADERS, body))
