// The emulator's stand-in for Hosted Fields: a frame for each field, all from the emulator; digits stay in them.
"use strict";
window.braintree = window.braintree || {};
window.braintree.hostedFields = {
  create: ({ client, fields }) => {
    const home = new URL(client.home).origin;
    const frames = Object.entries(fields).map(
      ([name, { container }]) =>
        new Promise((resolve) => {
          const frame = document.createElement("iframe");
          frame.name = `braintree-${name}`;
          frame.title = name;
          frame.style.cssText = "border:0;width:100%;height:100%";
          frame.addEventListener("load", () => resolve(frame));
          frame.src = `${home}/web/fields/${name}`;
          document.querySelector(container).append(frame);
        }),
    );
    const tokenize = () =>
      new Promise((resolve, reject) => {
        const heard = (event) => {
          if (event.origin !== home || !event.data.sandbox) return;
          window.removeEventListener("message", heard);
          if (event.data.nonce) resolve({ nonce: event.data.nonce });
          else reject(Object.assign(new Error(event.data.code), { code: event.data.code }));
        };
        window.addEventListener("message", heard);
        window.frames["braintree-number"].postMessage({ tokenize: client.token }, home);
      });
    return Promise.all(frames).then(() => ({ tokenize }));
  },
};
