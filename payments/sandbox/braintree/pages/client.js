// The emulator's stand-in for Braintree's client: it keeps what the fields need.
"use strict";
window.braintree = window.braintree || {};
window.braintree.client = {
  create: ({ authorization }) => {
    try {
      const told = JSON.parse(atob(authorization));
      return Promise.resolve({ token: authorization, home: told.configUrl });
    } catch {
      return Promise.reject(Object.assign(new Error("no client token"), { code: "CLIENT_AUTHORIZATION_INVALID" }));
    }
  },
};
