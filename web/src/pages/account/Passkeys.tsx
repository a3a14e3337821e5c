/** Security keys and passkeys (WebAuthn). */
import { Button, Stack, Text } from "@mantine/core";
import { type PublicKeyCredentialCreationOptionsJSON, startRegistration } from "@simplewebauthn/browser";
import { IconFingerprint } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { ask } from "@/api/client";
import { SESSION } from "@/api/queries";
import { useSession } from "@/api/session";
import { Section } from "@/parts/Details";
import { State } from "@/parts/State";
import { Trouble } from "@/parts/Trouble";
import { useAct } from "@/parts/useAct";

export function Passkeys({ has }: { has: boolean }) {
  const { t } = useTranslation();
  const { data: session } = useSession();
  const path = `/v1/users/${session?.user.id ?? ""}/webauthn`;
  const add = useAct({
    act: async () => {
      const optionsJSON = await ask<PublicKeyCredentialCreationOptionsJSON>("POST", `${path}/options`);
      return ask("POST", path, { body: await startRegistration({ optionsJSON }) });
    },
    done: t("The key is asked for at the next sign-in"),
    changes: [SESSION],
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
        <Trouble error={add.error} />
        <Button
          size="sm"
          variant={has ? "default" : "filled"}
          leftSection={<IconFingerprint size={17} aria-hidden />}
          loading={add.isPending}
          onClick={() => add.mutate()}
        >
          {has ? t("Add another key") : t("Add a key")}
        </Button>
      </Stack>
    </Section>
  );
}
