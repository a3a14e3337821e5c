/** How loud a sound is just now, as a bar. */
import { Group, Progress, Text } from "@mantine/core";
import { useInterval } from "@mantine/hooks";
import { useEffect, useState } from "react";

import type { Meter } from "@/sound/meter";

const EVERY_MS = 100;
const SCALE = 140;

export function Level({ name, meter }: { name: string; meter: Meter }) {
  const [value, show] = useState(0);
  const { start, stop } = useInterval(() => show(meter.level()), EVERY_MS);
  useEffect(() => {
    start();
    return stop;
  }, [start, stop]);
  return (
    <Group gap="xs" wrap="nowrap">
      <Text fz="xs" c="dimmed" w={64} aria-hidden>
        {name}
      </Text>
      <Progress value={Math.min(100, value * SCALE)} aria-label={name} flex={1} transitionDuration={80} />
    </Group>
  );
}
