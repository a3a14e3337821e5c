/** The lines of one settlement, as the gateway told them. */
import { Anchor } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";

import type { SettlementLine } from "@/api/types";
import { amount, state, time } from "@/parts/columns";
import { Listing } from "@/parts/Listing";
import { PageHead } from "@/parts/PageHead";
import { Id } from "@/parts/show";

export function Component() {
  const { t } = useTranslation();
  const { gateway = "", batch = "" } = useParams();
  return (
    <>
      <PageHead title={t("Settlement {{batch}}", { batch })} about={gateway} />
      <Listing<SettlementLine>
        caption={t("Lines")}
        path={`/v1/settlements/${encodeURIComponent(gateway)}/${encodeURIComponent(batch)}/lines`}
        cursor="after"
        id={(one) => String(one.line)}
        empty={t("There is no such settlement.")}
        columns={[
          { title: t("Line"), right: true, show: (one) => one.line, plain: (one) => one.line },
          time(t("When"), (one) => one.at, "sm"),
          state(t("Kind"), (one) => one.kind),
          {
            title: t("The gateway's id"),
            show: (one) =>
              one.payment ? (
                <Anchor component={Link} to={`/payments/${one.payment}`}>
                  <Id>{one.ref}</Id>
                </Anchor>
              ) : (
                <Id>{one.ref}</Id>
              ),
            plain: (one) => one.ref,
          },
          amount(t("Gross"), (one) => one.gross_minor),
          amount(t("Fee"), (one) => one.fee_minor, "sm"),
        ]}
      />
    </>
  );
}
