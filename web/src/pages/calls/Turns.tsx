/** How long the caller waited for each answer of the line. */
import { Group, Progress, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { Turn } from "@/api/types";
import { Section } from "@/parts/Details";
import { words } from "@/parts/show";

export function Turns({ turns }: { turns: readonly Turn[] }) {
  const { t } = useTranslation();
  const most = Math.max(...turns.map((one) => one.took_ms), 1);
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
                {t("{{took}} ms", { took: one.took_ms })}
              </Text>
            </Group>
            <Progress.Root size="sm" aria-hidden>
              <Progress.Section value={(100 * (one.waited_ms ?? 0)) / most} color="gray.5" />
              <Progress.Section value={(100 * (one.thought_ms ?? 0)) / most} color="violet.5" />
              <Progress.Section value={(100 * rest(one)) / most} color="pine" />
            </Progress.Root>
          </div>
        ))}
        <Text fz="xs" c="dimmed">
          {t(
            "From the caller's last sound to the line's next word: the silence that ended the turn, the time to understand it, the rest.",
          )}
        </Text>
      </Stack>
    </Section>
  );
}

function rest(turn: Turn): number {
  return Math.max(0, turn.took_ms - (turn.waited_ms ?? 0) - (turn.thought_ms ?? 0));
}
