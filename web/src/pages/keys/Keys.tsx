/** Keys by which programs use the line's interface. */
import { Group, Text } from "@mantine/core";
import { modals } from "@mantine/modals";
import { useTranslation } from "react-i18next";

import { ask } from "@/api/client";
import { useMay } from "@/api/session";
import type { ApiKey } from "@/api/types";
import { NewKey } from "@/pages/keys/NewKey";
import { ConfirmButton } from "@/parts/ConfirmButton";
import { Listing } from "@/parts/Listing";
import { PageHead } from "@/parts/PageHead";
import { Secret } from "@/parts/Secret";
import { Id, When } from "@/parts/show";
import { State } from "@/parts/State";
import { useAct } from "@/parts/useAct";

const PATH = "/v1/keys";

export function Component() {
  const { t } = useTranslation();
  const may = useMay();
  return (
    <>
      <PageHead title={t("API keys")} about={t("Keys by which programs use the line")}>
        {may("keys:write") && <NewKey />}
      </PageHead>
      <Listing<ApiKey>
        caption={t("API keys")}
        path={PATH}
        id={(one) => one.id}
        empty={t("There is no key.")}
        columns={[
          {
            title: t("Name"),
            show: (one) => (
              <>
                <Text fz="sm" fw={600} style={{ overflowWrap: "anywhere" }}>
                  {one.name}
                </Text>
                <Id>{`${one.start}…`}</Id>
              </>
            ),
          },
          {
            title: t("May"),
            from: "md",
            show: (one) => (
              <Text fz="xs" c="dimmed" lineClamp={2} maw={420}>
                {one.scopes.join(", ")}
              </Text>
            ),
          },
          {
            title: t("Made"),
            from: "sm",
            show: (one) => <When at={one.created_at} />,
          },
          { title: t("Last used"), show: (one) => <When at={one.used_at} /> },
          { title: t("State"), show: (one) => <State state={standing(one)} /> },
          { title: t("Action"), show: (one) => <Actions apiKey={one} /> },
        ]}
      />
    </>
  );
}

function standing(key: ApiKey): string {
  if (key.revoked_at) return "revoked";
  return key.expires_at && Date.parse(key.expires_at) < Date.now() ? "expired" : "active";
}

function Actions({ apiKey }: { apiKey: ApiKey }) {
  const { t } = useTranslation();
  const may = useMay();
  const rotate = useAct({
    act: () => ask<{ key: string }>("POST", `${PATH}/${apiKey.id}/rotate`, { body: {} }),
    changes: [[PATH]],
    then: (got) =>
      modals.open({
        title: apiKey.name,
        children: <Secret title={t("Keep this key: it is shown once")} value={got.key} />,
      }),
  });
  const remove = useAct({
    act: () => ask("DELETE", `${PATH}/${apiKey.id}`),
    done: t("The key opens nothing any more"),
    changes: [[PATH]],
  });
  if (!may("keys:write") || apiKey.revoked_at) return null;
  return (
    <Group gap={6}>
      <ConfirmButton
        size="compact-sm"
        variant="default"
        question={t("You get a new key; the present one is taken for 24 more hours.")}
        act={() => rotate.mutate()}
      >
        {t("Rotate")}
      </ConfirmButton>
      <ConfirmButton
        size="compact-sm"
        variant="light"
        color="red"
        question={t("Programs that use this key are refused from now on.")}
        act={() => remove.mutate()}
      >
        {t("Revoke")}
      </ConfirmButton>
    </Group>
  );
}
