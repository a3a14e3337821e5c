/** A stored card, charged; a refusal is told, and no error. */
import { Alert, Anchor, Group, NumberInput, Text, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { ask } from "@/api/client";
import type { Charged, Method } from "@/api/types";
import { FormButton } from "@/parts/FormButton";
import { minorOf, words } from "@/parts/show";

interface Order extends Record<string, unknown> {
  amount: number | string;
  currency: string;
  description: string;
}

const TAKEN = new Set(["paid", "held"]);

export function Charge({ method }: { method: Method }) {
  const { t } = useTranslation();
  const blank: Order = { amount: "", currency: "USD", description: "" };
  return (
    <FormButton
      title={t("Charge")}
      looks={{ size: "compact-sm", variant: "default" }}
      blank={blank}
      does={t("Charge the card")}
      act={({ amount, currency, description }) =>
        ask<Charged>("POST", `/v1/methods/${method.id}/charge`, {
          body: { amount_minor: minorOf(Number(amount), currency), currency, description },
        })
      }
      changes={[["/v1/payments"]]}
      once={(got) => <Outcome charged={got} />}
      fields={(form) => (
        <>
          <Text fz="sm">
            {words(method.brand)} •••• {method.last4}, {method.account}
          </Text>
          <Group grow align="flex-start">
            <NumberInput
              label={t("Amount")}
              required
              min={0.01}
              hideControls
              data-autofocus
              {...form.getInputProps("amount")}
            />
            <TextInput
              label={t("Currency")}
              required
              maxLength={3}
              pattern="[A-Z]{3}"
              {...form.getInputProps("currency")}
            />
          </Group>
          <TextInput label={t("What for")} maxLength={200} {...form.getInputProps("description")} />
        </>
      )}
    />
  );
}

function Outcome({ charged }: { charged: Charged }) {
  const { t } = useTranslation();
  return (
    <Alert
      color={TAKEN.has(charged.outcome) ? "teal" : "orange"}
      title={words(charged.outcome)}
      role="status"
    >
      {charged.why && <Text fz="sm">{words(charged.why)}</Text>}
      {charged.payment && (
        <Anchor component={Link} to={`/payments/${charged.payment.id}`} fz="sm">
          {t("Open the payment")}
        </Anchor>
      )}
    </Alert>
  );
}
