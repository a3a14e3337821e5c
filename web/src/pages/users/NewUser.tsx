/** A new user; what they sign in with for the first time is shown once. */
import { NativeSelect, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { ask } from "@/api/client";
import { FormButton } from "@/parts/FormButton";
import { Secret } from "@/parts/Secret";
import { words } from "@/parts/show";

const ROLES = ["admin", "telecom", "agent", "finance", "auditor", "read_only"];

export function NewUser() {
  const { t } = useTranslation();
  return (
    <FormButton
      title={t("New user")}
      looks={{ leftSection: <IconPlus size={17} aria-hidden /> }}
      does={t("Add the user")}
      blank={{ email: "", name: "", role: "read_only" }}
      act={(given) => ask<{ password: string }>("POST", "/v1/users", { body: given })}
      changes={[["/v1/users"]]}
      once={(got) => <Secret title={t("Their first password, shown once")} value={got.password} />}
      fields={(form) => (
        <>
          <TextInput
            label={t("E-mail")}
            type="email"
            required
            data-autofocus
            {...form.getInputProps("email")}
          />
          <TextInput label={t("Name")} {...form.getInputProps("name")} />
          <NativeSelect
            label={t("Role")}
            data={ROLES.map((value) => ({ value, label: words(value) }))}
            {...form.getInputProps("role")}
          />
        </>
      )}
    />
  );
}
