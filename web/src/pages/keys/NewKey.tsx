/** A new key, with what it may do; it is shown once. */
import { MultiSelect, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { ask } from "@/api/client";
import { useSession } from "@/api/session";
import { FormButton } from "@/parts/FormButton";
import { Secret } from "@/parts/Secret";

interface Order extends Record<string, unknown> {
  name: string;
  scopes: string[];
}

const NOT_FOR_KEYS = new Set(["self", "open"]);

export function NewKey() {
  const { t } = useTranslation();
  const { data: session } = useSession();
  const blank: Order = { name: "", scopes: [] };
  return (
    <FormButton
      title={t("New key")}
      looks={{ leftSection: <IconPlus size={17} aria-hidden /> }}
      does={t("Make the key")}
      blank={blank}
      act={(given) => ask<{ key: string }>("POST", "/v1/keys", { body: given })}
      changes={[["/v1/keys"]]}
      once={(got) => <Secret title={t("Keep this key: it is shown once")} value={got.key} />}
      fields={(form) => (
        <>
          <TextInput
            label={t("Name")}
            required
            maxLength={100}
            data-autofocus
            {...form.getInputProps("name")}
          />
          <MultiSelect
            label={t("May")}
            required
            searchable
            data={(session?.scopes ?? []).filter((one) => !NOT_FOR_KEYS.has(one))}
            {...form.getInputProps("scopes")}
          />
        </>
      )}
    />
  );
}
