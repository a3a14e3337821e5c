/** The words of the line's interface, as docs/reference/openapi.json has them. */

interface Base {
  seq: number;
  at: string;
  topic?: string;
}

/** A fact as it is told live and in timelines (core/events.py). */
export type Told = Base &
  (
    | { kind: "CallStarted"; call: string; number: string; caller: string; flow: string }
    | { kind: "Said"; call: string; prompt: string; text: string }
    | { kind: "SaidAll"; call: string; prompt: string; interrupted: boolean }
    | { kind: "Pressed"; call: string; question: string; keys: number }
    | { kind: "Spoke"; call: string; question: string; text: string; waited_ms: number; thought_ms: number }
    | { kind: "Answered"; call: string; question: string; value: string }
    | { kind: "CardProgress"; call: string; field: string; mask: string; complete: boolean }
    | { kind: "CardRefused"; call: string; field: string; error: string; attempt: number }
    | { kind: "CaptureEnded"; call: string; result: string }
    | {
        kind: "PaymentMoved";
        call: string | null;
        payment: string;
        state: string;
        amount_minor: number;
        currency: string;
        gateway: string;
        detail: string;
      }
    | {
        kind: "LinkMoved";
        call: string | null;
        link: string;
        state: string;
        amount_minor: number;
        currency: string;
        payment: string;
      }
    | { kind: "CallHandedOver"; call: string; to: string; result: string }
    | { kind: "CallEnded"; call: string; outcome: string; cause: string; seconds: number }
    | { kind: "caught_up" }
  );

export interface SignedIn {
  second_factor: "none" | "totp" | "webauthn";
}

export interface Session {
  user: {
    id: string;
    email: string;
    name: string;
    role: string;
    language: string;
    totp: boolean;
    webauthn: boolean;
  };
  scopes: readonly string[];
  csrf: string;
  idle_s: number;
}

export interface CallRow {
  id: string;
  number: string;
  caller: string;
  flow: string;
  node: string;
  started_at: string;
  ended_at: string | null;
  outcome: string;
  cause: string;
}

export interface Turn {
  question: string;
  at: string;
  waited_ms: number;
  thought_ms: number;
  text: string;
}

export interface CallDetail extends CallRow {
  timeline: readonly Told[];
  turns: readonly Turn[];
  payment: PaymentRow | null;
  recording: string | null;
}

export interface PaymentRow {
  id: string;
  call: string | null;
  account: string;
  amount_minor: number;
  currency: string;
  state: string;
  gateway: string;
  brand: string;
  last4: string;
  receipt: string;
  reason: string;
  created_at: string;
  captured_minor: number;
  returned_minor: number;
}

export interface Refund {
  id: string;
  payment: string;
  amount_minor: number;
  currency: string;
  state: string;
  reason: string;
  created_at: string;
}

export interface LedgerEntry {
  transaction: string;
  reference: string;
  at: string;
  account: string;
  amount_minor: number;
  currency: string;
}

export interface PaymentDetail extends PaymentRow {
  ref: string;
  attempts: readonly { payment: string; at: string; gateway: string; state: string; reason: string }[];
  fraud: { verdict: string; score: number; reasons: readonly string[] } | null;
  routing: { gateways: readonly string[]; reasons: readonly string[] } | null;
  ledger: readonly LedgerEntry[];
  refunds: readonly Refund[];
}

export interface Counted {
  name: string;
  count: number;
}

export interface Analytics {
  calls: number;
  answered: number;
  contained: number;
  paid: number;
  taken: readonly { amount_minor: number; currency: string }[];
  days: readonly { day: string; calls: number; paid: number }[];
  declined: readonly Counted[];
  gave_up: readonly Counted[];
  turn_ms: readonly { percentile: number; ms: number }[];
  recognizer: readonly { question: string; accuracy: number }[];
  gateways: readonly {
    gateway: string;
    payments: number;
    success: number;
    cost_minor: number | null;
    currency: string;
  }[];
}

export interface Dispute {
  id: string;
  payment: string;
  gateway: string;
  stage: string;
  amount_minor: number;
  currency: string;
  reason: string;
  due_by: string | null;
  opened_at: string;
}

export interface FraudReview {
  attempt: string;
  at: string;
  account: string;
  call: string | null;
  amount_minor: number;
  currency: string;
  brand: string;
  last4: string;
  score: number;
  reasons: readonly string[];
  standing: string;
  decided_by: string;
}

export interface LinkRow {
  id: string;
  account: string;
  amount_minor: number;
  currency: string;
  description: string;
  state: string;
  created_at: string;
  expires_at: string;
}

export interface GatewayHealth {
  gateway: string;
  state: string;
  payments: number;
  success: number | null;
  cost_minor: number | null;
  currency: string;
}

export interface RoutingDecision {
  attempt: string;
  at: string;
  amount_minor: number;
  currency: string;
  gateways: readonly string[];
  reasons: readonly string[];
  payment: string | null;
}

export interface Balance {
  account: string;
  currency: string;
  balance_minor: number;
}

export interface Endpoint {
  id: string;
  url: string;
  kinds: readonly string[];
  state: string;
  created_at: string;
}

export interface Delivery {
  id: string;
  event: string;
  kind: string;
  endpoint: string;
  state: string;
  tries: number;
  answer: string;
  created_at: string;
}

export interface Prompt {
  name: string;
  text: string;
}

export interface Prompts {
  language: string;
  prompts: readonly Prompt[];
}

export interface LineNumber {
  number: string;
  name: string;
  flow: string;
}

export interface Flow {
  name: string;
  about: string;
}

export interface Message {
  id: string;
  created_at: string;
  to: string;
  template: string;
  text: string;
  state: string;
}

export interface Template {
  id: string;
  name: string;
  language: string;
  text: string;
  etag: string;
}

export interface Health {
  parts: readonly { name: string; up: boolean; about: string }[];
}

export interface AuditRow {
  seq: number;
  at: string;
  action: string;
  who: string;
  subject: string;
  detail: unknown;
}

export interface User {
  id: string;
  email: string;
  name: string;
  role: string;
  language: string;
  totp: boolean;
  webauthn: boolean;
  disabled: boolean;
}

export interface ApiKey {
  id: string;
  name: string;
  scopes: readonly string[];
  created_at: string;
  used_at: string | null;
}
