/** The second factor: a key that is touched, six digits of an app, or a recovery code; each where there is one. */
import { Button, PinInput, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { type PublicKeyCredentialRequestOptionsJSON, startAuthentication } from "@simplewebauthn/browser";
import { IconFingerprint } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { ask } from "@/api/client";
import { Trouble } from "@/parts/Trouble";
import { useAct } from "@/parts/useAct";

interface Props {
  /** What would do, the strongest first. */
  factors: readonly string[];
  enter: () => void;
  back: () => void;
}

const WAYS: Readonly<Record<string, (props: { enter: () => void }) => React.ReactNode>> = {
  webauthn: Touch,
  totp: Digits,
  recovery: Recovery,
};

export function SecondFactor({ factors, enter, back }: Props) {
  const { t } = useTranslation();
  const ways = factors.includes("totp") ? [...factors, "recovery"] : factors;
  const [way, take] = useState(ways[0] ?? "totp");
  const Way = WAYS[way] ?? Digits;
  const others: Readonly<Record<string, string>> = {
    webauthn: t("Use your security key instead"),
    totp: t("Use the authenticator app instead"),
    recovery: t("Use a recovery code instead"),
  };
  return (
    <Stack align="center" gap="sm">
      <Way enter={enter} />
      {ways
        .filter((one) => one !== way)
        .map((one) => (
          <Button key={one} variant="subtle" size="compact-sm" onClick={() => take(one)}>
            {others[one]}
          </Button>
        ))}
      <Button variant="subtle" size="compact-sm" onClick={back}>
        {t("Begin again")}
      </Button>
    </Stack>
  );
}

function useCode(enter: () => void) {
  return useAct({
    act: (code: string) => ask("POST", "/v1/session/totp", { body: { code } }),
    then: enter,
    quiet: true,
  });
}

function Digits({ enter }: { enter: () => void }) {
  const { t } = useTranslation();
  const check = useCode(enter);
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

function Recovery({ enter }: { enter: () => void }) {
  const { t } = useTranslation();
  const check = useCode(enter);
  const form = useForm({ mode: "uncontrolled", initialValues: { code: "" } });
  return (
    <form style={{ width: "100%" }} onSubmit={form.onSubmit(({ code }) => check.mutate(code.trim()))}>
      <Stack>
        <TextInput
          label={t("Recovery code")}
          description={t("One of those that were shown when the app was set up. It works once.")}
          required
          minLength={6}
          autoComplete="off"
          {...form.getInputProps("code")}
        />
        <Trouble error={check.error} title={t("Not signed in")} />
        <Button type="submit" loading={check.isPending}>
          {t("Sign in")}
        </Button>
      </Stack>
    </form>
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
