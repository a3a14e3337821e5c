/** Of what an endpoint is told: topics, families of them, or all. */
import { MultiSelect, type MultiSelectProps } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { ask } from "@/api/client";

export function Topics(props: MultiSelectProps) {
  const { t } = useTranslation();
  const known = useQuery({
    queryKey: ["/v1/webhooks/topics"],
    queryFn: ({ signal }) => ask<{ data: string[] }>("GET", "/v1/webhooks/topics", { signal }),
    staleTime: Infinity,
  });
  return (
    <MultiSelect
      {...props}
      label={t("Topics")}
      description={t("* is all but each word and key: these are conversation.* and capture.*")}
      data={known.data?.data ?? []}
      searchable
      required
      hidePickedOptions
      nothingFoundMessage={t("There is no such topic")}
    />
  );
}
