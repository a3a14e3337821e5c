/** All calls, the newest first. */
import { Anchor, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import type { CallRow } from "@/api/types";
import { Listing } from "@/parts/Listing";
import { PageHead } from "@/parts/PageHead";
import { between, When, words } from "@/parts/show";
import { State } from "@/parts/State";

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
        serverCsv
        filters={[
          { kind: "text", name: "q", label: t("Search") },
          {
            kind: "choice",
            name: "state",
            label: t("State"),
            choices: [
              { value: "live", label: t("Live") },
              { value: "ended", label: t("Ended") },
            ],
          },
          {
            kind: "choice",
            name: "outcome",
            label: t("Outcome"),
            choices: OUTCOMES.map((value) => ({ value, label: words(value) })),
          },
          { kind: "from", name: "from", label: t("From") },
          { kind: "to", name: "to", label: t("To") },
        ]}
        columns={[
          {
            title: t("Started"),
            show: (one) => (
              <Anchor component={Link} to={`/calls/${one.id}`} fz="sm" fw={550}>
                <When at={one.started_at} />
              </Anchor>
            ),
          },
          {
            title: t("Caller"),
            show: (one) => (
              <Text fz="sm" maw={280} style={{ overflowWrap: "anywhere" }}>
                {one.caller || t("withheld")}
              </Text>
            ),
          },
          { title: t("Number"), from: "sm", show: (one) => one.number },
          { title: t("Flow"), from: "md", show: (one) => words(one.flow) },
          {
            title: t("Length"),
            from: "sm",
            right: true,
            show: (one) => between(one.started_at, one.ended_at),
          },
          {
            title: t("Outcome"),
            show: (one) => <State state={one.ended_at ? one.outcome || "ended" : "live"} />,
          },
        ]}
      />
    </>
  );
}
