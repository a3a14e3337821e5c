/** A text as the line would say it: a button, and the sound. */
import { ActionIcon } from "@mantine/core";
import { IconVolume } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { askFile } from "@/api/client";
import { useMay } from "@/api/session";
import { useAct } from "@/parts/useAct";

export function Hear({ text, language, title }: { text: string; language: string; title: string }) {
  const { t } = useTranslation();
  const may = useMay();
  const [sound, setSound] = useState("");
  useEffect(() => () => URL.revokeObjectURL(sound), [sound]);
  const hear = useAct({
    act: () =>
      askFile("POST", "/v1/prompts/preview", { body: { language, text }, headers: { Accept: "audio/wav" } }),
    then: (found: Blob) => setSound(URL.createObjectURL(found)),
  });
  if (!may("prompts:write") || text === "") return null;
  return (
    <>
      <ActionIcon
        variant="default"
        aria-label={t("Hear {{title}}", { title })}
        loading={hear.isPending}
        onClick={() => hear.mutate()}
      >
        <IconVolume size={16} aria-hidden />
      </ActionIcon>
      {/* eslint-disable-next-line jsx-a11y/media-has-caption -- its words stand beside it */}
      {sound && <audio autoPlay src={sound} aria-label={t("{{title}}, spoken", { title })} />}
    </>
  );
}
