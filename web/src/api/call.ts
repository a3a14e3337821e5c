/** One call, and what happened on it: what was asked for and what came in live since, each once. */
import { useQuery } from "@tanstack/react-query";
import { useReducer } from "react";

import { ask } from "@/api/client";
import { useLive } from "@/api/live";
import type { CallDetail, Told } from "@/api/types";

/** The call as it was asked for (again when it ends, or money moves), and all facts of it that are known. */
export function useCall(id: string) {
  const call = useQuery({
    queryKey: ["/v1/calls", id],
    queryFn: ({ signal }) => ask<CallDetail>("GET", `/v1/calls/${id}`, { signal }),
  });
  const [news, hear] = useReducer((old: readonly Told[], told: Told) => [...old, told], []);
  const up = call.data !== undefined && call.data.ended_at === null;
  const past = call.data?.timeline ?? [];
  const last = past.at(-1)?.seq;
  useLive(
    up ? [`call:${id}`] : [],
    (told) => {
      hear(told);
      if (told.kind === "CallEnded" || told.kind === "PaymentMoved") void call.refetch();
    },
    last,
  );
  const told: readonly Told[] = [...past, ...news.filter((one) => one.seq > (last ?? 0))];
  return { call, up, told };
}
