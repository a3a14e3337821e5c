/** A new key, with what it may do; it is shown once. */
import { Alert, Button, Code, CopyButton, Modal, MultiSelect, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { ask } from "@/api/client";
import { useSession } from "@/api/session";
import { Trouble } from "@/parts/Trouble";
import { useAct } from "@/parts/useAct";

interface Order {
  name: string;
  scopes: string[];
}

const NOT_FOR_KEYS = new Set(["self", "open"]);

export function NewKey() {
  const { t } = useTranslation();
  const { data: session } = useSession();
  const [opened, { open, close }] = useDisclosure(false);
  const form = useForm<Order>({ mode: "uncontrolled", initialValues: { name: "", scopes: [] } });
  const make = useAct({
    act: (given: Order) => ask<{ key: string }>("POST", "/v1/keys", { body: given }),
    changes: [["/v1/keys"]],
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
        {t("New key")}
      </Button>
      <Modal
        opened={opened}
        onClose={leave}
        title={t("New key")}
        closeButtonProps={{ "aria-label": t("Close") }}
      >
        {make.data ? (
          <Secret value={make.data.key} />
        ) : (
          <form onSubmit={form.onSubmit((given) => make.mutate(given))}>
            <Stack>
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
              <Trouble error={make.error} />
              <Button type="submit" loading={make.isPending}>
                {t("Make the key")}
              </Button>
            </Stack>
          </form>
        )}
      </Modal>
    </>
  );
}

export function Secret({ value }: { value: string }) {
  const { t } = useTranslation();
  return (
    <Alert color="teal" title={t("Keep this key: it is shown once")} role="status">
      <Stack gap="sm" align="flex-start">
        <Code style={{ overflowWrap: "anywhere" }}>{value}</Code>
        <CopyButton value={value}>
          {({ copied, copy }) => (
            <Button size="compact-sm" onClick={copy}>
              {copied ? t("Copied") : t("Copy")}
            </Button>
          )}
        </CopyButton>
      </Stack>
    </Alert>
  );
}
