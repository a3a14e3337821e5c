"""Cards and bank accounts that are kept at Stripe: https://docs.stripe.com/payments/save-and-reuse."""

from dataclasses import dataclass, replace

import stripe
from stripe.params import CustomerCreateParams, SetupIntentCreateParams

from payments.gateways.stripe import answers
from payments.orders import Owner, Token
from payments.outcome import Declined, NotAttempted, RequiresAction, Unknown


@dataclass(frozen=True, slots=True)
class Storing:
    """Keeps cards and forgets them, through the SDK's client."""

    client: stripe.StripeClient
    moto: bool

    async def store(
        self, token: Token, owner: Owner, key: str
    ) -> Token | Declined | RequiresAction | NotAttempted | Unknown:
        """Confirm a set-up intent for the owner's customer, who is made on the first time.

        A bank account can be charged once its holder has told Stripe which small deposits came, in a day or
        two, on the page that Stripe writes to them about.
        """
        try:
            customer = owner.known or await self._customer(owner, key)
            params: SetupIntentCreateParams = {
                "confirm": True,
                "customer": customer,
                "payment_method": token.value,
                "allowed_payment_method_types": ["us_bank_account" if token.bank else "card"],
                "usage": "off_session",
            }
            if token.bank:  # agreed to by telephone
                params["mandate_data"] = {"customer_acceptance": {"type": "offline"}}
                params["payment_method_options"] = {
                    "us_bank_account": {"verification_method": "microdeposits"}
                }
            elif self.moto:
                params["payment_method_options"] = {"card": {"moto": True}}
            made = await self.client.v1.setup_intents.create_async(params, {"idempotency_key": key})
        except answers.NO_ANSWER as error:
            return answers.of_failure(error)
        return self._kept(made.to_dict(), token, customer)

    async def forget(self, token: Token) -> NotAttempted | Unknown | None:
        """Detach the payment method; one that is gone already answers 400 or 404."""
        try:
            await self.client.v1.payment_methods.detach_async(token.value)
        except stripe.InvalidRequestError:
            return None
        except answers.NO_ANSWER as error:
            silence = answers.of_error(error)
            return silence if isinstance(silence, NotAttempted) else Unknown(type(error).__name__)
        return None

    async def _customer(self, owner: Owner, key: str) -> str:
        params: CustomerCreateParams = {"metadata": {"owner": owner.reference}}
        made = await self.client.v1.customers.create_async(params, {"idempotency_key": f"{key}_customer"})
        return made.id

    def _kept(
        self, setup: answers.Json, token: Token, customer: str
    ) -> Token | Declined | RequiresAction | Unknown:
        match setup["status"]:
            case "succeeded":
                return replace(token, reusable=True, owner=customer)
            case "requires_action":
                action = setup.get("next_action") or {}
                if action.get("type") == "verify_with_microdeposits":
                    return replace(token, reusable=True, owner=customer)
                return RequiresAction(setup["id"], (action.get("redirect_to_url") or {}).get("url") or "")
            case "requires_payment_method":
                return answers.of_card_error({"error": setup.get("last_setup_error") or {}}, setup["id"])
            case status:
                return Unknown(f"the set-up intent {setup['id']} is {status}")
