/** A new endpoint; the secret that its deliveries are signed with is shown once. */
import { Alert, Button, Code, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { ask } from "@/api/client";
import { Trouble } from "@/parts/Trouble";
import { useAct } from "@/parts/useAct";

export function NewEndpoint() {
  const { t } = useTranslation();
  const [opened, { open, close }] = useDisclosure(false);
  const form = useForm({ mode: "uncontrolled", initialValues: { url: "" } });
  const make = useAct({
    act: (given: { url: string }) =>
      ask<{ secret: string }>("POST", "/v1/webhooks/endpoints", { body: given }),
    changes: [["/v1/webhooks/endpoints"]],
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
        {t("New endpoint")}
      </Button>
      <Modal
        opened={opened}
        onClose={leave}
        title={t("New endpoint")}
        closeButtonProps={{ "aria-label": t("Close") }}
      >
        {make.data ? (
          <Alert color="teal" title={t("Keep this secret: it is shown once")} role="status">
            <Code style={{ overflowWrap: "anywhere" }}>{make.data.secret}</Code>
          </Alert>
        ) : (
          <form onSubmit={form.onSubmit((given) => make.mutate(given))}>
            <Stack>
              <Text fz="sm">{t("Each event is posted there, signed as Standard Webhooks have it.")}</Text>
              <TextInput
                label={t("Address")}
                type="url"
                required
                placeholder="https://example.com/hooks"
                data-autofocus
                {...form.getInputProps("url")}
              />
              <Trouble error={make.error} />
              <Button type="submit" loading={make.isPending}>
                {t("Add the endpoint")}
              </Button>
            </Stack>
          </form>
        )}
      </Modal>
    </>
  );
}
