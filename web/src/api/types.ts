/** The words of the line's interface, by the names that the pages use. */
import type { components } from "@/api/schema";

type Schemas = components["schemas"];

/** A fact as it is told live and in timelines (core/events.py), or that all of the past was told. */
export type Told = Schemas["Event"] | { kind: "caught_up"; seq: number; at: string };

export type SignedIn = Schemas["Step"];
export type Session = Schemas["Session"];
export type CallRow = Schemas["CallOut"];
export type Outcome = Schemas["CallResult"];
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
export type Health = Schemas["HealthOut"];
export type AuditRow = Schemas["AuditOut"];
export type User = Schemas["UserOut"];
export type ApiKey = Schemas["KeyOut"];
export type Prompt = Schemas["PromptOut"];
export type Prompts = Schemas["LanguageTexts"];
export type LineNumber = Schemas["NumberOut"];
export type Flow = Schemas["FlowOut"];
export type FlowText = Schemas["FlowText"];
export type FlowVersion = Schemas["VersionOut"];
export type FlowVersionText = Schemas["VersionText"];
export type FlowGone = Schemas["GoneOut"];
export type FlowChecked = Schemas["FlowChecked"];
export type FlowMistake = Schemas["MistakeOut"];
export type FlowStep = Schemas["StepOut"];
export type Walked = Schemas["Walked"];
export type Dispute = Schemas["DisputeOut"];
export type Message = Schemas["MessageOut"];
export type Template = Schemas["TemplateOut"];
export type Passkey = Schemas["PasskeyOut"];
export type Settlement = Schemas["SettlementOut"];
export type SettlementLine = Schemas["SettlementLine"];
export type Imported = Schemas["ImportedOut"];
export type Finding = Schemas["FindingOut"];
export type Sum = Schemas["Sum"];
export type Method = Schemas["MethodOut"];
export type Charged = Schemas["ChargeOut"];
export type ListEntry = Schemas["ListEntryOut"];
