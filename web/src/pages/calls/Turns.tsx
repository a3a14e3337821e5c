/** How long the caller waited for each answer of the line. */
import { Group, Progress, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { Turn } from "@/api/types";
import { Section } from "@/parts/Details";
import { words } from "@/parts/show";

export function Turns({ turns }: { turns: readonly Turn[] }) {
  const { t } = useTranslation();
  const most = Math.max(...turns.map((one) => one.waited_ms + one.thought_ms), 1);
  return (
    <Section title={t("Latency of each turn")}>
      <Stack gap="sm">
        {turns.map((one) => (
          <div key={one.at}>
            <Group justify="space-between" wrap="nowrap" gap="xs">
              <Text fz="sm" truncate>
                {words(one.question)}
              </Text>
              <Text fz="xs" c="dimmed" className="figures" style={{ whiteSpace: "nowrap" }}>
                {t("{{waited}} + {{thought}} ms", { waited: one.waited_ms, thought: one.thought_ms })}
              </Text>
            </Group>
            <Progress.Root size="sm" aria-hidden>
              <Progress.Section value={(100 * one.waited_ms) / most} color="gray.5" />
              <Progress.Section value={(100 * one.thought_ms) / most} color="pine" />
            </Progress.Root>
          </div>
        ))}
        <Text fz="xs" c="dimmed">
          {t("First the silence that told that the caller had finished, then the time to understand.")}
        </Text>
      </Stack>
    </Section>
  );
}
