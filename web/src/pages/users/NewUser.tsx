/** A new user; what they sign in with for the first time is shown once. */
import { NativeSelect, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { ask } from "@/api/client";
import { NewThing } from "@/parts/NewThing";
import { Secret } from "@/parts/Secret";
import { words } from "@/parts/show";

const ROLES = ["admin", "telecom", "agent", "finance", "auditor", "read_only"];

export function NewUser() {
  const { t } = useTranslation();
  return (
    <NewThing
      title={t("New user")}
      does={t("Add the user")}
      blank={{ email: "", name: "", role: "read_only" }}
      make={(given) => ask<{ password: string }>("POST", "/v1/users", { body: given })}
      changes={["/v1/users"]}
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
