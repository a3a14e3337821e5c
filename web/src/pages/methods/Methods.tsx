/** Cards that gateways keep for us: charged again, or forgotten. */
import { Group } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { ask } from "@/api/client";
import { useMay } from "@/api/session";
import type { Method } from "@/api/types";
import { Charge } from "@/pages/methods/Charge";
import { text, time } from "@/parts/columns";
import { ConfirmButton } from "@/parts/ConfirmButton";
import { Listing } from "@/parts/Listing";
import { PageHead } from "@/parts/PageHead";
import { words } from "@/parts/show";
import { useAct } from "@/parts/useAct";

const PATH = "/v1/methods";

export function Component() {
  const { t } = useTranslation();
  return (
    <>
      <PageHead
        title={t("Stored cards")}
        about={t("Cards that gateways keep for us. Their numbers are not on this line.")}
      />
      <Listing<Method>
        caption={t("Stored cards")}
        path={PATH}
        id={(one) => one.id}
        empty={t("No card is stored.")}
        filters={[{ kind: "text", name: "account", label: t("Account") }]}
        columns={[
          time(t("Since"), (one) => one.created_at),
          text(t("Card"), (one) => `${words(one.brand)} ••${one.last4}`),
          text(t("Account"), (one) => one.account, "sm"),
          text(t("Gateway"), (one) => one.gateway, "md"),
          text(t("Good for"), (one) => (one.reusable ? t("many charges") : t("one charge")), "md"),
          { title: t("Action"), show: (one) => <Actions method={one} /> },
        ]}
      />
    </>
  );
}

function Actions({ method }: { method: Method }) {
  const { t } = useTranslation();
  const may = useMay();
  const forget = useAct({
    act: () => ask("DELETE", `${PATH}/${method.id}`),
    done: t("The card was forgotten"),
    changes: [[PATH]],
  });
  if (!may("methods:act")) return null;
  return (
    <Group gap="xs" wrap="nowrap">
      <Charge method={method} />
      <ConfirmButton
        size="compact-sm"
        variant="light"
        color="red"
        question={t("It is never charged again, and its token is overwritten.")}
        act={() => forget.mutate()}
      >
        {t("Forget")}
      </ConfirmButton>
    </Group>
  );
}
