/** Facts as they happen: one WebSocket for the topics of a page, opened anew where it broke off. */
import { useEffect, useEffectEvent, useSyncExternalStore } from "react";

import type { Told } from "@/api/types";

const FIRST_MS = 500;
const MOST_MS = 15_000;

type State = "idle" | "connecting" | "live";

let state: State = "idle";
const watchers = new Set<() => void>();

function enter(next: State): void {
  state = next;
  watchers.forEach((watcher) => watcher());
}

/** Whether live facts come in just now, for the header. */
export function useLiveState(): State {
  return useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => state,
  );
}

/**
 * Hear each new fact of these topics (`calls`, `payments`, `call:ID`) for as long as the page is shown.
 *
 * `known` is the number of the last fact that the page shows already: nothing after it is missed.
 */
export function useLive(topics: readonly string[], hear: (told: Told) => void, known?: number): void {
  const heard = useEffectEvent(hear);
  const begins = useEffectEvent(() => known);
  const names = topics.join(" ");
  useEffect(() => (names ? follow(names.split(" "), heard, begins()) : undefined), [names]);
}

/** Follow topics, from the fact after `known` on, until the function that is returned is called. */
export function follow(topics: readonly string[], hear: (told: Told) => void, known?: number): () => void {
  let since = known;
  let wait = FIRST_MS;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let socket: WebSocket | undefined;
  let over = false;

  function open(): void {
    enter("connecting");
    socket = new WebSocket(address());
    socket.onopen = () => {
      enter("live");
      socket?.send(JSON.stringify(since === undefined ? { topics } : { topics, since }));
    };
    socket.onmessage = (message: MessageEvent<string>) => {
      const told = JSON.parse(message.data) as Told;
      since = told.seq;
      wait = FIRST_MS;
      if (told.kind !== "caught_up") hear(told);
    };
    socket.onclose = () => {
      if (over) return;
      enter("connecting");
      timer = setTimeout(open, wait);
      wait = Math.min(wait * 2, MOST_MS);
    };
  }

  open();
  return () => {
    over = true;
    clearTimeout(timer);
    socket?.close();
    enter("idle");
  };
}

function address(): string {
  return `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/v1/live`;
}
