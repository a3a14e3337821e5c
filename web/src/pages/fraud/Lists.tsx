/** What always passes the screen, and what never does. Of each thing its keyed hash alone is kept. */
import { Group } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { ask } from "@/api/client";
import { useMay } from "@/api/session";
import type { ListEntry } from "@/api/types";
import { NewEntry } from "@/pages/fraud/NewEntry";
import { LISTS } from "@/pages/fraud/paths";
import { text, time } from "@/parts/columns";
import { ConfirmButton } from "@/parts/ConfirmButton";
import { choice } from "@/parts/Filters";
import { Listing } from "@/parts/Listing";
import { Id, When, words } from "@/parts/show";
import { State } from "@/parts/State";
import { useAct } from "@/parts/useAct";

export function Lists() {
  const { t } = useTranslation();
  const may = useMay();
  return (
    <>
      {may("fraud:act") && (
        <Group justify="flex-end" mb="xs">
          <NewEntry />
        </Group>
      )}
      <Listing<ListEntry>
        caption={t("Always and never")}
        path={LISTS}
        id={(one) => one.kind + one.hash}
        empty={t("Nothing is on a list.")}
        filters={[
          choice("kind", t("Kind"), ["card", "caller", "account", "address"]),
          {
            kind: "choice",
            name: "allow",
            label: t("List"),
            choices: [
              { value: "true", label: t("Always passes") },
              { value: "false", label: t("Never passes") },
            ],
          },
        ]}
        columns={[
          text(t("Kind"), (one) => words(one.kind)),
          {
            title: t("List"),
            show: (one) => (
              <State
                state={one.allow ? t("always passes") : t("never passes")}
                colour={one.allow ? "teal" : "red"}
              />
            ),
          },
          {
            title: t("Hash"),
            from: "md",
            show: (one) => <Id>{`${one.hash.slice(0, 12)}…`}</Id>,
          },
          text(t("Why"), (one) => one.reason),
          text(t("By"), (one) => one.by, "sm"),
          time(t("Since"), (one) => one.at, "sm"),
          {
            title: t("Until"),
            from: "md",
            show: (one) => (one.until ? <When at={one.until} /> : t("for ever")),
          },
          { title: t("Action"), show: (one) => <TakeOff entry={one} /> },
        ]}
      />
    </>
  );
}

function TakeOff({ entry }: { entry: ListEntry }) {
  const { t } = useTranslation();
  const may = useMay();
  const remove = useAct({
    act: () => ask("DELETE", `${LISTS}/${entry.kind}/${entry.hash}`),
    done: t("Taken off the list"),
    changes: [[LISTS]],
  });
  if (!may("fraud:act")) return null;
  return (
    <ConfirmButton
      size="compact-sm"
      variant="light"
      color="red"
      question={t("The screen judges it like all others again.")}
      act={() => remove.mutate()}
    >
      {t("Take off")}
    </ConfirmButton>
  );
}
