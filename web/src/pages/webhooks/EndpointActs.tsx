/** What is done to an endpoint: told no longer, told again, signed with a new secret. */
import { Group, NumberInput, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { ask, askVersion } from "@/api/client";
import { useMay } from "@/api/session";
import type { Endpoint } from "@/api/types";
import { Topics } from "@/pages/webhooks/Topics";
import { ConfirmButton } from "@/parts/ConfirmButton";
import { FormButton } from "@/parts/FormButton";
import { Secret } from "@/parts/Secret";
import { useAct } from "@/parts/useAct";

const ENDPOINTS = ["/v1/webhooks/endpoints"];
const KEPT_HOURS = 24;

export function EndpointActs({ endpoint }: { endpoint: Endpoint }) {
  const { t } = useTranslation();
  const may = useMay();
  const path = `/v1/webhooks/endpoints/${endpoint.id}`;
  const off = endpoint.disabled_at !== null;
  const change = async (body: { disabled: boolean } | { topics: string[] }) => {
    const { etag } = await askVersion<Endpoint>(path);
    return ask("PATCH", path, { body, headers: { "If-Match": etag } });
  };
  const turn = useAct({
    act: () => change({ disabled: !off }),
    done: off ? t("It is told again") : t("It is told nothing more"),
    changes: [ENDPOINTS],
  });
  if (!may("webhooks:act")) return null;
  return (
    <Group gap="xs" wrap="nowrap">
      <FormButton
        title={t("New secret")}
        looks={{ size: "compact-sm", variant: "default" }}
        blank={{ keep_hours: KEPT_HOURS }}
        does={t("Make a new secret")}
        act={({ keep_hours }) =>
          ask<{ secret: string }>("POST", `${path}/rotate`, { body: { keep_hours: Number(keep_hours) } })
        }
        changes={[ENDPOINTS]}
        once={(got) => <Secret title={t("Keep this secret: it is shown once")} value={got.secret} />}
        fields={(form) => (
          <>
            <Text fz="sm">{t("For a while its events are signed with the old secret, too.")}</Text>
            <NumberInput
              label={t("Hours of the old secret")}
              required
              min={0}
              max={720}
              data-autofocus
              {...form.getInputProps("keep_hours")}
            />
          </>
        )}
      />
      <FormButton
        title={t("Topics")}
        looks={{ size: "compact-sm", variant: "default" }}
        blank={{ topics: endpoint.topics }}
        does={t("Keep")}
        act={(body) => change(body)}
        done={t("Kept; events from now on are told so")}
        changes={[ENDPOINTS]}
        fields={(form) => <Topics {...form.getInputProps("topics")} />}
      />
      <ConfirmButton
        size="compact-sm"
        variant="light"
        color={off ? "teal" : "red"}
        question={
          off ? t("It is told of each event from now on.") : t("It is told of no event until it is enabled.")
        }
        act={() => turn.mutate()}
      >
        {off ? t("Enable") : t("Disable")}
      </ConfirmButton>
    </Group>
  );
}
