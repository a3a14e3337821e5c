/** Calls that are up: what is said, where they stand, and how far the card is keyed in. */
import { Card, Group, SimpleGrid, Text } from "@mantine/core";
import { useQueries, useQuery } from "@tanstack/react-query";
import { useReducer } from "react";
import { useTranslation } from "react-i18next";

import { ask } from "@/api/client";
import { useLive } from "@/api/live";
import type { Page } from "@/api/lists";
import type { CallDetail, CallRow, Told } from "@/api/types";
import { after, blank, type Picture } from "@/pages/live/heard";
import { LiveCard } from "@/pages/live/LiveCard";
import { Empty } from "@/parts/Listing";
import { PageHead } from "@/parts/PageHead";
import { Trouble } from "@/parts/Trouble";

const MOST = 60;
const CHECK_MS = 20_000;

type Pictures = Readonly<Record<string, Picture>>;

export function Component() {
  const { t } = useTranslation();
  const [heard, hear] = useReducer(next, {});
  useLive(["calls", "payments"], hear);
  const list = useQuery({
    queryKey: ["/v1/calls", "live"],
    queryFn: ({ signal }) =>
      ask<Page<CallRow>>("GET", "/v1/calls", { query: { state: "live", limit: MOST }, signal }),
    refetchInterval: CHECK_MS,
  });
  const up = together(list.data?.data ?? [], heard);
  const pasts = usePasts(up.map((one) => one.id));
  const shown = up.map((one) => merged(one, pasts[one.id] ?? [], heard[one.id])).filter((one) => !one.ended);
  return (
    <>
      <PageHead
        title={t("Live calls")}
        about={<span role="status">{t("{{count}} live calls", { count: shown.length })}</span>}
      />
      <Trouble error={list.error} />
      {list.isSuccess && shown.length === 0 && (
        <Card withBorder radius="lg">
          <Empty words={t("Nobody is on the line. Calls appear here as they come in.")} />
        </Card>
      )}
      <SimpleGrid cols={{ base: 1, md: 2, xl: 3 }} spacing="md" role="list" aria-label={t("Live calls")}>
        {shown.map((one) => (
          <LiveCard key={one.id} call={one} />
        ))}
      </SimpleGrid>
      {shown.length >= MOST && (
        <Group justify="center" mt="md">
          <Text c="dimmed" fz="sm">
            {t("More calls are up than are shown here.")}
          </Text>
        </Group>
      )}
    </>
  );
}

function next(old: Pictures, told: Told): Pictures {
  if (!("call" in told) || !told.call) return old;
  const known = old[told.call] ?? blank(told.call);
  return { ...old, [told.call]: after(known, told) };
}

/** Those of the list and those that came in since, the newest first. */
function together(rows: readonly CallRow[], heard: Pictures): Picture[] {
  const all = new Map(rows.map((row) => [row.id, ofRow(row)]));
  for (const one of Object.values(heard)) if (one.startedAt && !all.has(one.id)) all.set(one.id, one);
  return [...all.values()].sort((a, b) => b.startedAt.localeCompare(a.startedAt));
}

function ofRow(row: CallRow): Picture {
  return blank(row.id, { caller: row.caller, number: row.number, flow: row.flow, startedAt: row.started_at });
}

/** What happened in each call before this page was opened. */
function usePasts(ids: readonly string[]): Readonly<Record<string, readonly Told[]>> {
  const found = useQueries({
    queries: ids.map((id) => ({
      queryKey: ["/v1/calls", id, "past"],
      queryFn: () => ask<CallDetail>("GET", `/v1/calls/${id}`),
      staleTime: Infinity,
    })),
  });
  return Object.fromEntries(ids.map((id, place) => [id, found[place]?.data?.timeline ?? []]));
}

function merged(base: Picture, past: readonly Told[], heard: Picture | undefined): Picture {
  const before = past.reduce(after, { ...base, seq: 0, spoken: [], card: [] });
  if (!heard || heard.seq <= before.seq) return before;
  return {
    ...heard,
    caller: heard.caller || before.caller,
    number: heard.number || before.number,
    flow: heard.flow || before.flow,
    startedAt: heard.startedAt || before.startedAt,
    reached: heard.reached || before.reached,
    step: heard.step || before.step,
    payment: heard.payment || before.payment,
    language: heard.language || before.language,
    upset: heard.upset || before.upset,
    card: heard.card.length ? heard.card : before.card,
    spoken: [...before.spoken, ...heard.spoken.filter((one) => one.seq > before.seq)],
  };
}
