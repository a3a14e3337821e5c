/** What the gateways settled, and in what their reports and our books differ. */
import { Anchor } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { useMay } from "@/api/session";
import type { Imported, Settlement } from "@/api/types";
import { Differences } from "@/pages/settlements/Differences";
import { Upload } from "@/pages/settlements/Upload";
import { text, time } from "@/parts/columns";
import { Listing } from "@/parts/Listing";
import { PageHead } from "@/parts/PageHead";
import { count, Sums } from "@/parts/show";

export function Component() {
  const { t } = useTranslation();
  const may = useMay();
  const [imported, tell] = useState<Imported>();
  return (
    <>
      <PageHead title={t("Settlements")} about={t("What the gateways say that they paid us")}>
        {may("settlements:act") && <Upload told={tell} />}
      </PageHead>
      {imported && <Differences imported={imported} />}
      <Listing<Settlement>
        caption={t("Settlements")}
        path="/v1/settlements"
        id={(one) => `${one.gateway} ${one.batch}`}
        empty={t("No report of a gateway was brought in yet.")}
        filters={[{ kind: "text", name: "gateway", label: t("Gateway") }]}
        columns={[
          {
            title: t("Batch"),
            show: (one) => (
              <Anchor
                component={Link}
                to={`/settlements/${encodeURIComponent(one.gateway)}/${encodeURIComponent(one.batch)}`}
                fz="sm"
                fw={550}
              >
                {one.batch}
              </Anchor>
            ),
          },
          text(t("Gateway"), (one) => one.gateway),
          {
            title: t("Net"),
            right: true,
            show: (one) => <Sums sums={one.net} />,
          },
          text(t("Lines"), (one) => count(one.lines), "sm"),
          time(t("Last line"), (one) => one.last_at, "sm"),
          time(t("Brought in"), (one) => one.imported_at, "md"),
        ]}
      />
    </>
  );
}
