/** What can be done with a payment where it stands: give money back, take what is reserved, or let it go. */
import { NumberInput, Text, TextInput } from "@mantine/core";
import { IconReceiptRefund } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { ask } from "@/api/client";
import { useMay } from "@/api/session";
import type { PaymentDetail } from "@/api/types";
import { ConfirmButton } from "@/parts/ConfirmButton";
import { FormButton } from "@/parts/FormButton";
import { digitsOf, minorOf, money } from "@/parts/show";
import { useAct } from "@/parts/useAct";

const PAYMENTS = ["/v1/payments"];
interface Order extends Record<string, unknown> {
  amount: number | string;
  reason: string;
}

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
  const { currency } = payment;
  const digits = digitsOf(currency);
  const scale = 10 ** digits;
  const blank: Order = { amount: left / scale, reason: "" };
  const minor = (given: Order) => minorOf(Number(given.amount) || 0, currency);
  return (
    <FormButton
      title={t("Refund")}
      looks={{ leftSection: <IconReceiptRefund size={17} aria-hidden /> }}
      colour="red"
      blank={blank}
      does={(given) => t("Give {{amount}} back", { amount: money(minor(given), currency) })}
      act={(given) =>
        ask("POST", `/v1/payments/${payment.id}/refunds`, {
          body: { amount_minor: minor(given), reason: given.reason },
        })
      }
      done={t("The refund is on its way")}
      changes={[PAYMENTS]}
      fields={(form) => (
        <>
          <Text fz="sm">{t("At most {{amount}} can be given back.", { amount: money(left, currency) })}</Text>
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
        </>
      )}
    />
  );
}
