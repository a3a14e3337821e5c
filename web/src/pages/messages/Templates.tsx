/** The templates of messages: to be read, changed and seen as they will arrive. */
import { Button, Group, Paper, SimpleGrid, Stack, Text, Textarea } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { ask } from "@/api/client";
import type { Page } from "@/api/lists";
import { useMay } from "@/api/session";
import type { Template } from "@/api/types";
import { Trouble } from "@/parts/Trouble";
import { useAct } from "@/parts/useAct";
import { words } from "@/parts/show";

const PATH = "/v1/templates";

export function Templates() {
  const { t } = useTranslation();
  const templates = useQuery({
    queryKey: [PATH],
    queryFn: ({ signal }) => ask<Page<Template>>("GET", PATH, { signal }),
  });
  return (
    <>
      <Trouble error={templates.error} />
      <SimpleGrid cols={{ base: 1, lg: 2 }} role="list" aria-label={t("Templates")}>
        {templates.data?.data.map((one) => (
          <Editor key={`${one.id}-${one.etag}`} template={one} />
        ))}
      </SimpleGrid>
    </>
  );
}

function Editor({ template }: { template: Template }) {
  const { t } = useTranslation();
  const may = useMay();
  const [text, setText] = useState(template.text);
  const see = useAct({
    act: () => ask<{ text: string }>("POST", `${PATH}/${template.id}/preview`, { body: { text } }),
    quiet: true,
  });
  const keep = useAct({
    act: () =>
      ask("PUT", `${PATH}/${template.id}`, { body: { text }, headers: { "If-Match": template.etag } }),
    done: t("Kept; the next message is written so"),
    changes: [[PATH]],
    quiet: true,
  });
  return (
    <Paper p="md" role="listitem">
      <Stack gap="xs">
        <Textarea
          label={`${words(template.name)} · ${template.part} · ${template.language}`}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          autosize
          minRows={3}
          readOnly={!may("messages:write")}
        />
        <Trouble error={see.error ?? keep.error} />
        {see.data && (
          <Text
            fz="sm"
            p="sm"
            bg="var(--mantine-color-gray-light)"
            style={{ whiteSpace: "pre-wrap", borderRadius: 8 }}
          >
            {see.data.text}
          </Text>
        )}
        <Group gap="xs">
          <Button size="compact-sm" variant="default" loading={see.isPending} onClick={() => see.mutate()}>
            {t("See it filled in")}
          </Button>
          {may("messages:write") && (
            <Button
              size="compact-sm"
              disabled={text === template.text}
              loading={keep.isPending}
              onClick={() => keep.mutate()}
            >
              {t("Keep")}
            </Button>
          )}
        </Group>
      </Stack>
    </Paper>
  );
}
