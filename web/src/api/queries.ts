/** What was asked of the line and is kept for a while; a session that ended leads back to signing in. */
import { QueryCache, QueryClient } from "@tanstack/react-query";

import { Problem } from "@/api/client";

export const SESSION = ["session"] as const;

export const queries: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error, query) => {
      if (error instanceof Problem && error.status === 401 && query.queryKey[0] !== SESSION[0]) {
        void queries.invalidateQueries({ queryKey: SESSION });
      }
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (times, error) =>
        times < 2 && !(error instanceof Problem && error.status >= 400 && error.status < 500),
    },
  },
});
