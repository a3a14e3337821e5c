/** Payment links: made, sent, and what became of them. */
import { useTranslation } from "react-i18next";

import { ask } from "@/api/client";
import { useMay } from "@/api/session";
import type { LinkRow } from "@/api/types";
import { NewLink } from "@/pages/links/NewLink";
import { ConfirmButton } from "@/parts/ConfirmButton";
import { choice } from "@/parts/Filters";
import { Listing } from "@/parts/Listing";
import { PageHead } from "@/parts/PageHead";
import { Money, When } from "@/parts/show";
import { State } from "@/parts/State";
import { useAct } from "@/parts/useAct";

export function Component() {
  const { t } = useTranslation();
  const may = useMay();
  return (
    <>
      <PageHead title={t("Payment links")} about={t("Pages on which somebody pays without a call")}>
        {may("links:act") && <NewLink />}
      </PageHead>
      <Listing<LinkRow>
        caption={t("Payment links")}
        path="/v1/links"
        id={(one) => one.id}
        empty={t("No link was made yet.")}
        filters={[
          choice("state", t("State"), STATES),
          { kind: "text", name: "account", label: t("Account") },
        ]}
        columns={[
          { title: t("Made"), show: (one) => <When at={one.created_at} /> },
          {
            title: t("Amount"),
            right: true,
            show: (one) => <Money minor={one.amount_minor} currency={one.currency} />,
          },
          { title: t("State"), show: (one) => <State state={one.state} /> },
          {
            title: t("For"),
            from: "sm",
            show: (one) => one.description || one.account,
          },
          { title: t("Account"), from: "md", show: (one) => one.account },
          {
            title: t("Until"),
            from: "md",
            show: (one) => <When at={one.expires_at} />,
          },
          { title: t("Action"), show: (one) => <Cancel link={one} /> },
        ]}
      />
    </>
  );
}

const STATES = ["created", "sent", "opened", "paying", "paid", "expired", "cancelled"];

const OPEN = new Set(["created", "sent", "opened"]);

function Cancel({ link }: { link: LinkRow }) {
  const { t } = useTranslation();
  const may = useMay();
  const cancel = useAct({
    act: () => ask("POST", `/v1/links/${link.id}/cancel`, { body: {} }),
    done: t("The link was cancelled"),
    changes: [["/v1/links"]],
  });
  if (!OPEN.has(link.state) || !may("links:act")) return null;
  return (
    <ConfirmButton
      size="compact-sm"
      variant="light"
      color="red"
      question={t("Whoever has the link can no longer pay with it.")}
      act={() => cancel.mutate()}
    >
      {t("Cancel")}
    </ConfirmButton>
  );
}
