/** What can be done to a call that is up: hang up, pass it on, listen to it. */
import { type ButtonSize, Group, Text, TextInput } from "@mantine/core";
import { IconArrowForwardUp, IconPhoneOff } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { ask } from "@/api/client";
import { useMay } from "@/api/session";
import { Listen } from "@/pages/calls/Listen";
import { ConfirmButton } from "@/parts/ConfirmButton";
import { FormButton } from "@/parts/FormButton";
import { useAct } from "@/parts/useAct";

const CALLS = ["/v1/calls"];

interface Props {
  id: string;
  size?: ButtonSize;
  /** More of them, before the one that ends the call. */
  children?: ReactNode;
}

export function CallActions({ id, size = "sm", children }: Props) {
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
      {children}
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

function Transfer({ id, size }: { id: string; size: ButtonSize }) {
  const { t } = useTranslation();
  return (
    <FormButton
      title={t("Transfer")}
      looks={{ size, variant: "default", leftSection: <IconArrowForwardUp size={15} aria-hidden /> }}
      blank={{ to: "" }}
      act={(body) => ask("POST", `/v1/calls/${id}/transfer`, { body })}
      done={t("The call was passed on")}
      changes={[CALLS]}
      fields={(form) => (
        <>
          <Text fz="sm">
            {t("The caller is connected with this extension or number, and the line leaves the call.")}
          </Text>
          <TextInput
            label={t("Extension or number")}
            placeholder="201"
            required
            maxLength={64}
            data-autofocus
            {...form.getInputProps("to")}
          />
        </>
      )}
    />
  );
}
