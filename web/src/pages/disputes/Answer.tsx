/** What can be done about a dispute: contest it with evidence, or accept it. */
import { Button, Group, Modal, Stack, Textarea } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useDisclosure } from "@mantine/hooks";
import { useTranslation } from "react-i18next";

import { ask } from "@/api/client";
import { useMay } from "@/api/session";
import type { Dispute } from "@/api/types";
import { ConfirmButton } from "@/parts/ConfirmButton";
import { Trouble } from "@/parts/Trouble";
import { useAct } from "@/parts/useAct";

const DISPUTES = ["/v1/disputes"];

export function Answer({ dispute }: { dispute: Dispute }) {
  const { t } = useTranslation();
  const may = useMay();
  const [opened, { open, close }] = useDisclosure(false);
  const form = useForm({ mode: "uncontrolled", initialValues: { text: "" } });
  const contest = useAct({
    act: (evidence: { text: string }) =>
      ask("POST", `/v1/disputes/${dispute.id}/evidence`, { body: evidence }),
    done: t("The evidence was sent"),
    changes: [DISPUTES],
    then: close,
    quiet: true,
  });
  const accept = useAct({
    act: () => ask("POST", `/v1/disputes/${dispute.id}/accept`, { body: {} }),
    done: t("The dispute was accepted"),
    changes: [DISPUTES],
  });
  if (dispute.stage !== "opened" || !may("payments:act")) return null;
  return (
    <Group gap={6} wrap="nowrap">
      <Button size="compact-sm" variant="default" onClick={open}>
        {t("Contest")}
      </Button>
      <ConfirmButton
        size="compact-sm"
        variant="light"
        color="red"
        question={t("The cardholder keeps the money, and the dispute is over.")}
        act={() => accept.mutate()}
      >
        {t("Accept")}
      </ConfirmButton>
      <Modal
        opened={opened}
        onClose={close}
        title={t("Contest this dispute")}
        closeButtonProps={{ "aria-label": t("Close") }}
      >
        <form onSubmit={form.onSubmit((given) => contest.mutate(given))}>
          <Stack>
            <Textarea
              label={t("What speaks for the payment")}
              description={t("It goes to the cardholder's bank by way of the gateway.")}
              required
              autosize
              minRows={4}
              data-autofocus
              {...form.getInputProps("text")}
            />
            <Trouble error={contest.error} />
            <Button type="submit" loading={contest.isPending}>
              {t("Send the evidence")}
            </Button>
          </Stack>
        </form>
      </Modal>
    </Group>
  );
}
