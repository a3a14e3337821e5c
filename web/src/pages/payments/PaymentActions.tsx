/** What can be done with a payment where it stands: give money back, take what is reserved, or let it go. */
import { Button, Modal, NumberInput, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useDisclosure } from "@mantine/hooks";
import { IconReceiptRefund } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { ask } from "@/api/client";
import { useMay } from "@/api/session";
import type { PaymentDetail } from "@/api/types";
import { ConfirmButton } from "@/parts/ConfirmButton";
import { digitsOf, minorOf, money } from "@/parts/show";
import { Trouble } from "@/parts/Trouble";
import { useAct } from "@/parts/useAct";

const PAYMENTS = ["/v1/payments"];
const RETURNABLE = new Set(["captured", "partially_refunded"]);

export function PaymentActions({ payment }: { payment: PaymentDetail }) {
  const { t } = useTranslation();
  const may = useMay();
  const left = payment.captured_minor - payment.returned_minor;
  const held = payment.state === "authorized" && may("payments:act");
  const step = useAct({
    act: (verb: "capture" | "void") => ask("POST", `/v1/payments/${payment.id}/${verb}`, { body: {} }),
    done: t("The gateway was asked"),
    changes: [PAYMENTS],
  });
  return (
    <>
      {held && (
        <>
          <ConfirmButton
            question={t("{{amount}} is taken from the card.", {
              amount: money(payment.amount_minor, payment.currency),
            })}
            act={() => step.mutate("capture")}
          >
            {t("Capture")}
          </ConfirmButton>
          <ConfirmButton
            variant="light"
            color="red"
            question={t("What is reserved on the card is let go, and nothing is taken.")}
            act={() => step.mutate("void")}
          >
            {t("Void")}
          </ConfirmButton>
        </>
      )}
      {may("refunds:act") && RETURNABLE.has(payment.state) && left > 0 && (
        <Refund payment={payment} left={left} />
      )}
    </>
  );
}

function Refund({ payment, left }: { payment: PaymentDetail; left: number }) {
  const { t } = useTranslation();
  const [opened, { open, close }] = useDisclosure(false);
  const { currency } = payment;
  const digits = digitsOf(currency);
  const scale = 10 ** digits;
  const form = useForm({ initialValues: { amount: left / scale, reason: "" } });
  const refund = useAct({
    act: (given: { amount: number; reason: string }) =>
      ask("POST", `/v1/payments/${payment.id}/refunds`, {
        body: { amount_minor: minorOf(given.amount, currency), reason: given.reason },
      }),
    done: t("The refund is on its way"),
    changes: [PAYMENTS],
    then: close,
    quiet: true,
  });
  return (
    <>
      <Button leftSection={<IconReceiptRefund size={17} aria-hidden />} onClick={open}>
        {t("Refund")}
      </Button>
      <Modal
        opened={opened}
        onClose={close}
        title={t("Refund this payment")}
        closeButtonProps={{ "aria-label": t("Close") }}
      >
        <form onSubmit={form.onSubmit((given) => refund.mutate(given))}>
          <Stack>
            <Text fz="sm">
              {t("At most {{amount}} can be given back.", { amount: money(left, currency) })}
            </Text>
            <NumberInput
              label={t("Amount in {{currency}}", { currency })}
              min={1 / scale}
              max={left / scale}
              decimalScale={digits}
              fixedDecimalScale
              hideControls
              required
              data-autofocus
              {...form.getInputProps("amount")}
            />
            <TextInput label={t("Reason")} maxLength={200} {...form.getInputProps("reason")} />
            <Trouble error={refund.error} />
            <Button type="submit" color="red" loading={refund.isPending}>
              {t("Give {{amount}} back", {
                amount: money(minorOf(Number(form.values.amount) || 0, currency), currency),
              })}
            </Button>
          </Stack>
        </form>
      </Modal>
    </>
  );
}
