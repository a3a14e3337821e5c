/** A new payment link; its address is shown once, when it is made. */
import { Group, NumberInput, Stack, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { QRCodeSVG } from "qrcode.react";
import { useTranslation } from "react-i18next";

import { ask } from "@/api/client";
import { FormButton } from "@/parts/FormButton";
import { Secret } from "@/parts/Secret";
import { minorOf } from "@/parts/show";

interface Order extends Record<string, unknown> {
  account: string;
  amount: number | string;
  currency: string;
  description: string;
  text_to: string;
  mail_to: string;
}

export function NewLink() {
  const { t } = useTranslation();
  const blank: Order = {
    account: "",
    amount: "",
    currency: "USD",
    description: "",
    text_to: "",
    mail_to: "",
  };
  return (
    <FormButton
      title={t("New link")}
      looks={{ leftSection: <IconPlus size={17} aria-hidden /> }}
      does={t("Make the link")}
      blank={blank}
      act={({ amount, ...rest }) =>
        ask<{ url: string }>("POST", "/v1/links", {
          body: { ...rest, amount_minor: minorOf(Number(amount), rest.currency) },
        })
      }
      changes={[["/v1/links"]]}
      once={(got) => (
        <Stack align="center">
          <QRCodeSVG value={got.url} size={180} marginSize={3} title={t("The address as a QR code")} />
          <Secret title={t("This address is shown once. Whoever has it can pay.")} value={got.url} />
        </Stack>
      )}
      fields={(form) => (
        <>
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
        </>
      )}
    />
  );
}
