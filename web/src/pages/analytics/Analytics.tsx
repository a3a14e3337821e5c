/** How the line does: whom it served, what was paid, where callers give up, and how quickly it answers. */
import "@mantine/charts/styles.css";

import { BarChart, LineChart } from "@mantine/charts";
import { Group, Paper, SimpleGrid, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";

import { ask } from "@/api/client";
import type { Analytics as Told, Counted, GatewayDid } from "@/api/types";
import { Charted } from "@/pages/analytics/Charted";
import { days, Filters, queryOf } from "@/parts/Filters";
import { PageHead } from "@/parts/PageHead";
import { count, percent, Sums, words } from "@/parts/show";
import { Trouble } from "@/parts/Trouble";
import { Waiting } from "@/shell/Waiting";

const HEIGHT = 260;
const DAYS = 30;
const HOUR_MS = 3_600_000;
const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

export function Component() {
  const { t } = useTranslation();
  const [params] = useSearchParams();
  const filters = days(t);
  const asked = queryOf(filters, params);
  const query = { ...asked, from: asked["from"] || lately(), zone: ZONE };
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
  const { turns } = told;
  const latency = turns
    ? [
        ["p50", turns.p50_ms] as const,
        ["p90", turns.p90_ms] as const,
        ["p95", turns.p95_ms] as const,
        ["p99", turns.p99_ms] as const,
      ]
    : [];
  return (
    <>
      <SimpleGrid cols={{ base: 2, sm: 3, xl: 6 }} spacing="md">
        <Figure name={t("Calls")} value={count(told.calls)} />
        <Figure
          name={t("Answered")}
          value={percent(share(told.answered, told.calls))}
          about={count(told.answered)}
        />
        <Figure
          name={t("Without a person")}
          value={percent(share(told.contained, told.counted))}
          about={count(told.contained)}
        />
        <Figure name={t("Paid")} value={percent(share(told.paid, told.answered))} about={count(told.paid)} />
        <Figure name={t("Taken")} value={<Sums sums={told.taken} />} wide />
      </SimpleGrid>
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
        <Charted
          title={t("Calls and payments by day")}
          heads={[t("Day"), t("Calls"), t("Paid")]}
          rows={told.days.map((one) => [one.day, one.calls, one.paid])}
        >
          <LineChart
            h={HEIGHT}
            data={told.days.map((one) => ({ ...one, day: shortDay(one.day) }))}
            dataKey="day"
            withLegend
            withDots={false}
            curveType="monotone"
            series={[
              { name: "calls", label: t("Calls"), color: "blue.5" },
              { name: "paid", label: t("Paid"), color: "pine.5" },
            ]}
          />
        </Charted>
        <Bars title={t("How calls ended")} head={t("Outcome")} rows={told.outcomes} colour="pine.5" />
        <Bars title={t("Declined, by reason")} head={t("Reason")} rows={told.declined} colour="red.5" />
        <Bars
          title={t("Where callers give up")}
          head={t("Said last")}
          rows={told.gave_up}
          colour="orange.5"
        />
        <Charted
          title={t("Latency of a turn")}
          heads={[t("Percentile"), t("Milliseconds")]}
          rows={latency.map(([name, ms]) => [name, ms])}
        >
          <BarChart
            h={HEIGHT}
            data={latency.map(([name, ms]) => ({ name, ms }))}
            dataKey="name"
            unit=" ms"
            series={[{ name: "ms", label: t("Milliseconds"), color: "pine.5" }]}
          />
        </Charted>
        <Shares
          title={t("Understood when spoken, by question")}
          heads={[t("Question"), t("Asked"), t("Understood")]}
          rows={told.recognizer.map((one) => [
            words(one.question),
            count(one.asked),
            percent(one.accuracy, 1),
          ])}
          data={told.recognizer.map((one) => ({ name: words(one.question), share: one.accuracy }))}
          label={t("Understood")}
          colour="violet.5"
        />
        <Shares
          title={t("Gateways: success and cost")}
          heads={[t("Gateway"), t("Asked"), t("Success"), t("Declined"), t("No answer"), t("Fees")]}
          rows={told.gateways.map((one) => [
            one.gateway,
            count(one.asked),
            percent(one.success, 1),
            count(one.declined),
            count(one.unanswered),
            fees(one.fees),
          ])}
          data={told.gateways.map((one) => ({ name: gatewayLabel(one), share: one.success ?? 0 }))}
          label={t("Success")}
          colour="teal.5"
        />
      </SimpleGrid>
    </>
  );
}

function gatewayLabel(one: GatewayDid): string {
  const told = fees(one.fees);
  return told === "–" ? one.gateway : `${one.gateway} (${told})`;
}

/** What a gateway kept, as a share of what it settled. */
function fees(told: GatewayDid["fees"]): string {
  const known = told.filter((one) => one.gross_minor > 0);
  return (
    known.map((one) => `${percent(one.fee_minor / one.gross_minor, 2)} ${one.currency}`).join(", ") || "–"
  );
}

interface SharesProps {
  title: string;
  heads: readonly string[];
  rows: readonly (readonly string[])[];
  data: { name: string; share: number }[];
  label: string;
  colour: string;
}

function Shares({ title, heads, rows, data, label, colour }: SharesProps) {
  return (
    <Charted title={title} heads={heads} rows={rows}>
      <BarChart
        h={HEIGHT}
        orientation="vertical"
        yAxisProps={{ width: 130 }}
        valueFormatter={(value) => percent(value)}
        xAxisProps={{ domain: [0, 1] }}
        data={data}
        dataKey="name"
        series={[{ name: "share", label, color: colour }]}
      />
    </Charted>
  );
}

interface BarsProps {
  title: string;
  head: string;
  rows: readonly Counted[];
  colour: string;
}

function Bars({ title, head, rows, colour }: BarsProps) {
  const { t } = useTranslation();
  return (
    <Charted title={title} heads={[head, t("Calls")]} rows={rows.map((one) => [words(one.name), one.number])}>
      <BarChart
        h={HEIGHT}
        orientation="vertical"
        yAxisProps={{ width: 130 }}
        data={rows.map((one) => ({ name: words(one.name), number: one.number }))}
        dataKey="name"
        series={[{ name: "number", label: t("Calls"), color: colour }]}
      />
    </Charted>
  );
}

interface FigureProps {
  name: string;
  value: ReactNode;
  about?: string;
  /** It takes the place of two. */
  wide?: boolean;
}

function Figure({ name, value, about, wide = false }: FigureProps) {
  return (
    <Paper p="md" style={wide ? { gridColumn: "span 2" } : undefined}>
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

/** A month ago, to the hour: the same question for as long as it lasts. */
function lately(): string {
  const hour = Math.floor(Date.now() / HOUR_MS);
  return new Date((hour - DAYS * 24) * HOUR_MS).toISOString();
}

function shortDay(day: string): string {
  return new Date(`${day}T12:00:00`).toLocaleDateString(undefined, { day: "numeric", month: "short" });
}
