/** How loud both sides are just now. */
import { Group, Progress, Stack, Text } from "@mantine/core";
import { useInterval } from "@mantine/hooks";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import type { Telephone } from "@/phone/telephone";

const EVERY_MS = 100;

export function Levels({ telephone }: { telephone: Telephone }) {
  const { t } = useTranslation();
  const [[mine, theirs], show] = useState([0, 0]);
  const { start, stop } = useInterval(
    () => show([telephone.mine.level(), telephone.theirs.level()]),
    EVERY_MS,
  );
  useEffect(() => {
    start();
    return stop;
  }, [start, stop]);
  return (
    <Stack gap={6} data-theirs={theirs.toFixed(3)} data-mine={mine.toFixed(3)}>
      <Level name={t("The line")} value={theirs} />
      <Level name={t("You")} value={mine} />
    </Stack>
  );
}

function Level({ name, value }: { name: string; value: number }) {
  return (
    <Group gap="xs" wrap="nowrap">
      <Text fz="xs" c="dimmed" w={64}>
        {name}
      </Text>
      <Progress value={Math.min(100, value * 140)} aria-label={name} flex={1} transitionDuration={80} />
    </Group>
  );
}
