/** Where payments are sent, and why. */
import { Anchor, Group, Paper, Progress, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { useGateways } from "@/api/gateways";
import type { Decision, GatewayRow } from "@/api/types";
import { Listing } from "@/parts/Listing";
import { PageHead } from "@/parts/PageHead";
import { Money, percent, When } from "@/parts/show";
import { State } from "@/parts/State";
import { Trouble } from "@/parts/Trouble";

export function Component() {
  const { t } = useTranslation();
  const gateways = useGateways();
  return (
    <>
      <PageHead title={t("Routing")} about={t("Where payments are sent, and why")} />
      <Trouble error={gateways.error} />
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} mb="xl" role="list" aria-label={t("Gateways")}>
        {gateways.data?.data.map((one) => (
          <Gateway key={one.gateway} gateway={one} />
        ))}
      </SimpleGrid>
      <Title order={2} fz="lg" mb="sm">
        {t("Decisions")}
      </Title>
      <Listing<Decision>
        caption={t("Decisions")}
        path="/v1/routing/decisions"
        id={(one) => one.id}
        empty={t("Nothing was routed yet.")}
        columns={[
          { title: t("When"), show: (one) => <When at={one.at} seconds /> },
          {
            title: t("Amount"),
            right: true,
            show: (one) => <Money minor={one.amount_minor} currency={one.currency} />,
          },
          {
            title: t("Risk"),
            show: (one) => <State state={one.risk.decision} />,
          },
          {
            title: t("Asked in this order"),
            show: (one) => names(one).join(" → ") || "–",
          },
          {
            title: t("Why"),
            from: "sm",
            show: (one) => (
              <Stack gap={0} maw={520}>
                {reasons(one).map((reason) => (
                  <Text key={reason} fz="xs" c="dimmed">
                    {reason}
                  </Text>
                ))}
              </Stack>
            ),
          },
          {
            title: t("Call"),
            from: "md",
            show: (one) =>
              one.call ? (
                <Anchor component={Link} to={`/calls/${one.call}`} fz="sm">
                  {t("Open")}
                </Anchor>
              ) : (
                "–"
              ),
          },
        ]}
      />
    </>
  );
}

function names(decision: Decision): string[] {
  return decision.routing.choices.map((one) => one.gateway);
}

function reasons(decision: Decision): string[] {
  const { choices, passed } = decision.routing;
  return [
    ...choices.map((one) => `${one.gateway}: ${one.reasons.join(", ")}`),
    ...passed.map((one) => `${one.gateway}: ${one.reason}`),
  ];
}

function Gateway({ gateway }: { gateway: GatewayRow }) {
  const { t } = useTranslation();
  const { cost, ill, p95_s: slow } = gateway;
  const facts = [
    t("{{success}} of {{count}} succeeded today", {
      success: percent(gateway.success, 1),
      count: gateway.asked,
    }),
    slow == null ? "" : t("answers within {{seconds}} s", { seconds: slow.toFixed(1) }),
    cost.pct || cost.fixed_minor
      ? t("costs {{pct}} % + {{fixed}}", { pct: cost.pct, fixed: cost.fixed_minor })
      : "",
  ];
  return (
    <Paper p="md" role="listitem">
      <Stack gap={6}>
        <Group justify="space-between" wrap="nowrap">
          <Text fw={650} truncate>
            {gateway.gateway}
          </Text>
          <State state={gateway.available ? "up" : "down"} />
        </Group>
        <Text fz="sm" c="dimmed">
          {[...facts.filter(Boolean), ill].filter(Boolean).join(" · ")}
        </Text>
        <Progress
          value={100 * (gateway.success ?? 0)}
          size="sm"
          aria-label={t("Success of {{gateway}}", { gateway: gateway.gateway })}
        />
      </Stack>
    </Paper>
  );
}
