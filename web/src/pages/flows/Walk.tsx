/** A walk through a flow: keys are pressed on the page, and the line tells where they lead. */
import { Alert, Button, Group, NativeSelect, Paper, Stack, Text, TextInput, Title } from "@mantine/core";
import { IconArrowBackUp, IconPlayerPlay } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";

import { ask } from "@/api/client";
import type { Walked } from "@/api/types";
import { Hear } from "@/pages/flows/Hear";
import { words } from "@/parts/show";
import { Trouble } from "@/parts/Trouble";

interface Props {
  name: string;
  text: string;
  languages: readonly string[];
}

export function Walk({ name, text, languages }: Props) {
  const { t } = useTranslation();
  const [begun, setBegun] = useState(false);
  const [keys, setKeys] = useState<readonly string[]>([]);
  const [next, setNext] = useState("");
  const [at, setAt] = useState("");
  const [language, setLanguage] = useState(languages[0] ?? "");
  const time = at ? new Date(at).toISOString() : null;
  const walked = useQuery({
    queryKey: ["/v1/flows/walk", name, text, language, time, keys],
    queryFn: ({ signal }) =>
      ask<Walked>("POST", "/v1/flows/walk", { body: { name, text, language, keys, at: time }, signal }),
    enabled: begun,
    placeholderData: keepPreviousData,
  });
  const noted = walked.data?.noted ?? [];
  const waits = noted.at(-1)?.kind === "waits";
  const press = (event: FormEvent) => {
    event.preventDefault();
    if (next) setKeys([...keys, next]);
    setNext("");
  };
  return (
    <Paper p="md" component="section" aria-label={t("Walk through it")}>
      <Stack gap="sm">
        <Title order={2} fz="lg">
          {t("Walk through it")}
        </Title>
        <Text fz="sm" c="dimmed">
          {t("Nobody is called and nothing is charged. Account 1234 owes 125.50 USD here.")}
        </Text>
        <Group align="flex-end" gap="xs">
          <NativeSelect
            label={t("Language")}
            data={[...languages]}
            value={language}
            onChange={(event) => setLanguage(event.currentTarget.value)}
          />
          <TextInput
            label={t("Time of the call")}
            type="datetime-local"
            value={at}
            onChange={(event) => setAt(event.currentTarget.value)}
          />
          <Button
            variant={begun ? "default" : "filled"}
            leftSection={<IconPlayerPlay size={16} aria-hidden />}
            onClick={() => {
              setBegun(true);
              setKeys([]);
            }}
          >
            {begun ? t("Begin again") : t("Begin")}
          </Button>
        </Group>
        <Trouble error={walked.error} />
        <Stack gap={4} role="log" aria-label={t("The walk so far")}>
          {noted.map((one, place) => (
            <Line key={`${place} ${one.kind}`} noted={one} language={language} />
          ))}
        </Stack>
        {begun && (
          <form onSubmit={press}>
            <Group align="flex-end" gap="xs">
              <TextInput
                label={t("Keys")}
                description={t("Such as 1, or 1234#")}
                value={next}
                onChange={(event) => setNext(event.currentTarget.value.replace(/[^0-9*#]/g, ""))}
                disabled={!waits}
                inputMode="tel"
              />
              <Button type="submit" disabled={!waits || next === ""} loading={walked.isFetching}>
                {t("Press")}
              </Button>
              <Button
                variant="default"
                leftSection={<IconArrowBackUp size={16} aria-hidden />}
                disabled={keys.length === 0}
                onClick={() => setKeys(keys.slice(0, -1))}
              >
                {t("Take it back")}
              </Button>
            </Group>
          </form>
        )}
      </Stack>
    </Paper>
  );
}

function Line({ noted, language }: { noted: Walked["noted"][number]; language: string }) {
  const { t } = useTranslation();
  switch (noted.kind) {
    case "step":
      return (
        <Text fz="xs" c="dimmed" mt="xs">
          {words(noted.step)}
        </Text>
      );
    case "said":
      return (
        <Group gap="xs" wrap="nowrap" align="flex-start">
          <Text fz="sm" style={{ flex: 1 }}>
            “{noted.text}”
          </Text>
          <Hear text={noted.text} language={language} title={noted.text} />
        </Group>
      );
    case "pressed":
      return (
        <Text fz="sm" ta="right">
          {t("You press {{keys}}", { keys: noted.text })}
        </Text>
      );
    case "ended":
      return (
        <Alert variant="light" color="gray" title={t("The call has ended")}>
          {words(noted.text)}
        </Alert>
      );
    case "handed_over":
      return <Text fz="sm">{t("Handed over: {{whom}}", { whom: noted.text })}</Text>;
    default:
      return null;
  }
}
