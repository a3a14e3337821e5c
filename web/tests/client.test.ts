import { afterEach, describe, expect, it, vi } from "vitest";

import { ask, Problem, search, sendToken } from "@/api/client";

afterEach(() => vi.unstubAllGlobals());

function answering(body: unknown, status = 200) {
  const asked = vi.fn<typeof fetch>(() => Promise.resolve(new Response(JSON.stringify(body), { status })));
  vi.stubGlobal("fetch", asked);
  return asked;
}

describe("asking the line", () => {
  it("sends the token and a new key with each change", async () => {
    const asked = answering({});
    sendToken("token-1");
    await ask("POST", "/v1/payments/pay_1/refunds", { body: { amount_minor: 1 } });
    await ask("POST", "/v1/payments/pay_1/refunds", { body: { amount_minor: 1 } });
    const headers = asked.mock.calls.map(([, init]) => init?.headers as Record<string, string>);
    expect(headers[0]?.["X-CSRF-Token"]).toBe("token-1");
    expect(headers[0]?.["Idempotency-Key"]).not.toBe(headers[1]?.["Idempotency-Key"]);
  });

  it("tells a refusal in the line's words, with every mistake", async () => {
    answering(
      {
        code: "bad_input",
        detail: "the refund has mistakes",
        errors: [{ at: "amount_minor", what: "too much" }],
      },
      400,
    );
    const failed = ask("POST", "/v1/x", { body: {} });
    await expect(failed).rejects.toBeInstanceOf(Problem);
    await expect(failed).rejects.toMatchObject({
      status: 400,
      code: "bad_input",
      mistakes: [{ at: "amount_minor" }],
    });
  });

  it("says that nobody answers when the line is away", async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
    await expect(ask("GET", "/v1/calls")).rejects.toMatchObject({ status: 0, code: "no_answer" });
  });

  it("leaves empty filters out of the address", () => {
    expect(search({ state: "", limit: 50, q: "a b&c", cursor: undefined })).toBe("?limit=50&q=a+b%26c");
  });
});
