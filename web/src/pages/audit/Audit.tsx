/** What was done and read, by whom; each row is chained to the one before. */
import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { AuditRow } from "@/api/types";
import { Listing } from "@/parts/Listing";
import { PageHead } from "@/parts/PageHead";
import { Id, When, words } from "@/parts/show";

export function Component() {
  const { t } = useTranslation();
  return (
    <>
      <PageHead
        title={t("Audit log")}
        about={t(
          "Each row is chained to the one before; `tellerline audit verify` finds any that was changed.",
        )}
      />
      <Listing<AuditRow>
        caption={t("Audit log")}
        path="/v1/audit"
        id={(one) => String(one.seq)}
        empty={t("Nothing was written yet.")}
        filters={[
          { kind: "text", name: "action", label: t("Action") },
          { kind: "text", name: "subject", label: t("Subject") },
          { kind: "text", name: "by", label: t("Who") },
          { kind: "from", name: "from", label: t("From") },
          { kind: "to", name: "to", label: t("To") },
        ]}
        columns={[
          { title: t("When"), show: (one) => <When at={one.at} seconds /> },
          { title: t("Action"), show: (one) => words(one.action) },
          {
            title: t("Who"),
            from: "sm",
            show: (one) => <span title={one.by}>{one.name || one.by || "–"}</span>,
          },
          { title: t("Subject"), from: "xs", show: (one) => <Id>{one.subject}</Id> },
          {
            title: t("Detail"),
            from: "md",
            show: (one) => (
              <Text fz="xs" c="dimmed" lineClamp={3} miw={180} maw={420} style={{ overflowWrap: "anywhere" }}>
                {Object.entries(one.detail)
                  .map(([name, value]) => `${name}: ${String(value)}`)
                  .join(" · ")}
              </Text>
            ),
          },
          { title: t("Row"), from: "lg", right: true, show: (one) => one.seq },
        ]}
      />
    </>
  );
}
