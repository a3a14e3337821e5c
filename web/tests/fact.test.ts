import { describe, expect, it } from "vitest";

import type { Told } from "@/api/types";
import i18n from "@/i18n";
import { inWords } from "@/parts/fact";

function worded(fact: object): string {
  const { title, text } = inWords(
    { seq: 1, at: "2026-03-01T12:00:00+00:00", call: "call_1", ...fact } as Told,
    i18n.t,
  );
  return `${title} / ${text}`;
}

describe("a fact in words", () => {
  it("names the language that a call goes on in", () => {
    expect(worded({ kind: "SpeaksLanguage", language: "es" })).toBe("Goes on in another language / Spanish");
  });

  it("names the step of a written flow as its author did", () => {
    expect(worded({ kind: "StepReached", flow: "front_office", step: "is_open" })).toBe(
      "Step is_open / Front office",
    );
  });

  it("tells at which question the caller is upset", () => {
    const told = worded({ kind: "CallerUpset", question: "card_number", score: 1.2 });
    expect(told).toBe("The caller is upset / Card number · a person is offered");
  });

  it("tells what was written down for people, and that it is done", () => {
    const told = { kind: "RequestMoved", request: "17", about: "call_back", state: "done" };
    expect(worded(told)).toBe("Call back: done / 17");
  });

  it("has words for kinds that it does not know yet", () => {
    expect(worded({ kind: "BillFound", amount_minor: 5 })).toBe("Bill found / Amount minor: 5");
  });
});
