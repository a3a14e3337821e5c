/** A card that the caller keys in while both talk: the agent sees counts and masks, and hears no key. */
import { Alert, Button, Checkbox, Group, NumberInput, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { ask } from "@/api/client";
import { CardFields } from "@/pages/agent/CardFields";
import { type Capture, captureOf, OPEN } from "@/pages/agent/capture";
import { Section } from "@/parts/Details";
import { words } from "@/parts/show";
import { useAct } from "@/parts/useAct";

const LOOK_MS = 600;

export function TakeCard({ call, talking }: { call: string; talking: boolean }) {
  const { t } = useTranslation();
  const [id, open] = useState("");
  const { data: capture } = useQuery({
    queryKey: ["/v1/calls", call, "payments", id],
    queryFn: async ({ signal }) =>
      captureOf(await ask("GET", `/v1/calls/${call}/payments/${id}`, { signal })),
    enabled: Boolean(id),
    refetchInterval: ({ state }) => (settled(state.data) ? false : LOOK_MS),
  });
  if (!id || !capture) return <Order call={call} talking={talking} begun={open} />;
  return (
    <Section title={t("Card by keypad")}>
      <CardFields call={call} capture={capture} />
      {capture.result && (
        <Stack mt="md">
          <Alert
            color={capture.result === "success" ? "teal" : "orange"}
            title={words(capture.result)}
            role="status"
          >
            {capture.confirmation
              ? t("Confirmation code {{code}}", { code: capture.confirmation })
              : capture.failure || t("No money was taken.")}
          </Alert>
          <Button variant="default" onClick={() => open("")}>
            {t("Another card")}
          </Button>
        </Stack>
      )}
      {!capture.result && capture.status !== OPEN && capture.status === "cancel" && (
        <Button variant="default" mt="md" onClick={() => open("")}>
          {t("Begin again")}
        </Button>
      )}
    </Section>
  );
}

function settled(capture: Capture | undefined): boolean {
  return capture !== undefined && (Boolean(capture.result) || capture.status === "cancel");
}

function Order({ call, talking, begun }: { call: string; talking: boolean; begun: (id: string) => void }) {
  const { t } = useTranslation();
  const form = useForm({
    initialValues: {
      amount: "" as number | string,
      currency: "USD",
      account: "",
      description: "",
      postal: false,
    },
    validate: { amount: (value) => (Number(value) > 0 ? null : t("How much is to be paid?")) },
  });
  const start = useAct({
    act: async (given: typeof form.values) =>
      captureOf(
        await ask("POST", `/v1/calls/${call}/payments`, {
          body: {
            ChargeAmount: String(given.amount),
            Currency: given.currency.toLowerCase(),
            Account: given.account,
            Description: given.description,
            PostalCode: given.postal,
            TokenType: "one-time",
            MaxAttempts: 3,
            Timeout: 60,
          },
        }),
      ),
    then: (capture) => begun(capture.id),
  });
  return (
    <Section title={t("Card by keypad")}>
      <form onSubmit={form.onSubmit((given) => start.mutate(given))}>
        <Stack gap="sm">
          <Group grow align="flex-start">
            <NumberInput
              label={t("Amount")}
              required
              min={0}
              decimalScale={2}
              fixedDecimalScale
              hideControls
              {...form.getInputProps("amount")}
            />
            <TextInput label={t("Currency")} required maxLength={3} {...form.getInputProps("currency")} />
          </Group>
          <TextInput label={t("Account")} {...form.getInputProps("account")} />
          <TextInput label={t("What for")} {...form.getInputProps("description")} />
          <Checkbox
            label={t("Ask for the postal code")}
            {...form.getInputProps("postal", { type: "checkbox" })}
          />
          <Button type="submit" disabled={!talking} loading={start.isPending}>
            {talking ? t("Take a card") : t("Take a card: while you talk")}
          </Button>
        </Stack>
      </form>
    </Section>
  );
}
