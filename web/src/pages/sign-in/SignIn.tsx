/** Signing in: e-mail and password, then the second factor where there is one. */
import { Alert, Button, Center, Paper, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useDocumentTitle } from "@mantine/hooks";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Navigate, useNavigate, useSearchParams } from "react-router";

import { ask } from "@/api/client";
import { queries, SESSION } from "@/api/queries";
import { useSession } from "@/api/session";
import type { SignedIn } from "@/api/types";
import { SecondFactor } from "@/pages/sign-in/SecondFactor";
import { Trouble } from "@/parts/Trouble";
import { useAct } from "@/parts/useAct";
import { Logo } from "@/shell/Logo";

export function Component() {
  const { t } = useTranslation();
  const [params] = useSearchParams();
  const go = useNavigate();
  const { data: session } = useSession();
  const [factors, setFactors] = useState<SignedIn["second_factors"]>([]);
  useDocumentTitle(`${t("Sign in")} · Tellerline`);
  const next = inside(params.get("next"));
  if (session) return <Navigate to={next} replace />;
  const enter = () => void queries.invalidateQueries({ queryKey: SESSION }).then(() => go(next));
  return (
    <Center component="main" mih="100vh" p="md">
      <Paper p={{ base: "lg", sm: "xl" }} w="100%" maw={400} shadow="sm">
        <Stack gap="lg">
          <Stack gap={6} align="center">
            <Logo size={44} />
            <Title order={1} fz="h3">
              {t("Sign in to Tellerline")}
            </Title>
            <Text c="dimmed" fz="sm" ta="center">
              {factors.length === 0 ? t("With the account of your telephone line") : t("One more step")}
            </Text>
          </Stack>
          {params.get("why") === "idle" && (
            <Alert color="blue" role="status">
              {t("Nobody used this page for a while, so it signed out.")}
            </Alert>
          )}
          {factors.length === 0 ? (
            <PasswordForm
              found={(got) => (got.second_factors.length ? setFactors(got.second_factors) : enter())}
            />
          ) : (
            <SecondFactor factors={factors} enter={enter} back={() => setFactors([])} />
          )}
        </Stack>
      </Paper>
    </Center>
  );
}

function PasswordForm({ found }: { found: (got: SignedIn) => void }) {
  const { t } = useTranslation();
  const form = useForm({ mode: "uncontrolled", initialValues: { email: "", password: "" } });
  const signIn = useAct({
    act: (given: { email: string; password: string }) =>
      ask<SignedIn>("POST", "/v1/session", { body: given }),
    then: found,
    quiet: true,
  });
  return (
    <form onSubmit={form.onSubmit((given) => signIn.mutate(given))}>
      <Stack>
        <TextInput
          label={t("E-mail")}
          type="email"
          autoComplete="username"
          required
          {...form.getInputProps("email")}
        />
        <PasswordInput
          label={t("Password")}
          autoComplete="current-password"
          required
          visibilityToggleButtonProps={{ "aria-label": t("Show the password") }}
          {...form.getInputProps("password")}
        />
        <Trouble error={signIn.error} title={t("Not signed in")} />
        <Button type="submit" loading={signIn.isPending} fullWidth>
          {t("Sign in")}
        </Button>
      </Stack>
    </form>
  );
}

/** Only addresses of this page are gone to. */
function inside(path: string | null): string {
  return path?.startsWith("/") && !path.startsWith("//") && !path.startsWith("/\\") ? path : "/";
}
