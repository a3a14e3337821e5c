/** What the line wrote to people, and whether it arrived; and the templates of it. */
import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { ask } from "@/api/client";
import { useMay } from "@/api/session";
import type { Message } from "@/api/types";
import { Templates } from "@/pages/messages/Templates";
import { ConfirmButton } from "@/parts/ConfirmButton";
import { Listing } from "@/parts/Listing";
import { PageHead } from "@/parts/PageHead";
import { When, words } from "@/parts/show";
import { State } from "@/parts/State";
import { Tabbed } from "@/parts/Tabbed";
import { useAct } from "@/parts/useAct";

export function Component() {
  const { t } = useTranslation();
  return (
    <>
      <PageHead title={t("Messages")} about={t("Receipts, links and codes that the line sent")} />
      <Tabbed
        tabs={[
          { name: "outbox", title: t("Outbox"), content: <Outbox /> },
          { name: "templates", title: t("Templates"), content: <Templates /> },
        ]}
      />
    </>
  );
}

function Outbox() {
  const { t } = useTranslation();
  return (
    <Listing<Message>
      caption={t("Outbox")}
      path="/v1/messages"
      id={(one) => one.id}
      empty={t("Nothing was sent yet.")}
      every={15_000}
      filters={[
        {
          kind: "choice",
          name: "state",
          label: t("State"),
          choices: ["queued", "sent", "delivered", "failed"].map((value) => ({ value, label: words(value) })),
        },
        { kind: "text", name: "to", label: t("To") },
      ]}
      columns={[
        { title: t("When"), show: (one) => <When at={one.created_at} /> },
        { title: t("To"), show: (one) => one.to },
        { title: t("What"), from: "sm", show: (one) => words(one.template) },
        {
          title: t("Words"),
          from: "md",
          show: (one) => (
            <Text fz="sm" lineClamp={2} maw={420}>
              {one.subject || one.text}
            </Text>
          ),
        },
        { title: t("State"), show: (one) => <State state={one.state} /> },
        { title: t("Action"), show: (one) => <Again message={one} /> },
      ]}
    />
  );
}

function Again({ message }: { message: Message }) {
  const { t } = useTranslation();
  const may = useMay();
  const again = useAct({
    act: () => ask("POST", `/v1/messages/${message.id}/again`, { body: {} }),
    done: t("It is sent again"),
    changes: [["/v1/messages"]],
  });
  if (message.state !== "failed" || !may("messages:write")) return null;
  return (
    <ConfirmButton
      size="compact-sm"
      variant="default"
      question={t("The same words are sent to the same address once more.")}
      act={() => again.mutate()}
    >
      {t("Send again")}
    </ConfirmButton>
  );
}
