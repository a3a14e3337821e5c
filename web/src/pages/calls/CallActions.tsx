/** What can be done to a call that is up: hang up, pass it on, listen to it. */
import { Button, type ButtonSize, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useDisclosure } from "@mantine/hooks";
import { IconArrowForwardUp, IconEar, IconPhoneOff } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { ask } from "@/api/client";
import { useMay } from "@/api/session";
import { ConfirmButton } from "@/parts/ConfirmButton";
import { Trouble } from "@/parts/Trouble";
import { useAct } from "@/parts/useAct";

const CALLS = ["/v1/calls"];

export function CallActions({ id, size = "sm" }: { id: string; size?: ButtonSize }) {
  const { t } = useTranslation();
  const may = useMay();
  const hangUp = useAct({
    act: () => ask("POST", `/v1/calls/${id}/hangup`, { body: {} }),
    done: t("Hung up"),
    changes: [CALLS],
  });
  if (!may("calls:act")) return null;
  return (
    <Group gap="xs">
      <Destination
        id={id}
        size={size}
        verb="listen"
        title={t("Listen")}
        about={t("Your telephone rings; you hear the call, and nobody hears you. Card entry is never heard.")}
        icon={<IconEar size={15} />}
      />
      <Destination
        id={id}
        size={size}
        verb="transfer"
        title={t("Transfer")}
        about={t("The caller is connected with this extension or number, and the line leaves the call.")}
        icon={<IconArrowForwardUp size={15} />}
      />
      <ConfirmButton
        size={size}
        variant="light"
        color="red"
        leftSection={<IconPhoneOff size={15} />}
        question={t("The caller is cut off at once. A card that is being keyed in is forgotten.")}
        act={() => hangUp.mutate()}
        loading={hangUp.isPending}
      >
        {t("Hang up")}
      </ConfirmButton>
    </Group>
  );
}

interface DestinationProps {
  id: string;
  size: ButtonSize;
  verb: "listen" | "transfer";
  title: string;
  about: string;
  icon: React.ReactNode;
}

function Destination({ id, size, verb, title, about, icon }: DestinationProps) {
  const { t } = useTranslation();
  const [opened, { open, close }] = useDisclosure(false);
  const form = useForm({ mode: "uncontrolled", initialValues: { to: "" } });
  const send = useAct({
    act: (given: { to: string }) => ask("POST", `/v1/calls/${id}/${verb}`, { body: given }),
    done: verb === "listen" ? t("Your telephone rings") : t("The call was passed on"),
    changes: [CALLS],
    then: close,
    quiet: true,
  });
  return (
    <>
      <Button size={size} variant="default" leftSection={icon} onClick={open}>
        {title}
      </Button>
      <Modal opened={opened} onClose={close} title={title} closeButtonProps={{ "aria-label": t("Close") }}>
        <form onSubmit={form.onSubmit((given) => send.mutate(given))}>
          <Stack>
            <Text fz="sm">{about}</Text>
            <TextInput
              label={t("Extension or number")}
              placeholder="201"
              required
              data-autofocus
              {...form.getInputProps("to")}
            />
            <Trouble error={send.error} />
            <Button type="submit" loading={send.isPending}>
              {title}
            </Button>
          </Stack>
        </form>
      </Modal>
    </>
  );
}
