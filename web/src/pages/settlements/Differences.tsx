/** What a report changed, and where the gateway, our payments and our ledger do not agree. */
import { Alert, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { Finding, Imported } from "@/api/types";
import { Section } from "@/parts/Details";
import { Rows } from "@/parts/Listing";
import { Id, Money, words } from "@/parts/show";
import { State } from "@/parts/State";

export function Differences({ imported }: { imported: Imported }) {
  const { t } = useTranslation();
  const { findings } = imported;
  const told = t("{{new}} lines are new, {{known}} were known, {{matched}} agree.", { ...imported });
  if (!findings.length) {
    return (
      <Alert color="teal" mb="md" role="status" title={t("The report agrees with the books")}>
        {told}
      </Alert>
    );
  }
  return (
    <div style={{ marginBottom: "var(--mantine-spacing-md)" }}>
      <Section title={t("Differences")}>
        <Text fz="sm" mb="xs" role="status">
          {told}
        </Text>
        <Rows
          caption={t("Differences")}
          rows={findings}
          id={(one) => `${one.difference} ${one.ref} ${one.subject}`}
          columns={[
            { title: t("Difference"), show: (one) => <State state={one.difference} colour="orange" /> },
            { title: t("The gateway's id"), show: (one) => <Id>{one.ref}</Id> },
            { title: t("Ours"), right: true, show: ({ ours }) => <Amount sum={ours} /> },
            { title: t("Ledger"), right: true, from: "sm", show: ({ ledger }) => <Amount sum={ledger} /> },
            { title: t("Gateway"), right: true, show: ({ theirs }) => <Amount sum={theirs} /> },
            { title: t("Why"), from: "sm", show: (one) => words(one.why) || "–" },
          ]}
        />
      </Section>
    </div>
  );
}

function Amount({ sum }: { sum: Finding["ours"] }) {
  return <Money minor={sum?.amount_minor} currency={sum?.currency ?? "USD"} />;
}
