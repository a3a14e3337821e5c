/**
 * Signs out whoever has not touched the page for as long as a session may lie idle: pages that ask by
 * themselves would keep it awake.
 */
import { useIdle } from "@mantine/hooks";
import { useEffect } from "react";

import { useSession } from "@/api/session";
import { useSignOut } from "@/api/sign-out";

const UNTOLD_S = 900;

export function IdleGuard() {
  const { data: session } = useSession();
  const signOut = useSignOut();
  const idle = useIdle((session?.idle_s ?? UNTOLD_S) * 1000, { initialState: false });
  useEffect(() => {
    if (idle) signOut("idle");
  }, [idle, signOut]);
  return null;
}
