/** Which of the line's numbers leads into which flow. */
import { NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { ask, askVersion } from "@/api/client";
import type { Page } from "@/api/lists";
import { useMay } from "@/api/session";
import type { Flow, LineNumber } from "@/api/types";
import { Listing } from "@/parts/Listing";
import { PageHead } from "@/parts/PageHead";
import { words } from "@/parts/show";
import { useAct } from "@/parts/useAct";

export function Component() {
  const { t } = useTranslation();
  return (
    <>
      <PageHead title={t("Numbers")} about={t("Which number leads into which conversation")} />
      <Listing<LineNumber>
        caption={t("Numbers")}
        path="/v1/numbers"
        whole
        id={(one) => one.number}
        empty={t("The exchange file names no number.")}
        columns={[
          { title: t("Number"), show: (one) => one.number, plain: (one) => one.number },
          {
            title: t("Also"),
            from: "sm",
            show: (one) => one.also.join(", ") || "–",
            plain: (one) => one.also.join(" "),
          },
          { title: t("Language"), from: "sm", show: (one) => one.language, plain: (one) => one.language },
          {
            title: t("Recorded"),
            from: "md",
            show: (one) => (one.record ? t("Yes") : t("No")),
            plain: (one) => one.record,
          },
          { title: t("Flow"), show: (one) => <FlowOf number={one} />, plain: (one) => one.flow },
        ]}
      />
    </>
  );
}

function FlowOf({ number }: { number: LineNumber }) {
  const { t } = useTranslation();
  const may = useMay();
  const flows = useQuery({
    queryKey: ["/v1/flows", "names"],
    queryFn: ({ signal }) => ask<Page<Flow>>("GET", "/v1/flows", { signal }),
    enabled: may("numbers:write") && may("flows:read"),
  });
  const lead = useAct({
    act: async (flow: string) => {
      const path = `/v1/numbers/${encodeURIComponent(number.number)}`;
      const { value, etag } = await askVersion<LineNumber>(path);
      const body = { flow, language: value.language, record: value.record };
      return ask("PUT", path, { body, headers: { "If-Match": etag } });
    },
    done: t("The next call on this number takes the other flow"),
    changes: [["/v1/numbers"]],
  });
  if (!flows.data) return <>{words(number.flow)}</>;
  return (
    <NativeSelect
      aria-label={t("Flow of {{number}}", { number: number.number })}
      size="xs"
      value={number.flow}
      data={flows.data.data.map((one) => ({ value: one.name, label: words(one.name) }))}
      onChange={(event) => lead.mutate(event.currentTarget.value)}
      disabled={lead.isPending}
    />
  );
}
