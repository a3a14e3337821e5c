/** Payments that their cardholders dispute. */
import { Anchor } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import type { Dispute } from "@/api/types";
import { DisputeActs } from "@/pages/disputes/DisputeActs";
import { state, text, time } from "@/parts/columns";
import { choice } from "@/parts/Filters";
import { Listing } from "@/parts/Listing";
import { PageHead } from "@/parts/PageHead";
import { Money, words } from "@/parts/show";

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
        filters={[choice("stage", t("Stage"), ["opened", "won", "lost"])]}
        columns={[
          time(t("Opened"), (one) => one.opened_at),
          {
            title: t("Amount"),
            right: true,
            show: (one) => (
              <Anchor component={Link} to={`/payments/${one.payment}`} fz="sm">
                <Money minor={one.amount_minor} currency={one.currency} />
              </Anchor>
            ),
          },
          state(t("Stage"), (one) => one.stage),
          text(t("Reason"), (one) => words(one.reason), "sm"),
          time(t("Answer by"), (one) => one.due_by, "sm"),
          text(t("Our answer"), answered, "md"),
          text(t("Gateway"), (one) => one.gateway, "lg"),
          { title: t("Action"), show: (one) => <DisputeActs dispute={one} /> },
        ]}
      />
    </>
  );
}

function answered({ answer }: Dispute): string {
  return answer ? [words(answer.kind), words(answer.state), answer.reason].filter(Boolean).join(" · ") : "";
}
