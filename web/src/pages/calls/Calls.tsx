/** All calls, the newest first. */
import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { CallRow, Outcome } from "@/api/types";
import { NewCall } from "@/pages/calls/NewCall";
import { opens, state, text } from "@/parts/columns";
import { choice, days } from "@/parts/Filters";
import { Listing } from "@/parts/Listing";
import { PageHead } from "@/parts/PageHead";
import { between, words } from "@/parts/show";

/** All of them, as the type of it sees to. */
const OUTCOMES: Readonly<Record<Outcome, true>> = {
  paid: true,
  declined: true,
  declined_to_pay: true,
  pending: true,
  nothing_due: true,
  informed: true,
  served: true,
  requested: true,
  link_sent: true,
  bill_changed: true,
  spoke_to_agent: true,
  transferred: true,
  agent_not_reached: true,
  hung_up: true,
  no_input: true,
  no_match: true,
  card_not_taken: true,
  payment_unavailable: true,
  too_long: true,
  turned_away: true,
  interrupted: true,
  failed: true,
};

export function Component() {
  const { t } = useTranslation();
  return (
    <>
      <PageHead title={t("Calls")}>
        <NewCall />
      </PageHead>
      <Listing<CallRow>
        caption={t("Calls")}
        path="/v1/calls"
        id={(one) => one.id}
        empty={t("No call fits these filters.")}
        filters={[
          { kind: "text", name: "q", label: t("Search") },
          choice("state", t("State"), ["live", "ended"]),
          choice("outcome", t("Outcome"), Object.keys(OUTCOMES)),
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
