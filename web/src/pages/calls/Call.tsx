/** One call: what happened in it, from ring to hang-up. */
import { Anchor, Grid, Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";

import { useCall } from "@/api/call";
import { useMay } from "@/api/session";
import type { PaymentRow } from "@/api/types";
import { CallActions } from "@/pages/calls/CallActions";
import { CallTimeline } from "@/pages/calls/CallTimeline";
import { MoreActs } from "@/pages/calls/MoreActs";
import { Recording } from "@/pages/calls/Recording";
import { Turns } from "@/pages/calls/Turns";
import { Details } from "@/parts/Details";
import { PageHead } from "@/parts/PageHead";
import { Id, between, Money, When, words } from "@/parts/show";
import { State } from "@/parts/State";
import { Trouble } from "@/parts/Trouble";
import { Waiting } from "@/shell/Waiting";

export function Component() {
  const { id = "" } = useParams();
  return <Call key={id} id={id} />;
}

function Call({ id }: { id: string }) {
  const { t } = useTranslation();
  const { call, up, told } = useCall(id);
  if (call.isPending) return <Waiting />;
  if (call.error) return <Trouble error={call.error} />;
  const { data } = call;
  return (
    <>
      <PageHead
        title={data.caller || t("Number withheld")}
        about={
          <>
            {t("called {{number}}", { number: data.number })}, <When at={data.started_at} />
          </>
        }
      >
        {up && (
          <CallActions id={id}>
            <MoreActs id={id} />
          </CallActions>
        )}
      </PageHead>
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 7, lg: 8 }} order={{ base: 2, md: 1 }}>
          <CallTimeline facts={told} startedAt={data.started_at} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5, lg: 4 }} order={{ base: 1, md: 2 }}>
          <Stack gap="md">
            <Details
              title={t("The call")}
              rows={[
                [t("Outcome"), <State key="outcome" state={up ? "live" : data.outcome || "ended"} />],
                [t("Length"), between(data.started_at, data.ended_at)],
                [t("Flow"), words(data.flow)],
                [t("Ended by"), words(data.cause) || "–"],
                [t("Node"), data.node],
                [t("Id"), <Id key="id">{data.id}</Id>],
              ]}
            />
            {data.payments.map((payment) => (
              <PaymentOf key={payment.id} payment={payment} />
            ))}
            {data.recording && <Recording path={data.recording} />}
            {data.turns.length > 0 && <Turns turns={data.turns} />}
          </Stack>
        </Grid.Col>
      </Grid>
    </>
  );
}

function PaymentOf({ payment }: { payment: PaymentRow }) {
  const { t } = useTranslation();
  const may = useMay();
  const code = payment.receipt || t("Open");
  return (
    <Details
      title={t("Payment")}
      rows={[
        [t("State"), <State key="state" state={payment.state} />],
        [t("Amount"), <Money key="amount" minor={payment.amount_minor} currency={payment.currency} />],
        [t("Card"), `${words(payment.brand)} •••• ${payment.last4}`],
        [t("Gateway"), payment.gateway],
        [
          t("Receipt"),
          may("payments:read") ? (
            <Anchor key="receipt" component={Link} to={`/payments/${payment.id}`} fz="sm">
              {code}
            </Anchor>
          ) : (
            code
          ),
        ],
      ]}
    />
  );
}
