/** What the line says, to be read, changed and heard. */
import { Group, NativeSelect, Paper, SimpleGrid, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";

import { askVersion } from "@/api/client";
import { useLanguages } from "@/api/languages";
import type { Prompt, Prompts as Told } from "@/api/types";
import { PromptEditor } from "@/pages/prompts/PromptEditor";
import { Empty } from "@/parts/Listing";
import { PageHead } from "@/parts/PageHead";
import { languageName, words } from "@/parts/show";
import { Trouble } from "@/parts/Trouble";
import { Waiting } from "@/shell/Waiting";

export function Component() {
  const { t } = useTranslation();
  const [params, setParams] = useSearchParams();
  const [sought, setSought] = useState("");
  const { known, ...languages } = useLanguages();
  const language = params.get("language") ?? known[0] ?? "";
  const prompts = useQuery({
    queryKey: ["/v1/prompts", language],
    queryFn: ({ signal }) => askVersion<Told>(`/v1/prompts/${language}`, signal),
    enabled: language !== "",
  });
  const found = (prompts.data?.value.prompts ?? []).filter((one) => fits(one, sought));
  return (
    <>
      <PageHead
        title={t("Prompts")}
        about={t("What the line says. Words in braces are filled in on the call.")}
      />
      <Group gap="xs" align="flex-end" mb="md" role="search" aria-label={t("Filters")}>
        <NativeSelect
          label={t("Language")}
          data={known.map((value) => ({ value, label: languageName(value) }))}
          value={language}
          onChange={(event) => setParams({ language: event.currentTarget.value })}
        />
        <TextInput
          label={t("Search")}
          type="search"
          value={sought}
          onChange={(event) => setSought(event.currentTarget.value)}
        />
      </Group>
      <Trouble error={languages.error ?? prompts.error} />
      {(languages.isPending || prompts.isPending) && !languages.error && <Waiting />}
      {prompts.isSuccess && found.length === 0 && (
        <Paper>
          <Empty words={t("No prompt fits.")} />
        </Paper>
      )}
      <SimpleGrid cols={{ base: 1, lg: 2 }} role="list" aria-label={t("Prompts")}>
        {found.map((one) => (
          <PromptEditor
            key={`${language}-${one.name}-${prompts.data?.etag}`}
            prompt={one}
            language={language}
            etag={prompts.data?.etag ?? ""}
          />
        ))}
      </SimpleGrid>
    </>
  );
}

function fits(prompt: Prompt, sought: string): boolean {
  const low = sought.toLowerCase();
  return [prompt.name, words(prompt.name), prompt.text].some((one) => one.toLowerCase().includes(low));
}
