/** Whether each part of the line works, and what it says of itself. */
import { Group, Paper, SimpleGrid, Stack, Text, ThemeIcon } from "@mantine/core";
import { IconCheck, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { ask } from "@/api/client";
import type { Health as Told } from "@/api/types";
import { PageHead } from "@/parts/PageHead";
import { words } from "@/parts/show";
import { Trouble } from "@/parts/Trouble";
import { Waiting } from "@/shell/Waiting";

export function Component() {
  const { t } = useTranslation();
  const health = useQuery({
    queryKey: ["/v1/health"],
    queryFn: ({ signal }) => ask<Told>("GET", "/v1/health", { signal }),
    refetchInterval: 5_000,
  });
  const parts = health.data?.parts ?? [];
  const down = parts.filter((one) => !one.up).length;
  return (
    <>
      <PageHead
        title={t("System health")}
        about={
          <span role="status">
            {health.data && (down ? t("{{count}} parts are down", { count: down }) : t("All parts work"))}
          </span>
        }
      />
      <Trouble error={health.error} />
      {health.isPending && <Waiting />}
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} role="list" aria-label={t("Parts")}>
        {parts.map((one) => (
          <Paper key={one.name} p="md" role="listitem">
            <Group wrap="nowrap" align="flex-start">
              <ThemeIcon variant="light" color={one.up ? "teal" : "red"} radius="xl" size="lg">
                {one.up ? <IconCheck size={18} aria-hidden /> : <IconX size={18} aria-hidden />}
              </ThemeIcon>
              <Stack gap={0} style={{ minWidth: 0 }}>
                <Text fw={650}>
                  {words(one.name)} · {one.up ? t("works") : t("is down")}
                </Text>
                <Text fz="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
                  {one.about}
                </Text>
              </Stack>
            </Group>
          </Paper>
        ))}
      </SimpleGrid>
    </>
  );
}
