/** A capture as the line tells it, in the callback fields of hosted pay verbs (docs/reference/capture.md). */

export const OPEN = "in-progress";

export const FIELDS = {
  "payment-card-number": "PaymentCardNumber",
  "expiration-date": "ExpirationDate",
  "security-code": "SecurityCode",
  "postal-code": "PaymentCardPostalCode",
} as const;

export type Field = keyof typeof FIELDS;

/** `masks` hold no digit but the last four: `xxxx` while a field is keyed in, `************4242` after. */
export interface Capture {
  id: string;
  status: string;
  about: string;
  partial: boolean;
  required: readonly string[];
  masks: Readonly<Record<string, string>>;
  brand: string;
  error: string;
  result: string;
  confirmation: string;
  failure: string;
}

export function captureOf(told: Readonly<Record<string, unknown>>): Capture {
  const text = (name: string) => String(told[name] ?? "");
  return {
    id: text("Sid"),
    status: text("Status"),
    about: text("For"),
    partial: told["PartialResult"] === true,
    required: text("Required").split(" ").filter(Boolean),
    masks: Object.fromEntries(Object.entries(FIELDS).map(([field, name]) => [field, text(name)])),
    brand: text("PaymentCardType"),
    error: text("ErrorType"),
    result: text("Result"),
    confirmation: text("PaymentConfirmationCode"),
    failure: text("PaymentError"),
  };
}

/** The fields of this card, those that are done and those still missing, in the order of asking. */
export function fieldsOf(capture: Capture): readonly Field[] {
  const all = Object.keys(FIELDS) as Field[];
  return all.filter(
    (field) => capture.masks[field] || capture.required.includes(field) || capture.about === field,
  );
}
