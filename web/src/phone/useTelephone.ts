/** A telephone for as long as a page is shown. */
import { useEffect, useMemo, useSyncExternalStore } from "react";

import { type Account, type Picture, REST, Telephone } from "@/phone/telephone";

const never = () => () => undefined;
const rest = () => REST;

export function useTelephone(account: Account | undefined): [Telephone | null, Picture] {
  const telephone = useMemo(() => (account ? new Telephone(account) : null), [account]);
  useEffect(() => {
    telephone?.start();
    return () => telephone?.close();
  }, [telephone]);
  return [telephone, useSyncExternalStore(telephone?.subscribe ?? never, telephone?.picture ?? rest)];
}
