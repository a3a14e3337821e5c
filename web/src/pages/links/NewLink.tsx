/** A new payment link; its address is shown once, when it is made. */
import { Button, Code, CopyButton, Group, Modal, NumberInput, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { QRCodeSVG } from "qrcode.react";
import { useTranslation } from "react-i18next";

import { ask } from "@/api/client";
import { Trouble } from "@/parts/Trouble";
import { useAct } from "@/parts/useAct";

interface Order {
  account: string;
  amount: number | string;
  currency: string;
  description: string;
  text_to: string;
  mail_to: string;
}

const BLANK: Order = { account: "", amount: "", currency: "USD", description: "", text_to: "", mail_to: "" };

export function NewLink() {
  const { t } = useTranslation();
  const [opened, { open, close }] = useDisclosure(false);
  const form = useForm({ mode: "uncontrolled", initialValues: BLANK });
  const make = useAct({
    act: ({ amount, ...rest }: Order) =>
      ask<{ url: string }>("POST", "/v1/links", {
        body: { ...rest, amount_minor: Math.round(Number(amount) * 100) },
      }),
    changes: [["/v1/links"]],
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
        {t("New link")}
      </Button>
      <Modal
        opened={opened}
        onClose={leave}
        title={t("New payment link")}
        closeButtonProps={{ "aria-label": t("Close") }}
      >
        {make.data ? (
          <Stack align="center">
            <Text fz="sm">{t("This address is shown once. Whoever has it can pay.")}</Text>
            <QRCodeSVG
              value={make.data.url}
              size={180}
              marginSize={3}
              title={t("The address as a QR code")}
            />
            <Code style={{ overflowWrap: "anywhere" }}>{make.data.url}</Code>
            <CopyButton value={make.data.url}>
              {({ copied, copy }) => (
                <Button onClick={copy}>{copied ? t("Copied") : t("Copy the address")}</Button>
              )}
            </CopyButton>
          </Stack>
        ) : (
          <form onSubmit={form.onSubmit((given) => make.mutate(given))}>
            <Stack>
              <TextInput
                label={t("Account")}
                required
                maxLength={64}
                data-autofocus
                {...form.getInputProps("account")}
              />
              <Group grow align="flex-start">
                <NumberInput
                  label={t("Amount")}
                  required
                  min={0.01}
                  decimalScale={2}
                  hideControls
                  {...form.getInputProps("amount")}
                />
                <TextInput label={t("Currency")} required maxLength={3} {...form.getInputProps("currency")} />
              </Group>
              <TextInput label={t("What for")} maxLength={200} {...form.getInputProps("description")} />
              <TextInput
                label={t("Send to this telephone")}
                placeholder="+15550100"
                {...form.getInputProps("text_to")}
              />
              <TextInput
                label={t("Send to this e-mail address")}
                type="email"
                placeholder="robin@example.com"
                {...form.getInputProps("mail_to")}
              />
              <Trouble error={make.error} />
              <Button type="submit" loading={make.isPending}>
                {t("Make the link")}
              </Button>
            </Stack>
          </form>
        )}
      </Modal>
    </>
  );
}
