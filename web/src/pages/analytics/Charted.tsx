/** A chart, or its figures as a table: for those who cannot see it, and for files. */
import { ActionIcon, Box, Group, Table } from "@mantine/core";
import { IconChartBar, IconDownload, IconTable } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";

import { type Cell, csv, download } from "@/parts/csv";
import { Section } from "@/parts/Details";
import { Empty } from "@/parts/Listing";

interface Props {
  title: string;
  heads: readonly string[];
  rows: readonly (readonly Cell[])[];
  children: ReactNode;
}

export function Charted({ title, heads, rows, children }: Props) {
  const { t } = useTranslation();
  const [asTable, setAsTable] = useState(false);
  const save = () => download(`${title}.csv`, new Blob([csv(heads, rows)], { type: "text/csv" }));
  return (
    <Section
      title={title}
      beside={
        <Group gap={4} wrap="nowrap">
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-pressed={asTable}
            aria-label={
              asTable
                ? t("Show as a chart: {{title}}", { title })
                : t("Show as a table: {{title}}", { title })
            }
            onClick={() => setAsTable(!asTable)}
          >
            {asTable ? <IconChartBar size={18} /> : <IconTable size={18} />}
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t("CSV: {{title}}", { title })}
            onClick={save}
          >
            <IconDownload size={18} />
          </ActionIcon>
        </Group>
      }
    >
      {rows.length === 0 ? (
        <Empty words={t("Nothing was counted in this time.")} />
      ) : asTable ? (
        <Table aria-label={title} data={{ head: [...heads], body: rows.map((row) => row.map(String)) }} />
      ) : (
        <Box role="img" aria-label={title}>
          {children}
        </Box>
      )}
    </Section>
  );
}
