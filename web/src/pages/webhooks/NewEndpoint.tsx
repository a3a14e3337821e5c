/** A new endpoint; the secret that its deliveries are signed with is shown once. */
import { Text, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { ask } from "@/api/client";
import { FormButton } from "@/parts/FormButton";
import { Topics } from "@/pages/webhooks/Topics";
import { Secret } from "@/parts/Secret";

export function NewEndpoint() {
  const { t } = useTranslation();
  return (
    <FormButton
      title={t("New endpoint")}
      looks={{ leftSection: <IconPlus size={17} aria-hidden /> }}
      does={t("Add the endpoint")}
      blank={{ url: "", topics: ["*"] }}
      act={(given) => ask<{ secret: string }>("POST", "/v1/webhooks/endpoints", { body: given })}
      changes={[["/v1/webhooks/endpoints"]]}
      once={(got) => <Secret title={t("Keep this secret: it is shown once")} value={got.secret} />}
      fields={(form) => (
        <>
          <Text fz="sm">{t("Each event is posted there, signed as Standard Webhooks have it.")}</Text>
          <TextInput
            label={t("Address")}
            type="url"
            required
            placeholder="https://example.com/hooks"
            data-autofocus
            {...form.getInputProps("url")}
          />
          <Topics {...form.getInputProps("topics")} />
        </>
      )}
    />
  );
}
