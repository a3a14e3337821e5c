/** One's own password, changed. */
import { Button, PasswordInput, Stack } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";

import { ask } from "@/api/client";
import { SESSION } from "@/api/queries";
import { Section } from "@/parts/Details";
import { Trouble } from "@/parts/Trouble";
import { useAct } from "@/parts/useAct";

export function Password() {
  const { t } = useTranslation();
  const form = useForm({ mode: "uncontrolled", initialValues: { current: "", new: "" } });
  const change = useAct({
    act: (given: { current: string; new: string }) => ask("POST", "/v1/session/password", { body: given }),
    done: t("Your password was changed"),
    changes: [SESSION],
    then: () => form.reset(),
    quiet: true,
  });
  const toggle = { "aria-label": t("Show the password") };
  return (
    <Section title={t("Password")}>
      <form onSubmit={form.onSubmit((given) => change.mutate(given))}>
        <Stack>
          <PasswordInput
            label={t("Present password")}
            autoComplete="current-password"
            required
            visibilityToggleButtonProps={toggle}
            key={form.key("current")}
            {...form.getInputProps("current")}
          />
          <PasswordInput
            label={t("New password")}
            description={t("At least 12 characters")}
            autoComplete="new-password"
            required
            minLength={12}
            visibilityToggleButtonProps={toggle}
            key={form.key("new")}
            {...form.getInputProps("new")}
          />
          <Trouble error={change.error} />
          <Button type="submit" loading={change.isPending} style={{ alignSelf: "flex-start" }}>
            {t("Change the password")}
          </Button>
        </Stack>
      </form>
    </Section>
  );
}
