/** The conversations that can answer a number: ours, and those that are written here. */
import { Anchor, Badge, Button, Paper, Stack, Title } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { useMay } from "@/api/session";
import { useList } from "@/api/lists";
import type { Flow, FlowGone } from "@/api/types";
import { Listing, Rows } from "@/parts/Listing";
import { PageHead } from "@/parts/PageHead";
import { When, words } from "@/parts/show";

export function Component() {
  const { t } = useTranslation();
  const may = useMay();
  return (
    <>
      <PageHead title={t("Flows")} about={t("What callers are led through, step by step")}>
        {may("flows:write") && (
          <Button component={Link} to="/flows/new" leftSection={<IconPlus size={17} aria-hidden />}>
            {t("Write a flow")}
          </Button>
        )}
      </PageHead>
      <Listing<Flow>
        caption={t("Flows")}
        path="/v1/flows"
        whole
        id={(one) => one.name}
        empty={t("There is no flow.")}
        columns={[
          { title: t("Flow"), show: (one) => <Name flow={one} />, plain: (one) => one.name },
          { title: t("What it does"), from: "sm", show: (one) => one.about, plain: (one) => one.about },
          {
            title: t("Numbers"),
            show: (one) => one.numbers.join(", ") || "–",
            plain: (one) => one.numbers.join(" "),
          },
          {
            title: t("Whose"),
            from: "sm",
            show: (one) => (
              <Badge variant="light" color={one.written ? "teal" : "gray"}>
                {one.written ? t("Yours") : t("Ours")}
              </Badge>
            ),
            plain: (one) => (one.written ? "yours" : "ours"),
          },
        ]}
      />
      <Gone />
    </>
  );
}

/** Flows that were taken out: their former texts are there still. */
function Gone() {
  const { t } = useTranslation();
  const gone = useList<FlowGone>("/v1/flows-taken-out", { limit: undefined });
  const flows = gone.data?.pages.flatMap((page) => page.data) ?? [];
  if (flows.length === 0) return null;
  return (
    <Stack mt="lg" gap="sm">
      <Title order={2} fz="md">
        {t("Taken out")}
      </Title>
      <Paper>
        <Rows
          caption={t("Taken out")}
          rows={flows}
          id={(one) => one.name}
          columns={[
            {
              title: t("Flow"),
              show: (one) => (
                <Anchor component={Link} to={`/flows/new?again=${encodeURIComponent(one.name)}`} fz="sm">
                  {words(one.name)}
                </Anchor>
              ),
            },
            { title: t("When"), show: (one) => <When at={one.at} /> },
            { title: t("By"), from: "sm", show: (one) => one.by },
          ]}
        />
      </Paper>
    </Stack>
  );
}

function Name({ flow }: { flow: Flow }) {
  if (!flow.written) return <>{words(flow.name)}</>;
  return (
    <Anchor component={Link} to={`/flows/${flow.name}`} fz="sm">
      {words(flow.name)}
    </Anchor>
  );
}
