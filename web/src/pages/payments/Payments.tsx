/** All payments, the newest first. */
import { Anchor } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import type { PaymentRow } from "@/api/types";
import { Listing } from "@/parts/Listing";
import { PageHead } from "@/parts/PageHead";
import { Money, When, words } from "@/parts/show";
import { State } from "@/parts/State";

const STATES = [
  "captured",
  "declined",
  "pending",
  "unknown",
  "action_required",
  "authorized",
  "voided",
  "not_attempted",
  "partially_refunded",
  "refunded",
  "disputed",
  "charged_back",
];

export function Component() {
  const { t } = useTranslation();
  return (
    <>
      <PageHead title={t("Payments")} />
      <Listing<PaymentRow>
        caption={t("Payments")}
        path="/v1/payments"
        id={(one) => one.id}
        empty={t("No payment fits these filters.")}
        serverCsv
        filters={[
          { kind: "text", name: "q", label: t("Search") },
          {
            kind: "choice",
            name: "state",
            label: t("State"),
            choices: STATES.map((value) => ({ value, label: words(value) })),
          },
          { kind: "text", name: "gateway", label: t("Gateway") },
          { kind: "from", name: "from", label: t("From") },
          { kind: "to", name: "to", label: t("To") },
        ]}
        columns={[
          {
            title: t("Made"),
            show: (one) => (
              <Anchor component={Link} to={`/payments/${one.id}`} fz="sm" fw={550}>
                <When at={one.created_at} />
              </Anchor>
            ),
          },
          {
            title: t("Amount"),
            right: true,
            show: (one) => <Money minor={one.amount_minor} currency={one.currency} />,
          },
          { title: t("State"), show: (one) => <State state={one.state} /> },
          { title: t("Card"), from: "sm", show: (one) => `${words(one.brand)} ••${one.last4}` },
          { title: t("Gateway"), from: "md", show: (one) => one.gateway },
          { title: t("Receipt"), from: "md", show: (one) => one.receipt },
          { title: t("Account"), from: "lg", show: (one) => one.account },
          { title: t("Why"), from: "lg", show: (one) => words(one.reason) },
        ]}
      />
    </>
  );
}
