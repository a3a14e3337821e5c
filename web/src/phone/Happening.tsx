/** What happens on a call, step by step, the newest in sight. */
import { ScrollArea, Text, Timeline } from "@mantine/core";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

import type { Told } from "@/api/types";
import { inWords } from "@/parts/fact";
import { When } from "@/parts/show";

/** Ends of prompts say little beside what was said. */
const SHOWN = (told: Told) => told.kind !== "SaidAll" && told.kind !== "caught_up";

/** Of a card field that grows key by key, how far it has come. */
function isLast(told: Told, place: number, all: readonly Told[]): boolean {
  const next = all[place + 1];
  return !(
    told.kind === "CardProgress" &&
    next?.kind === "CardProgress" &&
    next.field === told.field &&
    next.call === told.call
  );
}

export function Happening({ told, nothing }: { told: readonly Told[]; nothing: string }) {
  const { t } = useTranslation();
  const view = useRef<HTMLDivElement>(null);
  const shown = told.filter(SHOWN).filter(isLast);
  useEffect(() => {
    view.current?.scrollTo({ top: view.current.scrollHeight });
  }, [shown.length]);
  if (!shown.length) return <Text c="dimmed">{nothing}</Text>;
  return (
    <ScrollArea.Autosize
      mah={520}
      viewportRef={view}
      type="auto"
      viewportProps={{ tabIndex: 0, role: "log", "aria-label": t("What happens") }}
    >
      <Timeline active={shown.length} bulletSize={26} lineWidth={2} pr="md">
        {shown.map((one) => {
          const { sign: Sign, colour, title, text } = inWords(one, t);
          return (
            <Timeline.Item key={one.seq} bullet={<Sign size={14} />} color={colour} title={title}>
              <Text fz="sm" style={{ overflowWrap: "anywhere" }}>
                {text}
              </Text>
              <Text fz="xs" c="dimmed">
                <When at={one.at} seconds />
              </Text>
            </Timeline.Item>
          );
        })}
      </Timeline>
    </ScrollArea.Autosize>
  );
}
