import { describe, expect, it } from "vitest";

import type { Told } from "@/api/types";
import { after, blank, places } from "@/pages/live/heard";

const AT = "2026-03-01T12:00:00+00:00";

function told(seq: number, rest: object): Told {
  return { seq, at: AT, call: "call_1", ...rest } as Told;
}

describe("the picture of a live call", () => {
  it("shows how many digits of a card were keyed in, and no digit", () => {
    const one = after(
      blank("call_1"),
      told(1, { kind: "CardProgress", field: "card_number", mask: "xxxx", complete: false }),
    );
    expect(one.card).toEqual([{ field: "card_number", digits: 4, complete: false, error: "" }]);
    expect(JSON.stringify(one)).not.toContain("xxxx");
  });

  it("counts a field from the start again when what was keyed in is refused", () => {
    const facts = [
      told(1, { kind: "CardProgress", field: "card_number", mask: "xxxxxxxx", complete: false }),
      told(2, { kind: "CardRefused", field: "card_number", error: "invalid-card-number", attempt: 1 }),
    ];
    expect(facts.reduce(after, blank("call_1")).card[0]).toMatchObject({
      digits: 0,
      error: "invalid-card-number",
    });
  });

  it("takes a fact that comes twice once", () => {
    const said = told(1, { kind: "Said", prompt: "greeting", text: "Hello" });
    expect(after(after(blank("call_1"), said), said).spoken).toHaveLength(1);
  });

  it("ends with the outcome", () => {
    const ended = after(
      blank("call_1"),
      told(9, { kind: "CallEnded", outcome: "paid", cause: "normal", seconds: 4 }),
    );
    expect(ended).toMatchObject({ ended: true, outcome: "paid" });
  });

  it("says that a caller is upset, and in which language the call goes on", () => {
    const facts = [
      told(1, { kind: "SpeaksLanguage", language: "es" }),
      told(2, { kind: "CallerUpset", question: "pay_now", score: 1.2 }),
    ];
    expect(facts.reduce(after, blank("call_1"))).toMatchObject({ language: "es", upset: true });
  });

  it("names the step of a written flow, and what is said there where it is not the step's own", () => {
    const at = told(1, { kind: "StepReached", flow: "office", step: "pay" });
    const one = [at, told(2, { kind: "Said", prompt: "card_number", text: "Key it in" })].reduce(
      after,
      blank("call_1"),
    );
    expect(places(one)).toEqual(["office.pay", "card_number"]);
    const own = told(3, { kind: "Said", prompt: "office.pay", text: "To pay" });
    expect(places(after(one, own))).toEqual(["office.pay"]);
    expect(places(after(blank("call_2"), told(4, { kind: "Said", prompt: "due", text: "" })))).toEqual([
      "due",
    ]);
  });

  it("leaves kinds that it does not know alone", () => {
    expect(after(blank("call_1"), told(3, { kind: "Yodelled" }))).toMatchObject({ seq: 3, spoken: [] });
  });
});
