/** A new user; what they sign in with for the first time is shown once. */
import { Alert, Button, Code, Modal, NativeSelect, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { ask } from "@/api/client";
import { words } from "@/parts/show";
import { Trouble } from "@/parts/Trouble";
import { useAct } from "@/parts/useAct";

const ROLES = ["admin", "telecom", "agent", "finance", "auditor", "read_only"];
const BLANK = { email: "", name: "", role: "read_only" };

export function NewUser() {
  const { t } = useTranslation();
  const [opened, { open, close }] = useDisclosure(false);
  const form = useForm({ mode: "uncontrolled", initialValues: BLANK });
  const make = useAct({
    act: (given: typeof BLANK) => ask<{ password: string }>("POST", "/v1/users", { body: given }),
    changes: [["/v1/users"]],
    quiet: true,
  });
  const leave = () => {
    close();
    make.reset();
    form.reset();
  };
  return (
    <>
      <Button leftSection={<IconPlus size={17} aria-hidden />} onClick={open}>
        {t("New user")}
      </Button>
      <Modal
        opened={opened}
        onClose={leave}
        title={t("New user")}
        closeButtonProps={{ "aria-label": t("Close") }}
      >
        {make.data ? (
          <Alert color="teal" title={t("Their first password, shown once")} role="status">
            <Code fz="md">{make.data.password}</Code>
          </Alert>
        ) : (
          <form onSubmit={form.onSubmit((given) => make.mutate(given))}>
            <Stack>
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
              <Trouble error={make.error} />
              <Button type="submit" loading={make.isPending}>
                {t("Add the user")}
              </Button>
            </Stack>
          </form>
        )}
      </Modal>
    </>
  );
}
