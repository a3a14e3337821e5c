/** The fields of a card: each is asked for, seen to grow, and asked for again where it went wrong. */
import { Badge, Button, Code, Group, Stack, Table, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { ask } from "@/api/client";
import { type Capture, type Field, fieldsOf, OPEN } from "@/pages/agent/capture";
import { words } from "@/parts/show";
import { useAct } from "@/parts/useAct";

export function CardFields({ call, capture }: { call: string; capture: Capture }) {
  const { t } = useTranslation();
  const path = `/v1/calls/${call}/payments/${capture.id}`;
  const changes = [["/v1/calls", call, "payments", capture.id]];
  const lead = useAct({ act: (body: Record<string, string>) => ask("POST", path, { body }), changes });
  const open = capture.status === OPEN;
  return (
    <Stack gap="sm">
      <Table aria-label={t("Fields of the card")} withRowBorders={false}>
        <Table.Tbody>
          {fieldsOf(capture).map((field) => (
            <FieldRow
              key={field}
              field={field}
              capture={capture}
              open={open}
              take={() => lead.mutate({ Capture: field })}
            />
          ))}
        </Table.Tbody>
      </Table>
      {open && (
        <Group>
          <Button
            disabled={capture.required.length > 0}
            loading={lead.isPending}
            onClick={() => lead.mutate({ Status: "complete" })}
          >
            {t("Charge the card")}
          </Button>
          <Button variant="light" color="red" onClick={() => lead.mutate({ Status: "cancel" })}>
            {t("Cancel")}
          </Button>
        </Group>
      )}
      {open && (
        <Text fz="xs" c="dimmed">
          {t("You hear the caller's voice, and none of their keys. They end a field with the pound key.")}
        </Text>
      )}
    </Stack>
  );
}

interface FieldRowProps {
  field: Field;
  capture: Capture;
  open: boolean;
  take: () => void;
}

function FieldRow({ field, capture, open, take }: FieldRowProps) {
  const { t } = useTranslation();
  const mask = capture.masks[field] ?? "";
  const now = open && capture.about === field && capture.required.includes(field);
  const done = mask !== "" && !capture.required.includes(field);
  return (
    <Table.Tr data-field={field} data-done={done}>
      <Table.Td px={0} style={{ overflowWrap: "anywhere" }}>
        {words(field)}
        <Group gap={6} aria-live="polite">
          {mask && <Code>{mask}</Code>}
          {field === "payment-card-number" && capture.brand && words(capture.brand)}
          {now && capture.error && <Badge color="orange">{words(capture.error)}</Badge>}
        </Group>
      </Table.Td>
      <Table.Td ta="right" pr={0} w={1} style={{ whiteSpace: "nowrap" }}>
        {open && (
          <Button
            size="compact-sm"
            variant={done ? "default" : "filled"}
            onClick={take}
            disabled={now && capture.partial}
          >
            {done || now ? t("Ask again") : t("Ask for it")}
          </Button>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
