/** The authenticator app (TOTP, RFC 6238): set up by scanning a code, proved by six digits. */
import { Button, Code, Group, PinInput, Stack, Text } from "@mantine/core";
import { QRCodeSVG } from "qrcode.react";
import { useTranslation } from "react-i18next";

import { ask } from "@/api/client";
import { SESSION } from "@/api/queries";
import { ConfirmButton } from "@/parts/ConfirmButton";
import { Section } from "@/parts/Details";
import { Secret } from "@/parts/Secret";
import { State } from "@/parts/State";
import { Trouble } from "@/parts/Trouble";
import { useAct } from "@/parts/useAct";

const PATH = "/v1/users/me/totp";

export function App({ has }: { has: boolean }) {
  const { t } = useTranslation();
  const begin = useAct({
    act: () => ask<{ address: string; secret: string }>("POST", PATH, { body: {} }),
    quiet: true,
  });
  const prove = useAct({
    act: (code: string) => ask<{ recovery_codes: readonly string[] }>("PUT", PATH, { body: { code } }),
    done: t("The authenticator app is asked for at the next sign-in"),
    changes: [SESSION],
    then: () => begin.reset(),
    quiet: true,
  });
  const remove = useAct({
    act: () => ask("DELETE", PATH),
    done: t("Removed"),
    changes: [SESSION],
    quiet: true,
  });
  return (
    <Section title={t("Authenticator app")} beside={<State state={has ? "active" : "not set up"} />}>
      <Stack align="flex-start">
        <Text fz="sm" c="dimmed">
          {t("Six digits from an app on your telephone, beside your password.")}
        </Text>
        {begin.data && !has && (
          <Group align="flex-start">
            <QRCodeSVG
              value={begin.data.address}
              size={170}
              marginSize={3}
              title={t("Scan this with the app")}
            />
            <Stack gap="xs" maw={280}>
              <Text fz="sm">{t("Scan it with the app, or type this in:")}</Text>
              <Code style={{ overflowWrap: "anywhere" }}>{begin.data.secret}</Code>
              <Text fz="sm">{t("Then the six digits that it shows:")}</Text>
              <PinInput
                length={6}
                type="number"
                oneTimeCode
                size="sm"
                getInputProps={(index) => ({ "aria-label": t("Digit {{place}} of 6", { place: index + 1 }) })}
                onComplete={(code) => prove.mutate(code)}
              />
            </Stack>
          </Group>
        )}
        {prove.data && (
          <Secret
            title={t("If you lose the app, each of these works once. Keep them; they are shown now only.")}
            value={prove.data.recovery_codes.join(" ")}
          />
        )}
        <Trouble error={begin.error ?? prove.error ?? remove.error} />
        {has ? (
          <ConfirmButton
            variant="light"
            color="red"
            size="sm"
            question={t("Your password alone is enough then.")}
            act={() => remove.mutate()}
          >
            {t("Remove the app")}
          </ConfirmButton>
        ) : (
          !begin.data && (
            <Button size="sm" loading={begin.isPending} onClick={() => begin.mutate()}>
              {t("Set up the app")}
            </Button>
          )
        )}
      </Stack>
    </Section>
  );
}
