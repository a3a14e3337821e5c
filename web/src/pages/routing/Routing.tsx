/** Where payments are sent, and why. */
import { Anchor, Paper, Progress, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { ask } from "@/api/client";
import type { Page } from "@/api/lists";
import type { GatewayHealth, RoutingDecision } from "@/api/types";
import { Listing } from "@/parts/Listing";
import { PageHead } from "@/parts/PageHead";
import { count, Money, money, percent, When } from "@/parts/show";
import { State } from "@/parts/State";
import { Trouble } from "@/parts/Trouble";

export function Component() {
  const { t } = useTranslation();
  const gateways = useQuery({
    queryKey: ["/v1/routing/gateways"],
    queryFn: ({ signal }) => ask<Page<GatewayHealth>>("GET", "/v1/routing/gateways", { signal }),
    refetchInterval: 10_000,
  });
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
      <Listing<RoutingDecision>
        caption={t("Decisions")}
        path="/v1/routing/decisions"
        id={(one) => one.attempt}
        empty={t("Nothing was routed yet.")}
        columns={[
          { title: t("When"), show: (one) => <When at={one.at} seconds />, plain: (one) => one.at },
          {
            title: t("Amount"),
            right: true,
            show: (one) => <Money minor={one.amount_minor} currency={one.currency} />,
            plain: (one) => one.amount_minor,
          },
          {
            title: t("Asked in this order"),
            show: (one) => one.gateways.join(" → "),
            plain: (one) => one.gateways.join(" "),
          },
          {
            title: t("Why"),
            from: "sm",
            show: (one) => (
              <Stack gap={0}>
                {one.reasons.map((reason) => (
                  <Text key={reason} fz="xs" c="dimmed">
                    {reason}
                  </Text>
                ))}
              </Stack>
            ),
            plain: (one) => one.reasons.join("; "),
          },
          {
            title: t("Payment"),
            from: "md",
            show: (one) =>
              one.payment ? (
                <Anchor component={Link} to={`/payments/${one.payment}`} fz="sm">
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

function Gateway({ gateway }: { gateway: GatewayHealth }) {
  const { t } = useTranslation();
  return (
    <Paper p="md" role="listitem">
      <Stack gap={6}>
        <div style={{ display: "flex", justifyContent: "space-between", gap: 8 }}>
          <Text fw={650}>{gateway.gateway}</Text>
          <State state={gateway.state} />
        </div>
        <Text fz="sm" c="dimmed">
          {t("{{success}} of {{count}} succeed", {
            success: percent(gateway.success, 1),
            count: count(gateway.payments),
          })}
          {gateway.cost_minor != null &&
            ` · ${t("{{cost}} each", { cost: money(gateway.cost_minor, gateway.currency) })}`}
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
