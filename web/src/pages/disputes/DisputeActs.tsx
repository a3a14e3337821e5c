/** The two answers to a dispute that is open: evidence against it, or giving it up. */
import { Group, Text, Textarea } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { ask } from "@/api/client";
import { useMay } from "@/api/session";
import type { Dispute } from "@/api/types";
import { ConfirmButton } from "@/parts/ConfirmButton";
import { FormButton } from "@/parts/FormButton";
import { money } from "@/parts/show";
import { useAct } from "@/parts/useAct";

const LONGEST = 500;
const CHANGED = [["/v1/disputes"], ["/v1/payments"]];

export function DisputeActs({ dispute }: { dispute: Dispute }) {
  const { t } = useTranslation();
  const may = useMay();
  const path = `/v1/disputes/${encodeURIComponent(dispute.id)}`;
  const accept = useAct({
    act: () => ask("POST", `${path}/accept`, { body: {} }),
    done: t("The dispute was given up"),
    changes: CHANGED,
  });
  const said = dispute.answer?.state === "done" ? dispute.answer.kind : "";
  if (dispute.stage !== "opened" || said === "accepted" || !may("payments:act")) return null;
  return (
    <Group gap="xs" wrap="nowrap">
      {said !== "evidence" && (
        <FormButton
          title={t("Evidence")}
          looks={{ size: "compact-sm", variant: "default" }}
          blank={{ text: "" }}
          does={t("Hand it in")}
          act={(body) => ask("POST", `${path}/evidence`, { body })}
          done={t("The evidence was handed in")}
          changes={CHANGED}
          fields={(form) => (
            <>
              <Text fz="sm">
                {t("The gateway passes it on to the cardholder's bank. It is handed in once.")}
              </Text>
              <Textarea
                label={t("What speaks against the dispute")}
                required
                maxLength={LONGEST}
                autosize
                minRows={4}
                data-autofocus
                {...form.getInputProps("text")}
              />
            </>
          )}
        />
      )}
      <ConfirmButton
        size="compact-sm"
        variant="light"
        color="red"
        question={t("The cardholder keeps {{amount}}; this cannot be taken back.", {
          amount: money(dispute.amount_minor, dispute.currency),
        })}
        act={() => accept.mutate()}
      >
        {t("Give up")}
      </ConfirmButton>
    </Group>
  );
}
