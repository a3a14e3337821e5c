/** How the line does: whom it served, what was paid, where callers give up, and how quickly it answers. */
import "@mantine/charts/styles.css";

import { BarChart, LineChart } from "@mantine/charts";
import { Group, Paper, SimpleGrid, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";

import { ask } from "@/api/client";
import type { Analytics as Told } from "@/api/types";
import { Charted } from "@/pages/analytics/Charted";
import { type Filter, Filters, queryOf } from "@/parts/Filters";
import { PageHead } from "@/parts/PageHead";
import { count, money, percent, words } from "@/parts/show";
import { Trouble } from "@/parts/Trouble";
import { Waiting } from "@/shell/Waiting";

export function Component() {
  const { t } = useTranslation();
  const [params] = useSearchParams();
  const filters: readonly Filter[] = [
    { kind: "from", name: "from", label: t("From") },
    { kind: "to", name: "to", label: t("To") },
  ];
  const query = queryOf(filters, params);
  const told = useQuery({
    queryKey: ["/v1/analytics/summary", query],
    queryFn: ({ signal }) => ask<Told>("GET", "/v1/analytics/summary", { query, signal }),
  });
  return (
    <>
      <PageHead title={t("Analytics")} about={t("The last 30 days, unless you choose others")} />
      <Stack>
        <Filters filters={filters} />
        <Trouble error={told.error} />
        {told.isPending && <Waiting />}
        {told.data && <Figures told={told.data} />}
      </Stack>
    </>
  );
}

function Figures({ told }: { told: Told }) {
  const { t } = useTranslation();
  return (
    <>
      <SimpleGrid cols={{ base: 2, sm: 3, lg: 5 }} spacing="md">
        <Figure name={t("Calls")} value={count(told.calls)} />
        <Figure
          name={t("Answered")}
          value={percent(share(told.answered, told.calls))}
          about={count(told.answered)}
        />
        <Figure
          name={t("Without a person")}
          value={percent(share(told.contained, told.answered))}
          about={count(told.contained)}
        />
        <Figure name={t("Paid")} value={percent(share(told.paid, told.answered))} about={count(told.paid)} />
        <Figure
          name={t("Taken")}
          value={told.taken.map((one) => money(one.amount_minor, one.currency)).join(" + ") || "–"}
        />
      </SimpleGrid>
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
        <Charted
          title={t("Calls and payments by day")}
          heads={[t("Day"), t("Calls"), t("Paid")]}
          rows={told.days.map((one) => [one.day, one.calls, one.paid])}
        >
          <LineChart
            h={260}
            data={told.days.map((one) => ({ ...one, day: shortDay(one.day) }))}
            dataKey="day"
            withLegend
            curveType="monotone"
            withDots={false}
            series={[
              { name: "calls", label: t("Calls"), color: "blue.5" },
              { name: "paid", label: t("Paid"), color: "pine.5" },
            ]}
          />
        </Charted>
        <Bars title={t("Declined, by reason")} head={t("Reason")} rows={told.declined} colour="red.5" />
        <Bars title={t("Where callers give up")} head={t("Question")} rows={told.gave_up} colour="orange.5" />
        <Charted
          title={t("Latency of a turn")}
          heads={[t("Percentile"), t("Milliseconds")]}
          rows={told.turn_ms.map((one) => [`p${one.percentile}`, one.ms])}
        >
          <BarChart
            h={260}
            data={told.turn_ms.map((one) => ({ name: `p${one.percentile}`, ms: one.ms }))}
            dataKey="name"
            unit=" ms"
            series={[{ name: "ms", label: t("Milliseconds"), color: "pine.5" }]}
          />
        </Charted>
        <Charted
          title={t("Understood at the first try, by question")}
          heads={[t("Question"), t("Understood")]}
          rows={told.recognizer.map((one) => [words(one.question), percent(one.accuracy, 1)])}
        >
          <BarChart
            h={260}
            orientation="vertical"
            yAxisProps={{ width: 120 }}
            valueFormatter={(value) => percent(value)}
            xAxisProps={{ domain: [0, 1] }}
            data={told.recognizer.map((one) => ({ name: words(one.question), accuracy: one.accuracy }))}
            dataKey="name"
            series={[{ name: "accuracy", label: t("Understood"), color: "violet.5" }]}
          />
        </Charted>
        <Charted
          title={t("Gateways: success and cost")}
          heads={[t("Gateway"), t("Payments"), t("Success"), t("Cost of each")]}
          rows={told.gateways.map((one) => [
            one.gateway,
            count(one.payments),
            percent(one.success, 1),
            one.cost_minor == null ? "–" : money(one.cost_minor, one.currency),
          ])}
        >
          <BarChart
            h={260}
            orientation="vertical"
            yAxisProps={{ width: 120 }}
            valueFormatter={(value) => percent(value)}
            xAxisProps={{ domain: [0, 1] }}
            data={told.gateways.map((one) => ({ name: one.gateway, success: one.success }))}
            dataKey="name"
            series={[{ name: "success", label: t("Success"), color: "teal.5" }]}
          />
        </Charted>
      </SimpleGrid>
    </>
  );
}

interface BarsProps {
  title: string;
  head: string;
  rows: readonly { name: string; count: number }[];
  colour: string;
}

function Bars({ title, head, rows, colour }: BarsProps) {
  const { t } = useTranslation();
  return (
    <Charted title={title} heads={[head, t("Calls")]} rows={rows.map((one) => [words(one.name), one.count])}>
      <BarChart
        h={260}
        orientation="vertical"
        yAxisProps={{ width: 130 }}
        data={rows.map((one) => ({ name: words(one.name), count: one.count }))}
        dataKey="name"
        series={[{ name: "count", label: t("Calls"), color: colour }]}
      />
    </Charted>
  );
}

function Figure({ name, value, about }: { name: string; value: string; about?: string }) {
  return (
    <Paper p="md">
      <Text fz="xs" c="dimmed" fw={600}>
        {name}
      </Text>
      <Group gap={8} align="baseline">
        <Text fz={{ base: 22, sm: 26 }} fw={680} className="figures" lh={1.25}>
          {value}
        </Text>
        {about && (
          <Text fz="sm" c="dimmed" className="figures">
            {about}
          </Text>
        )}
      </Group>
    </Paper>
  );
}

function share(part: number, whole: number): number | null {
  return whole ? part / whole : null;
}

function shortDay(day: string): string {
  return new Date(`${day}T12:00:00`).toLocaleDateString(undefined, { day: "numeric", month: "short" });
}
