/** A list of the line: filters that stand in the address, a table, more of it on demand, and all as CSV. */
import { Box, Button, Group, LoadingOverlay, Paper, Skeleton, Stack, Table, Text } from "@mantine/core";
import { IconDownload, IconInbox } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";

import { askFile, type Query } from "@/api/client";
import { useList } from "@/api/lists";
import { type Cell, csv, download } from "@/parts/csv";
import { type Filter, Filters, queryOf } from "@/parts/Filters";
import { Trouble } from "@/parts/Trouble";

export interface Column<Row> {
  title: string;
  show: (row: Row) => ReactNode;
  /** What stands in a CSV file that is made here. */
  plain?: (row: Row) => Cell;
  /** Left out where the window is narrower. */
  from?: "xs" | "sm" | "md" | "lg" | "xl";
  right?: boolean;
}

interface Props<Row> {
  /** What the table is, for those who cannot see it. */
  caption: string;
  path: string;
  columns: readonly Column<Row>[];
  id: (row: Row) => string;
  filters?: readonly Filter[];
  /** Filters that are always there. */
  fixed?: Query;
  empty: string;
  /** The line tells all of it at once, and takes no number of rows: the CSV file is made here. */
  whole?: boolean;
  /** Ask again every so many milliseconds. */
  every?: number;
  /** What the line calls the place at which a page begins, where it is not `cursor`; the CSV file is made here. */
  cursor?: string;
}

export function Listing<Row>(props: Props<Row>) {
  const { caption, path, columns, id, filters = [], fixed = {}, empty, whole, every, cursor } = props;
  const { t } = useTranslation();
  const [params] = useSearchParams();
  const query = { ...queryOf(filters, params), ...fixed, ...(whole && { limit: undefined }) };
  const list = useList<Row>(path, query, every, cursor);
  const rows = list.data?.pages.flatMap((page) => page.data) ?? [];
  const name = `${path.split("/").pop()}.csv`;
  return (
    <Stack gap="sm">
      <Group justify="space-between" align="flex-end" gap="sm">
        <Box flex="1 1 300px">
          <Filters filters={filters} />
        </Box>
        <CsvButton {...props} query={query} rows={rows} name={name} />
      </Group>
      <Trouble error={list.error} title={t("The list could not be read")} />
      <Paper pos="relative" style={{ overflow: "hidden" }}>
        <LoadingOverlay visible={list.isPlaceholderData} overlayProps={{ blur: 1 }} />
        <Rows caption={caption} columns={columns} rows={rows} id={id} waiting={list.isPending} />
        {list.isSuccess && rows.length === 0 && <Empty words={empty} />}
      </Paper>
      <Group justify="space-between">
        <Text fz="sm" c="dimmed" role="status">
          {list.isSuccess && t("{{count}} rows", { count: rows.length })}
          {list.hasNextPage && ` · ${t("there are more")}`}
        </Text>
        {list.hasNextPage && (
          <Button
            variant="default"
            size="sm"
            loading={list.isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
          >
            {t("Show more")}
          </Button>
        )}
      </Group>
    </Stack>
  );
}

interface RowsProps<Row> {
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  id: (row: Row) => string;
  waiting?: boolean;
}

/** The table alone, for rows that are at hand. Where it is wider than its place, it is scrolled, not the page. */
export function Rows<Row>({ caption, columns, rows, id, waiting = false }: RowsProps<Row>) {
  return (
    <Table.ScrollContainer minWidth={280} type="native" tabIndex={0} role="group" aria-label={caption}>
      <Table highlightOnHover aria-label={caption}>
        <Table.Thead>
          <Table.Tr>
            {columns.map((one) => (
              <Table.Th key={one.title} visibleFrom={one.from} ta={one.right ? "right" : undefined}>
                {one.title}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={id(row)}>
              {columns.map((one) => (
                <Table.Td key={one.title} visibleFrom={one.from} ta={one.right ? "right" : undefined}>
                  {one.show(row)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
          {waiting &&
            Array.from({ length: 6 }, (_, row) => (
              <Table.Tr key={row}>
                <Table.Td colSpan={columns.length}>
                  <Skeleton height={14} />
                </Table.Td>
              </Table.Tr>
            ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

export function Empty({ words }: { words: string }) {
  return (
    <Stack align="center" gap={6} py="xl" c="dimmed">
      <IconInbox size={30} stroke={1.4} aria-hidden />
      <Text fz="sm">{words}</Text>
    </Stack>
  );
}

function CsvButton<Row>(props: Props<Row> & { query: Query; rows: readonly Row[]; name: string }) {
  const { t } = useTranslation();
  const save = useMutation({
    mutationFn: () => csvOf(props),
    onSuccess: (file) => download(props.name, file),
  });
  return (
    <>
      <Button
        variant="default"
        size="sm"
        leftSection={<IconDownload size={16} aria-hidden />}
        loading={save.isPending}
        onClick={() => save.mutate()}
      >
        {t("CSV")}
      </Button>
      <Trouble error={save.error} />
    </>
  );
}

async function csvOf<Row>(props: Props<Row> & { query: Query; rows: readonly Row[] }): Promise<Blob> {
  if (!props.whole && !props.cursor) {
    return askFile("GET", props.path, { query: props.query, headers: { Accept: "text/csv" } });
  }
  const told = props.columns.filter((one) => one.plain);
  const text = csv(
    told.map((one) => one.title),
    props.rows.map((row) => told.map((one) => one.plain?.(row))),
  );
  return new Blob([text], { type: "text/csv" });
}
