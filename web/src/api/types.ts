/** The words of the line's interface, by the names that the pages use. */
import type { components } from "@/api/schema";

type Schemas = components["schemas"];

/** A fact as it is told live and in timelines (core/events.py), or that all of the past was told. */
export type Told = Schemas["Event"] | { kind: "caught_up"; seq: number; at: string };

export type SignedIn = Schemas["Step"];
export type Session = Schemas["Session"];
export type CallRow = Schemas["CallOut"];
export type CallDetail = Schemas["CallStory"];
export type Turn = Schemas["TurnOut"];
export type PaymentRow = Schemas["PaymentOut"];
export type PaymentDetail = Schemas["PaymentWhole"];
export type PaymentDispute = Schemas["PaymentDisputeOut"];
export type Refund = Schemas["RefundOut"];
export type LedgerEntry = Schemas["EntryOut"];
export type Balance = Schemas["BalanceOut"];
export type Decision = Schemas["DecisionOut"];
export type GatewayDid = Schemas["GatewayDid"];
export type GatewayRow = Schemas["GatewayOut"];
export type Analytics = Schemas["SummaryOut"];
export type Counted = Schemas["CountOut"];
export type FraudReview = Schemas["ReviewOut"];
export type LinkRow = Schemas["LinkOut"];
export type Endpoint = Schemas["EndpointOut"];
export type Delivery = Schemas["DeliveryOut"];
export type Health = Schemas["Ready"];
export type AuditRow = Schemas["AuditOut"];
export type User = Schemas["UserOut"];
export type ApiKey = Schemas["KeyOut"];
export type Passkey = Schemas["PasskeyOut"];

export interface Dispute extends PaymentDispute {
  id: string;
  payment: string;
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
