/** What happened on a call, each thing with the seconds since it was taken. */
import { Group, Switch, Text, ThemeIcon, Timeline } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Told } from "@/api/types";
import { Section } from "@/parts/Details";
import { inWords } from "@/parts/fact";
import { moment, span } from "@/parts/show";

/** What only somebody who looks for a fault wants to see. */
const SMALL = new Set(["SaidAll", "CardProgress", "Answered"]);

export function CallTimeline({ facts, startedAt }: { facts: readonly Told[]; startedAt: string }) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  const shown = facts.filter(
    (one) => all || !SMALL.has(one.kind) || (one.kind === "CardProgress" && one.complete),
  );
  return (
    <Section
      title={t("Timeline")}
      beside={
        <Switch
          size="sm"
          label={t("Every step")}
          checked={all}
          onChange={(event) => setAll(event.currentTarget.checked)}
        />
      }
    >
      <Timeline bulletSize={26} lineWidth={2} role="list" aria-label={t("Timeline")}>
        {shown.map((told) => {
          const { sign: Sign, colour, title, text } = inWords(told, t);
          return (
            <Timeline.Item
              key={told.seq}
              role="listitem"
              bullet={
                <ThemeIcon size={26} radius="xl" variant="light" color={colour}>
                  <Sign size={15} aria-hidden />
                </ThemeIcon>
              }
              title={
                <Group justify="space-between" wrap="nowrap" gap="xs" align="baseline">
                  <Text fz="sm" fw={600}>
                    {title}
                  </Text>
                  <Text fz="xs" c="dimmed" className="figures" title={moment(told.at, true)}>
                    +{span((Date.parse(told.at) - Date.parse(startedAt)) / 1000)}
                  </Text>
                </Group>
              }
            >
              <Text fz="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
                {text}
              </Text>
            </Timeline.Item>
          );
        })}
      </Timeline>
    </Section>
  );
}
