/** Security keys and passkeys (WebAuthn). */
import { Button, Group, Stack, Text } from "@mantine/core";
import { type PublicKeyCredentialCreationOptionsJSON, startRegistration } from "@simplewebauthn/browser";
import { IconFingerprint } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { ask } from "@/api/client";
import { SESSION } from "@/api/queries";
import type { Passkey } from "@/api/types";
import { ConfirmButton } from "@/parts/ConfirmButton";
import { Section } from "@/parts/Details";
import { When } from "@/parts/show";
import { State } from "@/parts/State";
import { Trouble } from "@/parts/Trouble";
import { useAct } from "@/parts/useAct";

const PATH = "/v1/users/me/webauthn";

export function Passkeys({ has }: { has: boolean }) {
  const { t } = useTranslation();
  const known = useQuery({
    queryKey: [PATH],
    queryFn: ({ signal }) => ask<{ data: readonly Passkey[] }>("GET", PATH, { signal }),
  });
  const add = useAct({
    act: async () => {
      const optionsJSON = await ask<PublicKeyCredentialCreationOptionsJSON>("POST", `${PATH}/options`);
      return ask("POST", PATH, { body: { credential: await startRegistration({ optionsJSON }) } });
    },
    done: t("The passkey is asked for at the next sign-in"),
    changes: [SESSION, [PATH]],
    quiet: true,
  });
  const remove = useAct({
    act: (id: string) => ask("DELETE", `${PATH}/${encodeURIComponent(id)}`),
    done: t("Removed"),
    changes: [SESSION, [PATH]],
    quiet: true,
  });
  return (
    <Section title={t("Security key or passkey")} beside={<State state={has ? "active" : "not set up"} />}>
      <Stack align="flex-start">
        <Text fz="sm" c="dimmed">
          {t(
            "A key that you touch, or this machine's own fingerprint or face check. Nobody can lure it out of you.",
          )}
        </Text>
        {known.data?.data.map((one) => (
          <Group key={one.id} justify="space-between" w="100%">
            <Text fz="sm">
              {one.name}, {t("last used")} <When at={one.used_at ?? one.created_at} />
            </Text>
            <ConfirmButton
              size="compact-sm"
              variant="light"
              color="red"
              question={t("This passkey no longer signs you in.")}
              act={() => remove.mutate(one.id)}
            >
              {t("Remove")}
            </ConfirmButton>
          </Group>
        ))}
        <Trouble error={add.error ?? remove.error} />
        <Button
          size="sm"
          variant={has ? "default" : "filled"}
          leftSection={<IconFingerprint size={17} aria-hidden />}
          loading={add.isPending}
          onClick={() => add.mutate()}
        >
          {has ? t("Add another passkey") : t("Add a passkey")}
        </Button>
      </Stack>
    </Section>
  );
}
