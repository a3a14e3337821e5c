/** Payments that their cardholders dispute. */
import { Anchor } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import type { Dispute } from "@/api/types";
import { Listing } from "@/parts/Listing";
import { PageHead } from "@/parts/PageHead";
import { Money, When, words } from "@/parts/show";
import { State } from "@/parts/State";

export function Component() {
  const { t } = useTranslation();
  return (
    <>
      <PageHead title={t("Disputes")} about={t("Cardholders who want their money back from their bank")} />
      <Listing<Dispute>
        caption={t("Disputes")}
        path="/v1/disputes"
        id={(one) => one.id}
        empty={t("Nobody disputes a payment.")}
        filters={[
          {
            kind: "choice",
            name: "stage",
            label: t("Stage"),
            choices: ["opened", "won", "lost"].map((value) => ({ value, label: words(value) })),
          },
        ]}
        columns={[
          { title: t("Opened"), show: (one) => <When at={one.opened_at} />, plain: (one) => one.opened_at },
          {
            title: t("Amount"),
            right: true,
            show: (one) => (
              <Anchor component={Link} to={`/payments/${one.payment}`} fz="sm">
                <Money minor={one.amount_minor} currency={one.currency} />
              </Anchor>
            ),
            plain: (one) => one.amount_minor,
          },
          { title: t("Stage"), show: (one) => <State state={one.stage} />, plain: (one) => one.stage },
          { title: t("Reason"), from: "sm", show: (one) => words(one.reason), plain: (one) => one.reason },
          {
            title: t("Answer by"),
            from: "sm",
            show: (one) => <When at={one.due_by} />,
            plain: (one) => one.due_by,
          },
          { title: t("Gateway"), from: "md", show: (one) => one.gateway, plain: (one) => one.gateway },
        ]}
      />
    </>
  );
}
