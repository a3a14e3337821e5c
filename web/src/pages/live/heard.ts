/** A live call as its facts tell it: each fact makes the next picture of it; none is changed. */
import type { Told } from "@/api/types";

export interface Spoken {
  seq: number;
  at: string;
  who: "line" | "caller";
  text: string;
}

export interface CardField {
  field: string;
  digits: number;
  complete: boolean;
  error: string;
}

export interface Picture {
  id: string;
  caller: string;
  number: string;
  flow: string;
  startedAt: string;
  /** The number of the last fact that is in the picture. */
  seq: number;
  /** The step of a written flow; empty in flows of the line's own. */
  reached: string;
  /** The question that is open, as the flow names it. */
  step: string;
  spoken: readonly Spoken[];
  card: readonly CardField[];
  payment: string;
  handedTo: string;
  /** The language that the call goes on in since it changed; empty until then. */
  language: string;
  upset: boolean;
  outcome: string;
  ended: boolean;
}

const KEPT = 100;

export function blank(id: string, known: Partial<Picture> = {}): Picture {
  return {
    id,
    caller: "",
    number: "",
    flow: "",
    startedAt: "",
    seq: 0,
    reached: "",
    step: "",
    spoken: [],
    card: [],
    payment: "",
    handedTo: "",
    language: "",
    upset: false,
    outcome: "",
    ended: false,
    ...known,
  };
}

/** The picture after one more fact; one that is in it already changes nothing. */
export function after(old: Picture, told: Told): Picture {
  if (told.seq <= old.seq) return old;
  const now = { ...old, seq: told.seq };
  switch (told.kind) {
    case "CallStarted":
      return { ...now, caller: told.caller, number: told.number, flow: told.flow, startedAt: told.at };
    case "StepReached":
      return { ...now, flow: told.flow, reached: told.step, step: "" };
    case "Said":
      return { ...now, step: told.prompt, spoken: said(now, told, "line", told.text) };
    case "Spoke":
      return { ...now, spoken: said(now, told, "caller", told.text) };
    case "Pressed":
      return { ...now, spoken: said(now, told, "caller", "•".repeat(told.keys)) };
    case "Answered":
      return { ...now, step: told.question };
    case "CardProgress":
      return {
        ...now,
        card: put(now.card, told.field, { digits: told.mask.length, complete: told.complete, error: "" }),
      };
    case "CardRefused":
      return { ...now, card: put(now.card, told.field, { digits: 0, complete: false, error: told.error }) };
    case "PaymentMoved":
      return { ...now, payment: told.state };
    case "CallHandedOver":
      return { ...now, handedTo: told.to };
    case "SpeaksLanguage":
      return { ...now, language: told.language };
    case "CallerUpset":
      return { ...now, upset: true };
    case "CallEnded":
      return { ...now, ended: true, outcome: told.outcome };
    default:
      return now;
  }
}

/** Where the call is: the step of a written flow, then the prompt or question that is not the step's own. */
export function places({ flow, reached, step }: Picture): readonly string[] {
  const name = reached && `${flow}.${reached}`;
  return [...new Set([name, step])].filter(Boolean);
}

function said(old: Picture, told: Told, who: Spoken["who"], text: string): readonly Spoken[] {
  return [...old.spoken, { seq: told.seq, at: told.at, who, text }].slice(-KEPT);
}

function put(card: readonly CardField[], field: string, now: Omit<CardField, "field">): readonly CardField[] {
  return card.some((one) => one.field === field)
    ? card.map((one) => (one.field === field ? { field, ...now } : one))
    : [...card, { field, ...now }];
}
