/** Whom the line tells what happened, and whether they heard it. */
import { useTranslation } from "react-i18next";

import { ask } from "@/api/client";
import { useMay } from "@/api/session";
import type { Delivery, Endpoint } from "@/api/types";
import { EndpointActs } from "@/pages/webhooks/EndpointActs";
import { NewEndpoint } from "@/pages/webhooks/NewEndpoint";
import { ConfirmButton } from "@/parts/ConfirmButton";
import { choice } from "@/parts/Filters";
import { Listing } from "@/parts/Listing";
import { PageHead } from "@/parts/PageHead";
import { Id, When } from "@/parts/show";
import { State } from "@/parts/State";
import { Tabbed } from "@/parts/Tabbed";
import { useAct } from "@/parts/useAct";

export function Component() {
  const { t } = useTranslation();
  const may = useMay();
  return (
    <>
      <PageHead
        title={t("Webhooks")}
        about={t("Whom the line tells what happened, and whether they heard it")}
      >
        {may("webhooks:act") && <NewEndpoint />}
      </PageHead>
      <Tabbed
        tabs={[
          { name: "endpoints", title: t("Endpoints"), content: <Endpoints /> },
          { name: "deliveries", title: t("Deliveries"), content: <Deliveries /> },
        ]}
      />
    </>
  );
}

function Endpoints() {
  const { t } = useTranslation();
  return (
    <Listing<Endpoint>
      caption={t("Endpoints")}
      path="/v1/webhooks/endpoints"
      id={(one) => one.id}
      empty={t("Nobody is told anything yet.")}
      columns={[
        { title: t("Address"), show: (one) => <Id>{one.url}</Id> },
        {
          title: t("Told"),
          from: "sm",
          show: (one) => one.topics.join(", "),
        },
        {
          title: t("State"),
          show: (one) => <State state={one.disabled_at ? "disabled" : "active"} />,
        },
        {
          title: t("Since"),
          from: "md",
          show: (one) => <When at={one.created_at} />,
        },
        { title: t("Action"), show: (one) => <EndpointActs endpoint={one} /> },
      ]}
    />
  );
}

function Deliveries() {
  const { t } = useTranslation();
  return (
    <Listing<Delivery>
      caption={t("Deliveries")}
      path="/v1/webhooks/deliveries"
      id={(one) => one.id}
      empty={t("Nothing was sent yet.")}
      every={15_000}
      filters={[choice("state", t("State"), ["waiting", "delivered", "dead"])]}
      columns={[
        {
          title: t("When"),
          show: (one) => <When at={one.created_at} seconds />,
        },
        { title: t("Event"), show: (one) => one.topic },
        { title: t("State"), show: (one) => <State state={one.state} /> },
        {
          title: t("Tries"),
          from: "sm",
          right: true,
          show: (one) => one.attempts,
        },
        { title: t("Answer"), from: "md", show: (one) => one.answer || "–" },
        { title: t("Action"), show: (one) => <Resend delivery={one} /> },
      ]}
    />
  );
}

function Resend({ delivery }: { delivery: Delivery }) {
  const { t } = useTranslation();
  const may = useMay();
  const resend = useAct({
    act: () => ask("POST", `/v1/webhooks/deliveries/${delivery.id}/resend`, { body: {} }),
    done: t("It is sent again"),
    changes: [["/v1/webhooks/deliveries"]],
  });
  if (!may("webhooks:act")) return null;
  return (
    <ConfirmButton
      size="compact-sm"
      variant="default"
      question={t("The same event is sent to the same endpoint once more.")}
      act={() => resend.mutate()}
    >
      {t("Resend")}
    </ConfirmButton>
  );
}
