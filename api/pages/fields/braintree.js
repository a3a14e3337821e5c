// Puts Braintree's Hosted Fields into the page, and hands on the nonce that they give: no digit is seen here.
"use strict";
(() => {
  const form = document.getElementById("card");
  const button = form.querySelector("button");
  const said = document.getElementById("said");
  const WRONG = "Please look at what is marked, and try again.";
  const AWAY = "The payment provider does not answer. Nothing was charged. Please try again in a few minutes.";
  const MISTYPED = ["HOSTED_FIELDS_FIELDS_EMPTY", "HOSTED_FIELDS_FIELDS_INVALID", "HOSTED_FIELDS_TOKENIZATION_CVV_VERIFICATION_FAILED"];

  const ready = (fields) => {
    let sent = false;
    button.disabled = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (sent) return;
      sent = true;
      button.disabled = true;
      said.textContent = "";
      fields.tokenize().then(
        (card) => {
          form.elements.token.value = card.nonce;
          form.submit();
        },
        (error) => {
          sent = false;
          button.disabled = false;
          said.textContent = MISTYPED.includes(error.code) ? WRONG : AWAY;
        },
      );
    });
  };

  const away = () => {
    said.textContent = AWAY;
  };

  if (!window.braintree) {
    away();
    return;
  }
  window.braintree.client
    .create({ authorization: form.dataset.key })
    .then((client) =>
      window.braintree.hostedFields.create({
        client,
        styles: { input: { "font-size": "17px" } },
        fields: {
          number: { container: "#number" },
          expirationDate: { container: "#expiry", placeholder: "MM/YY" },
          cvv: { container: "#code" },
        },
      }),
    )
    .then(ready, away);
})();
