/** The way out. What this browser knew of the line is forgotten with it. */
import { useNavigate } from "react-router";

import { ask } from "@/api/client";
import { queries, SESSION } from "@/api/queries";

export function useSignOut(): (why?: string) => void {
  const go = useNavigate();
  return (why = "") => {
    void ask("DELETE", "/v1/session")
      .catch(() => undefined) // a session that has ended already has ended
      .then(() => {
        queries.clear();
        queries.setQueryData(SESSION, null);
        void go(why ? `/sign-in?why=${why}` : "/sign-in");
      });
  };
}
