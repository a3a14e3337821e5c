/** Whether what is shown comes in live just now. */
import { Badge } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { useLiveState } from "@/api/live";

export function LiveSign() {
  const { t } = useTranslation();
  const state = useLiveState();
  if (state === "idle") return null;
  return (
    <Badge variant="dot" color={state === "live" ? "teal" : "orange"} role="status" tt="none" fw={550}>
      {state === "live" ? t("Live") : t("Connecting")}
    </Badge>
  );
}
