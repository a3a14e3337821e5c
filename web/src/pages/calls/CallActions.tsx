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
      <Listen id={id} size={size} />
      <Transfer id={id} size={size} />
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

interface Props {
  id: string;
  size: ButtonSize;
}

function Listen({ id, size }: Props) {
  const { t } = useTranslation();
  const [opened, { open, close }] = useDisclosure(false);
  const ear = useAct({
    act: () => ask<{ url: string }>("POST", `/v1/calls/${id}/listen`, { body: {} }),
    then: open,
  });
  return (
    <>
      <Button
        size={size}
        variant="default"
        leftSection={<IconEar size={15} aria-hidden />}
        loading={ear.isPending}
        onClick={() => ear.mutate()}
      >
        {t("Listen")}
      </Button>
      <Modal
        opened={opened}
        onClose={close}
        title={t("Listen")}
        closeButtonProps={{ "aria-label": t("Close") }}
      >
        <Stack>
          <Text fz="sm">
            {t("You hear the call, and nobody hears you. It is silent while a card is keyed in.")}
          </Text>
          {/* eslint-disable-next-line jsx-a11y/media-has-caption -- what is said is written on the page */}
          <audio
            controls
            autoPlay
            src={ear.data?.url}
            style={{ width: "100%" }}
            aria-label={t("The call, live")}
          />
        </Stack>
      </Modal>
    </>
  );
}

function Transfer({ id, size }: Props) {
  const { t } = useTranslation();
  const [opened, { open, close }] = useDisclosure(false);
  const form = useForm({ mode: "uncontrolled", initialValues: { to: "" } });
  const send = useAct({
    act: (given: { to: string }) => ask("POST", `/v1/calls/${id}/transfer`, { body: given }),
    done: t("The call was passed on"),
    changes: [CALLS],
    then: close,
    quiet: true,
  });
  return (
    <>
      <Button
        size={size}
        variant="default"
        leftSection={<IconArrowForwardUp size={15} aria-hidden />}
        onClick={open}
      >
        {t("Transfer")}
      </Button>
      <Modal
        opened={opened}
        onClose={close}
        title={t("Transfer")}
        closeButtonProps={{ "aria-label": t("Close") }}
      >
        <form onSubmit={form.onSubmit((given) => send.mutate(given))}>
          <Stack>
            <Text fz="sm">
              {t("The caller is connected with this extension or number, and the line leaves the call.")}
            </Text>
            <TextInput
              label={t("Extension or number")}
              placeholder="201"
              required
              data-autofocus
              {...form.getInputProps("to")}
            />
            <Trouble error={send.error} />
            <Button type="submit" loading={send.isPending}>
              {t("Transfer")}
            </Button>
          </Stack>
        </form>
      </Modal>
    </>
  );
}
