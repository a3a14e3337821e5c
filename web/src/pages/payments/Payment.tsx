/** One payment: how it was tried, why there, how risky it looked, what the books say, and giving it back. */
import { Anchor, Grid, Group, List, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Fragment } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";

import { ask } from "@/api/client";
import { useLive } from "@/api/live";
import { useMay } from "@/api/session";
import type { PaymentDetail } from "@/api/types";
import { PaymentActions } from "@/pages/payments/PaymentActions";
import { Details, Section } from "@/parts/Details";
import { Rows } from "@/parts/Listing";
import { PageHead } from "@/parts/PageHead";
import { Id, Money, money, When, words } from "@/parts/show";
import { State } from "@/parts/State";
import { Trouble } from "@/parts/Trouble";
import { Waiting } from "@/shell/Waiting";

export function Component() {
  const { id = "" } = useParams();
  const may = useMay();
  const payment = useQuery({
    queryKey: ["/v1/payments", id],
    queryFn: ({ signal }) => ask<PaymentDetail>("GET", `/v1/payments/${id}`, { signal }),
  });
  useLive(may("live:read") ? ["payments"] : [], (told) => {
    if (told.kind === "PaymentMoved" && told.payment === id) void payment.refetch();
  });
  if (payment.isPending) return <Waiting />;
  if (payment.error) return <Trouble error={payment.error} />;
  const { data } = payment;
  return (
    <>
      <PageHead
        title={money(data.amount_minor, data.currency)}
        about={
          <Group gap="xs">
            <State state={data.state} />
            <span>
              {words(data.brand)} •••• {data.last4}, <When at={data.created_at} />
            </span>
          </Group>
        }
      >
        <PaymentActions payment={data} />
      </PageHead>
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Stack gap="md">
            <About payment={data} />
            <Decided payment={data} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Stack gap="md">
            <Tried payment={data} />
            <MoneyBack payment={data} />
            <Disputed payment={data} />
            <Books payment={data} />
          </Stack>
        </Grid.Col>
      </Grid>
    </>
  );
}

function About({ payment }: { payment: PaymentDetail }) {
  const { t } = useTranslation();
  const { currency } = payment;
  return (
    <Details
      title={t("The payment")}
      rows={[
        [t("Receipt"), payment.receipt || "–"],
        [t("Account"), payment.account],
        [t("Gateway"), payment.gateway],
        [t("Taken"), <Money key="taken" minor={payment.captured_minor} currency={currency} />],
        [t("Given back"), <Money key="back" minor={payment.returned_minor} currency={currency} />],
        [t("Why it stands there"), words(payment.reason) || "–"],
        [
          t("Call"),
          payment.call ? (
            <Anchor key="call" component={Link} to={`/calls/${payment.call}`} fz="sm">
              {t("Open the call")}
            </Anchor>
          ) : (
            "–"
          ),
        ],
        [t("The gateway's id"), <Id key="ref">{payment.ref}</Id>],
        [t("Id"), <Id key="id">{payment.id}</Id>],
      ]}
    />
  );
}

function Decided({ payment }: { payment: PaymentDetail }) {
  const { t } = useTranslation();
  if (!payment.decision) return null;
  const { risk, routing } = payment.decision;
  return (
    <>
      <Section title={t("Fraud screen")} beside={<State state={risk.decision} />}>
        <Text fz="sm" fw={550}>
          {t("Score {{score}}", { score: risk.score.toFixed(2) })}
        </Text>
        <Reasons reasons={risk.reasons} />
      </Section>
      <Section title={t("Routing")}>
        {routing.choices.map((one, place) => (
          <Fragment key={one.gateway}>
            <Text fz="sm" fw={550} mt={place ? "xs" : 0}>
              {`${place + 1}. ${one.gateway}`}
            </Text>
            <Reasons reasons={one.reasons} />
          </Fragment>
        ))}
        {routing.passed.map((one) => (
          <Text key={one.gateway} fz="sm" c="dimmed" mt="xs">
            {t("{{gateway}} was passed over: {{reason}}", { ...one })}
          </Text>
        ))}
      </Section>
    </>
  );
}

function Reasons({ reasons }: { reasons: readonly string[] }) {
  return (
    <List size="sm" mt={2} c="dimmed" spacing={2}>
      {reasons.map((one) => (
        <List.Item key={one} style={{ overflowWrap: "anywhere" }}>
          {one}
        </List.Item>
      ))}
    </List>
  );
}

function Tried({ payment }: { payment: PaymentDetail }) {
  const { t } = useTranslation();
  const tried = [payment, ...payment.others].sort((a, b) => a.created_at.localeCompare(b.created_at));
  return (
    <Section title={t("Attempts")}>
      <Rows
        caption={t("Attempts")}
        rows={tried}
        id={(one) => one.id}
        columns={[
          { title: t("When"), show: (one) => <When at={one.created_at} seconds /> },
          { title: t("Gateway"), show: (one) => one.gateway },
          { title: t("State"), show: (one) => <State state={one.state} /> },
          { title: t("Why"), show: (one) => words(one.reason) || "–", from: "sm" },
        ]}
      />
    </Section>
  );
}

function Disputed({ payment }: { payment: PaymentDetail }) {
  const { t } = useTranslation();
  if (!payment.disputes.length) return null;
  return (
    <Section title={t("Disputes")}>
      <Rows
        caption={t("Disputes")}
        rows={payment.disputes}
        id={(one) => one.ref}
        columns={[
          { title: t("Opened"), show: (one) => <When at={one.opened_at} /> },
          {
            title: t("Amount"),
            right: true,
            show: (one) => <Money minor={one.amount_minor} currency={one.currency} />,
          },
          { title: t("Stage"), show: (one) => <State state={one.stage} /> },
          { title: t("Reason"), show: (one) => words(one.reason) },
          { title: t("Answer by"), from: "sm", show: (one) => <When at={one.due_by} /> },
        ]}
      />
    </Section>
  );
}

function MoneyBack({ payment }: { payment: PaymentDetail }) {
  const { t } = useTranslation();
  if (!payment.refunds.length) return null;
  return (
    <Section title={t("Refunds")}>
      <Rows
        caption={t("Refunds")}
        rows={payment.refunds}
        id={(one) => one.id}
        columns={[
          { title: t("When"), show: (one) => <When at={one.created_at} /> },
          {
            title: t("Amount"),
            right: true,
            show: (one) => <Money minor={one.amount_minor} currency={one.currency} />,
          },
          { title: t("State"), show: (one) => <State state={one.state} /> },
          { title: t("Why"), show: (one) => one.reason || "–" },
        ]}
      />
    </Section>
  );
}

function Books({ payment }: { payment: PaymentDetail }) {
  const { t } = useTranslation();
  return (
    <Section title={t("Ledger")}>
      <Rows
        caption={t("Ledger")}
        rows={payment.ledger}
        id={(one) => one.id}
        columns={[
          { title: t("When"), show: (one) => <When at={one.at} />, from: "sm" },
          {
            title: t("Posting"),
            show: (one) => <span title={one.reference}>{words(one.reference.split(":").pop() ?? "")}</span>,
            from: "xl",
          },
          { title: t("Account"), show: (one) => <Id>{one.account}</Id> },
          {
            title: t("Debit"),
            right: true,
            show: (one) =>
              one.amount_minor > 0 ? <Money minor={one.amount_minor} currency={one.currency} /> : "",
          },
          {
            title: t("Credit"),
            right: true,
            show: (one) =>
              one.amount_minor < 0 ? <Money minor={-one.amount_minor} currency={one.currency} /> : "",
          },
        ]}
      />
    </Section>
  );
}
