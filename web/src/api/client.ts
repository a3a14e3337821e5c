/** The line's HTTP interface: one function asks, and every refusal is a Problem (RFC 9457). */

export interface Mistake {
  at: string;
  what: string;
}

export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly mistakes: readonly Mistake[] = [],
  ) {
    super(detail);
  }
}

export type Query = Readonly<Record<string, string | number | boolean | null | undefined>>;

export interface Asking {
  query?: Query;
  /** A file goes as it is, all else as JSON. */
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
  signal?: AbortSignal;
}

let csrf = "";

/** What changes are sent with from now on; the session tells it. */
export function sendToken(token: string): void {
  csrf = token;
}

export async function ask<T>(method: string, path: string, asking: Asking = {}): Promise<T> {
  const answer = await send(method, path, asking);
  return answer.status === 204 ? (undefined as T) : ((await answer.json()) as T);
}

/** An answer with its version, for what is edited (`If-Match`). */
export async function askVersion<T>(path: string, signal?: AbortSignal): Promise<{ value: T; etag: string }> {
  const answer = await send("GET", path, { signal });
  return { value: (await answer.json()) as T, etag: answer.headers.get("ETag") ?? "" };
}

/** Sound, or a table as text. */
export async function askFile(method: string, path: string, asking: Asking = {}): Promise<Blob> {
  return (await send(method, path, asking)).blob();
}

async function send(method: string, path: string, asking: Asking): Promise<Response> {
  const headers: Record<string, string> = { Accept: "application/json", ...asking.headers };
  const { body } = asking;
  if (body !== undefined) {
    headers["Content-Type"] ??= body instanceof Blob ? "application/octet-stream" : "application/json";
  }
  if (method !== "GET") headers["X-CSRF-Token"] = csrf;
  if (method === "POST") headers["Idempotency-Key"] ??= newKey();
  let answer: Response;
  try {
    answer = await fetch(path + search(asking.query), {
      method,
      headers,
      body: body === undefined || body instanceof Blob ? body : JSON.stringify(body),
      signal: asking.signal,
      credentials: "same-origin",
    });
  } catch (error) {
    if (asking.signal?.aborted) throw error;
    throw new Problem(0, "no_answer", "The line does not answer. Is it running, and is there a network?");
  }
  if (!answer.ok) throw await problemOf(answer);
  return answer;
}

async function problemOf(answer: Response): Promise<Problem> {
  try {
    const told = (await answer.json()) as { code?: string; detail?: string; errors?: Mistake[] };
    return new Problem(answer.status, told.code ?? "", told.detail ?? answer.statusText, told.errors ?? []);
  } catch {
    return new Problem(answer.status, "", answer.statusText);
  }
}

export function search(query: Query = {}): string {
  const pairs = Object.entries(query).filter(
    ([, value]) => value !== undefined && value !== null && value !== "",
  );
  return pairs.length ? `?${new URLSearchParams(pairs.map(([name, value]) => [name, String(value)]))}` : "";
}

function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
}
