/** What is known of a thing, a line each. */
import { Group, Paper, Table, Title } from "@mantine/core";
import type { ReactNode } from "react";

export function Details({ title, rows }: { title: string; rows: readonly (readonly [string, ReactNode])[] }) {
  return (
    <Section title={title}>
      <Table variant="vertical" layout="fixed" withRowBorders={false} verticalSpacing={6} aria-label={title}>
        <Table.Tbody>
          {rows.map(([name, value]) => (
            <Table.Tr key={name}>
              <Table.Th w="40%" bg="transparent" style={{ whiteSpace: "normal" }}>
                {name}
              </Table.Th>
              <Table.Td style={{ overflowWrap: "anywhere" }}>{value}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Section>
  );
}

/** A part of a page, with its heading. */
export function Section({
  title,
  beside,
  children,
}: {
  title: string;
  beside?: ReactNode;
  children: ReactNode;
}) {
  return (
    <Paper p="md" component="section" aria-label={title} style={{ minWidth: 0 }}>
      <Group justify="space-between" wrap="nowrap" gap="xs" mb="sm">
        <Title order={2} fz="md">
          {title}
        </Title>
        {beside}
      </Group>
      {children}
    </Paper>
  );
}
