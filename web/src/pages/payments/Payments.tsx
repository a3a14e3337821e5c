/** All payments, the newest first. */
import { useTranslation } from "react-i18next";

import type { PaymentRow } from "@/api/types";
import { amount, opens, state, text } from "@/parts/columns";
import { choice, days } from "@/parts/Filters";
import { Listing } from "@/parts/Listing";
import { PageHead } from "@/parts/PageHead";
import { words } from "@/parts/show";

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
        filters={[
          { kind: "text", name: "q", label: t("Search") },
          choice("state", t("State"), STATES),
          { kind: "text", name: "gateway", label: t("Gateway") },
          ...days(t),
        ]}
        columns={[
          opens(
            t("Made"),
            (one) => `/payments/${one.id}`,
            (one) => one.created_at,
          ),
          amount(t("Amount"), (one) => one.amount_minor),
          state(t("State"), (one) => one.state),
          text(t("Card"), (one) => `${words(one.brand)} ••${one.last4}`, "sm"),
          text(t("Gateway"), (one) => one.gateway, "md"),
          text(t("Receipt"), (one) => one.receipt, "md"),
          text(t("Account"), (one) => one.account, "lg"),
          text(t("Why"), (one) => words(one.reason), "lg"),
        ]}
      />
    </>
  );
}
