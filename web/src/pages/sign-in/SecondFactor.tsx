/** The second factor: six digits of an app, or a key that is touched. */
import { Button, PinInput, Stack, Text } from "@mantine/core";
import { type PublicKeyCredentialRequestOptionsJSON, startAuthentication } from "@simplewebauthn/browser";
import { IconFingerprint } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { ask } from "@/api/client";
import { Trouble } from "@/parts/Trouble";
import { useAct } from "@/parts/useAct";

interface Props {
  factor: string;
  enter: () => void;
  back: () => void;
}

export function SecondFactor({ factor, enter, back }: Props) {
  const { t } = useTranslation();
  return (
    <Stack align="center">
      {factor === "totp" ? <Code enter={enter} /> : <Touch enter={enter} />}
      <Button variant="subtle" size="compact-sm" onClick={back}>
        {t("Begin again")}
      </Button>
    </Stack>
  );
}

function Code({ enter }: { enter: () => void }) {
  const { t } = useTranslation();
  const check = useAct({
    act: (code: string) => ask("POST", "/v1/session/totp", { body: { code } }),
    then: enter,
    quiet: true,
  });
  return (
    <>
      <Text id="code-label" fz="sm">
        {t("The six digits that your authenticator app shows")}
      </Text>
      <PinInput
        length={6}
        type="number"
        oneTimeCode
        // eslint-disable-next-line jsx-a11y/no-autofocus -- the form before it is gone, and the focus with it
        autoFocus
        getInputProps={(index) => ({ "aria-label": t("Digit {{place}} of 6", { place: index + 1 }) })}
        aria-labelledby="code-label"
        disabled={check.isPending}
        onComplete={(code) => check.mutate(code)}
      />
      <Trouble error={check.error} title={t("Not signed in")} />
    </>
  );
}

function Touch({ enter }: { enter: () => void }) {
  const { t } = useTranslation();
  const touch = useAct({
    act: async () => {
      const optionsJSON = await ask<PublicKeyCredentialRequestOptionsJSON>(
        "POST",
        "/v1/session/webauthn/options",
      );
      return ask("POST", "/v1/session/webauthn", { body: await startAuthentication({ optionsJSON }) });
    },
    then: enter,
    quiet: true,
  });
  return (
    <>
      <Button
        leftSection={<IconFingerprint size={18} />}
        loading={touch.isPending}
        onClick={() => touch.mutate()}
        fullWidth
      >
        {t("Use your security key")}
      </Button>
      <Trouble error={touch.error} title={t("Not signed in")} />
    </>
  );
}
