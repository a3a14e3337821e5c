/** One prompt: its words, how they sound, and keeping a change. */
import { Button, Group, Paper, Stack, Textarea } from "@mantine/core";
import { IconDeviceFloppy, IconVolume } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { ask, askFile } from "@/api/client";
import { useMay } from "@/api/session";
import type { Prompt } from "@/api/types";
import { words } from "@/parts/show";
import { Trouble } from "@/parts/Trouble";
import { useAct } from "@/parts/useAct";

export function PromptEditor({ prompt, language, etag }: { prompt: Prompt; language: string; etag: string }) {
  const { t } = useTranslation();
  const may = useMay();
  const [text, setText] = useState(prompt.text);
  const [spoken, setSpoken] = useState(prompt.spoken);
  const [sound, setSound] = useState("");
  useEffect(() => () => URL.revokeObjectURL(sound), [sound]);
  const hear = useAct({
    act: () =>
      askFile("POST", "/v1/prompts/preview", { body: { language, text }, headers: { Accept: "audio/wav" } }),
    then: (found: Blob) => setSound(URL.createObjectURL(found)),
    quiet: true,
  });
  const keep = useAct({
    act: () =>
      ask("PUT", `/v1/prompts/${language}`, {
        body: {
          prompts: text === prompt.text ? {} : { [prompt.name]: text },
          spoken: spoken === prompt.spoken ? {} : { [prompt.name]: spoken },
        },
        headers: { "If-Match": etag },
      }),
    done: t("Kept; the next call hears it"),
    changes: [["/v1/prompts"]],
    quiet: true,
  });
  const title = words(prompt.name);
  return (
    <Paper p="md" role="listitem">
      <Stack gap="xs" h="100%">
        <Textarea
          label={title}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          autosize
          minRows={2}
          readOnly={!may("prompts:write")}
        />
        {prompt.spoken !== prompt.text && (
          <Textarea
            label={t("{{title}}, to callers who may speak", { title })}
            value={spoken}
            onChange={(event) => setSpoken(event.currentTarget.value)}
            autosize
            minRows={2}
            readOnly={!may("prompts:write")}
          />
        )}
        <Trouble error={hear.error ?? keep.error} />
        {sound && (
          // eslint-disable-next-line jsx-a11y/media-has-caption -- its words stand right above
          <audio
            controls
            autoPlay
            src={sound}
            aria-label={t("{{title}}, spoken", { title })}
            style={{ width: "100%" }}
          />
        )}
        <Group gap="xs" mt="auto">
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconVolume size={15} aria-hidden />}
            loading={hear.isPending}
            onClick={() => hear.mutate()}
            aria-label={t("Hear {{title}}", { title })}
          >
            {t("Hear")}
          </Button>
          {may("prompts:write") && (
            <Button
              size="compact-sm"
              leftSection={<IconDeviceFloppy size={15} aria-hidden />}
              disabled={text === prompt.text && spoken === prompt.spoken}
              loading={keep.isPending}
              onClick={() => keep.mutate()}
              aria-label={t("Keep {{title}}", { title })}
            >
              {t("Keep")}
            </Button>
          )}
        </Group>
      </Stack>
    </Paper>
  );
}
