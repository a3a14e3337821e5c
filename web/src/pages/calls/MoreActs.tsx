/** What else is done to a call that is up: say something, send keys, go on in another language, wait. */
import { Button, NativeSelect, Text, Textarea, TextInput } from "@mantine/core";
import { IconDialpad, IconHourglass, IconLanguage, IconMessage } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { ask } from "@/api/client";
import { useLanguages } from "@/api/languages";
import { useMay } from "@/api/session";
import { FormButton } from "@/parts/FormButton";
import { languageName } from "@/parts/show";
import { useAct } from "@/parts/useAct";

const looks = { size: "sm", variant: "default" } as const;

export function MoreActs({ id }: { id: string }) {
  return (
    <>
      <Say id={id} />
      <SendKeys id={id} />
      <Language id={id} />
      <Silence id={id} />
    </>
  );
}

function Say({ id }: { id: string }) {
  const { t } = useTranslation();
  return (
    <FormButton
      title={t("Say something")}
      looks={{ ...looks, leftSection: <IconMessage size={15} aria-hidden /> }}
      blank={{ text: "" }}
      act={(body) => ask("POST", `/v1/calls/${id}/play`, { body })}
      done={t("The line says it")}
      changes={[]}
      fields={(form) => (
        <>
          <Text fz="sm">{t("The line says it to the caller in its own voice.")}</Text>
          <Textarea
            label={t("Words")}
            required
            maxLength={500}
            autosize
            minRows={2}
            data-autofocus
            {...form.getInputProps("text")}
          />
        </>
      )}
    />
  );
}

function SendKeys({ id }: { id: string }) {
  const { t } = useTranslation();
  return (
    <FormButton
      title={t("Send keys")}
      looks={{ ...looks, leftSection: <IconDialpad size={15} aria-hidden /> }}
      blank={{ keys: "" }}
      act={(body) => ask("POST", `/v1/calls/${id}/dtmf`, { body })}
      done={t("The keys were sent")}
      changes={[]}
      fields={(form) => (
        <>
          <Text fz="sm">{t("The other end hears these keys: a menu that the line called, say.")}</Text>
          <TextInput
            label={t("Keys")}
            required
            maxLength={32}
            pattern="[0-9A-D*#]+"
            placeholder="1#"
            data-autofocus
            {...form.getInputProps("keys")}
          />
        </>
      )}
    />
  );
}

function Language({ id }: { id: string }) {
  const { t } = useTranslation();
  const may = useMay();
  const { known } = useLanguages(may("prompts:read"));
  if (known.length < 2) return null;
  return (
    <FormButton
      title={t("Language")}
      looks={{ ...looks, leftSection: <IconLanguage size={15} aria-hidden /> }}
      blank={{ language: "" }}
      does={t("Go on in it")}
      act={(body) => ask("POST", `/v1/calls/${id}/language`, { body })}
      done={t("The line goes on in that language")}
      changes={[]}
      fields={(form) => (
        <NativeSelect
          label={t("Language")}
          description={t("What the line says next is in this language.")}
          required
          data={[
            { value: "", label: t("Choose one") },
            ...known.map((value) => ({ value, label: languageName(value) })),
          ]}
          data-autofocus
          {...form.getInputProps("language")}
        />
      )}
    />
  );
}

function Silence({ id }: { id: string }) {
  const { t } = useTranslation();
  const [waits, setWaits] = useState(false);
  const mind = useAct({
    act: (detect: boolean) => ask("POST", `/v1/calls/${id}/silence`, { body: { detect } }),
    then: () => setWaits(!waits),
  });
  return (
    <Button
      {...looks}
      leftSection={<IconHourglass size={15} aria-hidden />}
      aria-pressed={waits}
      title={t("A question that nobody answers is not asked again; the line waits.")}
      loading={mind.isPending}
      onClick={() => mind.mutate(waits)}
    >
      {waits ? t("Ask again on silence") : t("Wait on silence")}
    </Button>
  );
}
