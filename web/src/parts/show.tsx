/** Money, times and spans as people read them, in the viewer's zone. */
import { Text } from "@mantine/core";
import i18next from "i18next";

const NOTHING = "–";

/** How many digits a currency has behind the point (ISO 4217): two of a dollar, none of a yen. */
export function digitsOf(currency: string): number {
  return format(currency).resolvedOptions().maximumFractionDigits ?? 2;
}

export function minorOf(amount: number, currency: string): number {
  return Math.round(amount * 10 ** digitsOf(currency));
}

export function money(minor: number, currency: string): string {
  return format(currency).format(minor / 10 ** digitsOf(currency));
}

function format(currency: string): Intl.NumberFormat {
  return new Intl.NumberFormat(undefined, { style: "currency", currency });
}

export function Money({ minor, currency }: { minor: number | null | undefined; currency: string }) {
  return <span className="figures">{minor == null ? NOTHING : money(minor, currency)}</span>;
}

/** Amounts of several currencies. */
export function Sums({ sums }: { sums: readonly { amount_minor: number; currency: string }[] }) {
  return (
    <span className="figures">
      {sums.map((one) => money(one.amount_minor, one.currency)).join(" + ") || NOTHING}
    </span>
  );
}

export function moment(at: string, seconds = false): string {
  const date = new Date(at);
  const old = date.getFullYear() !== new Date().getFullYear();
  return date.toLocaleString(undefined, {
    day: "numeric",
    month: "short",
    year: old ? "numeric" : undefined,
    hour: "2-digit",
    minute: "2-digit",
    second: seconds ? "2-digit" : undefined,
  });
}

/** A time; the whole of it, with its zone, stands in the title. */
export function When({ at, seconds = false }: { at: string | null | undefined; seconds?: boolean }) {
  if (!at) return <>{NOTHING}</>;
  const whole = new Date(at).toLocaleString(undefined, { dateStyle: "full", timeStyle: "long" });
  return (
    <time dateTime={at} title={whole} className="figures" style={{ whiteSpace: "nowrap" }}>
      {moment(at, seconds)}
    </time>
  );
}

/** 75 seconds are 1:15. */
export function span(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const rest = String(whole % 60).padStart(2, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

export function between(from: string, to: string | null | undefined, now = Date.now()): string {
  return span((to ? Date.parse(to) - Date.parse(from) : now - Date.parse(from)) / 1000);
}

export function percent(part: number | null | undefined, digits = 0): string {
  if (part == null) return NOTHING;
  return new Intl.NumberFormat(undefined, { style: "percent", maximumFractionDigits: digits }).format(part);
}

export function count(number: number | null | undefined): string {
  return number == null ? NOTHING : new Intl.NumberFormat().format(number);
}

/** A machine's word for people: `not_attempted` is "Not attempted". A name in a written flow stays: `office.is_open`. */
export function words(term: string): string {
  if (term.includes(".")) return term;
  const plain = term.replace(/[_-]+/g, " ").trim();
  return plain ? i18next.t(plain.charAt(0).toUpperCase() + plain.slice(1)) : "";
}

/** `es` is Spanish; what nobody knows stays as it is. */
export function languageName(tag: string): string {
  return new Intl.DisplayNames(undefined, { type: "language" }).of(tag) ?? tag;
}

export function Id({ children }: { children: string | null | undefined }) {
  return (
    <Text span ff="monospace" fz="xs" className="id" style={{ overflowWrap: "anywhere" }}>
      {children || NOTHING}
    </Text>
  );
}

export const nothing = NOTHING;
