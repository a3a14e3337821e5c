/** What a flow was before: who changed it, when, and to what; a former text goes into the editor again. */
import { Accordion, Badge, Box, Button, Group, Text } from "@mantine/core";
import { IconArrowBackUp } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { ask } from "@/api/client";
import { useList } from "@/api/lists";
import type { FlowVersion, FlowVersionText } from "@/api/types";
import { Section } from "@/parts/Details";
import { When } from "@/parts/show";
import { Trouble } from "@/parts/Trouble";
import { Waiting } from "@/shell/Waiting";

interface Props {
  name: string;
  /** Puts a former text into the editor, where that is possible. */
  take?: (text: string) => void;
}

export function History({ name, take }: Props) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<string | null>(null);
  const path = `/v1/flows/${encodeURIComponent(name)}/versions`;
  const list = useList<FlowVersion>(path);
  const versions = list.data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <Section title={t("Former texts")}>
      <Trouble error={list.error} />
      {list.isSuccess && versions.length === 0 && (
        <Text fz="sm" c="dimmed">
          {t("It was not changed here yet.")}
        </Text>
      )}
      <Accordion value={open} onChange={setOpen} order={3}>
        {versions.map((one) => (
          <Accordion.Item key={one.number} value={String(one.number)}>
            <Accordion.Control>
              <Group gap="sm" justify="space-between" pr="sm">
                <Text fz="sm" fw={600}>
                  <When at={one.at} />
                </Text>
                <Text fz="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
                  {one.by || t("in its file")}
                </Text>
                {one.taken_out && <Badge color="gray">{t("Taken out")}</Badge>}
              </Group>
            </Accordion.Control>
            <Accordion.Panel>
              {open === String(one.number) && (
                <Version path={`${path}/${one.number}`} take={one.taken_out ? undefined : take} />
              )}
            </Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
      {list.hasNextPage && (
        <Button
          mt="sm"
          variant="default"
          size="compact-sm"
          loading={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          {t("Show more")}
        </Button>
      )}
    </Section>
  );
}

function Version({ path, take }: { path: string; take: Props["take"] }) {
  const { t } = useTranslation();
  const told = useQuery({
    queryKey: [path],
    queryFn: ({ signal }) => ask<FlowVersionText>("GET", path, { signal }),
    staleTime: Infinity,
  });
  if (told.error) return <Trouble error={told.error} />;
  if (!told.data) return <Waiting />;
  const { changes, text } = told.data;
  return (
    <>
      <Box component="pre" className="diff" role="group" tabIndex={0} aria-label={t("What was changed")}>
        {changes
          .split("\n")
          .slice(2)
          .map((line, place) => (
            <span key={place} className={KINDS[line.charAt(0)]}>
              {`${line}\n`}
            </span>
          ))}
      </Box>
      {take && (
        <Button
          variant="default"
          size="compact-sm"
          leftSection={<IconArrowBackUp size={15} aria-hidden />}
          onClick={() => take(text)}
        >
          {t("Put this text into the editor")}
        </Button>
      )}
    </>
  );
}

const KINDS: Readonly<Record<string, string>> = { "+": "added", "-": "removed", "@": "place" };
