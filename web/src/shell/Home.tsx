/** The first page is the first of the menu that one may see. */
import { Navigate } from "react-router";

import { useMay } from "@/api/session";
import { NAV } from "@/shell/nav";

export function Component() {
  const may = useMay();
  const first = NAV.flatMap((group) => group.entries).find((entry) => may(entry.scope));
  return <Navigate to={first?.to ?? "/account"} replace />;
}
