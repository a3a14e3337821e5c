/** Who is signed in, and what they may do. */
import { useQuery } from "@tanstack/react-query";

import { ask, Problem, sendToken } from "@/api/client";
import { queries, SESSION } from "@/api/queries";
import type { Session } from "@/api/types";

const ASKED = { queryKey: SESSION, queryFn: session, staleTime: 60_000 };

/** Ask for the session beside the page's code, not after it. */
export function askSession(): null {
  void queries.prefetchQuery(ASKED);
  return null;
}

/** The session, null when nobody is signed in, undefined while it is asked for. */
export function useSession() {
  return useQuery(ASKED);
}

/** Whether whoever is signed in may do this; `calls:act`, say. */
export function useMay(): (scope: string) => boolean {
  const { data } = useSession();
  return (scope) => data?.scopes.includes(scope) ?? false;
}

async function session({ signal }: { signal: AbortSignal }): Promise<Session | null> {
  try {
    const found = await ask<Session>("GET", "/v1/session", { signal });
    sendToken(found.csrf);
    return found;
  } catch (error) {
    if (error instanceof Problem && error.status === 401) return null;
    throw error;
  }
}
