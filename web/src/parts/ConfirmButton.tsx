/** A button whose deed is asked about once more. */
import { Button, type ButtonProps, Text } from "@mantine/core";
import { modals } from "@mantine/modals";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

interface Props extends ButtonProps {
  children: string;
  question: ReactNode;
  act: () => void;
}

export function ConfirmButton({ children, question, act, ...looks }: Props) {
  const { t } = useTranslation();
  const open = () =>
    modals.openConfirmModal({
      title: children,
      children: <Text fz="sm">{question}</Text>,
      labels: { confirm: children, cancel: t("Leave it") },
      confirmProps: { color: looks.color },
      closeButtonProps: { "aria-label": t("Close") },
      onConfirm: act,
    });
  return (
    <Button {...looks} onClick={open}>
      {children}
    </Button>
  );
}
