/** Something that is done: told when it is, told when it fails, and what it changed is asked for again. */
import { notifications } from "@mantine/notifications";
import { type QueryKey, useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

interface Act<Given, Got> {
  act: (given: Given) => Promise<Got>;
  done?: string;
  changes?: readonly QueryKey[];
  then?: (got: Got) => void;
  /** The page shows the failure itself. */
  quiet?: boolean;
}

export function useAct<Given = void, Got = unknown>({
  act,
  done,
  changes = [],
  then,
  quiet,
}: Act<Given, Got>) {
  const { t } = useTranslation();
  const kept = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: async (got) => {
      if (done) notifications.show({ message: done, color: "teal" });
      then?.(got);
      await Promise.all(changes.map((queryKey) => kept.invalidateQueries({ queryKey })));
    },
    onError: (error) => {
      if (!quiet) {
        notifications.show({
          title: t("That did not work"),
          message: error.message,
          color: "red",
          autoClose: 10_000,
          role: "alert",
        });
      }
    },
  });
}
