/** All calls, the newest first. */
import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { CallRow } from "@/api/types";
import { opens, state, text } from "@/parts/columns";
import { choice, days } from "@/parts/Filters";
import { Listing } from "@/parts/Listing";
import { PageHead } from "@/parts/PageHead";
import { between, words } from "@/parts/show";

const OUTCOMES = [
  "paid",
  "declined",
  "declined_to_pay",
  "pending",
  "nothing_due",
  "spoke_to_agent",
  "transferred",
  "agent_not_reached",
  "hung_up",
  "no_input",
  "no_match",
  "card_not_taken",
  "payment_unavailable",
  "turned_away",
  "interrupted",
  "failed",
];

export function Component() {
  const { t } = useTranslation();
  return (
    <>
      <PageHead title={t("Calls")} />
      <Listing<CallRow>
        caption={t("Calls")}
        path="/v1/calls"
        id={(one) => one.id}
        empty={t("No call fits these filters.")}
        filters={[
          { kind: "text", name: "q", label: t("Search") },
          choice("state", t("State"), ["live", "ended"]),
          choice("outcome", t("Outcome"), OUTCOMES),
          ...days(t),
        ]}
        columns={[
          opens(
            t("Started"),
            (one) => `/calls/${one.id}`,
            (one) => one.started_at,
          ),
          {
            title: t("Caller"),
            show: (one) => (
              <Text fz="sm" maw={280} style={{ overflowWrap: "anywhere" }}>
                {one.caller || t("withheld")}
              </Text>
            ),
          },
          text(t("Number"), (one) => one.number, "sm"),
          text(t("Flow"), (one) => words(one.flow), "md"),
          {
            title: t("Length"),
            from: "sm",
            right: true,
            show: (one) => between(one.started_at, one.ended_at),
          },
          state(t("Outcome"), (one) => (one.ended_at ? one.outcome || "ended" : "live")),
        ]}
      />
    </>
  );
}
