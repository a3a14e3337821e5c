/** One's own sign-in: the password and the second factors. */
import { Alert, SimpleGrid } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { useSession } from "@/api/session";
import { App } from "@/pages/account/App";
import { Passkeys } from "@/pages/account/Passkeys";
import { Password } from "@/pages/account/Password";
import { Details } from "@/parts/Details";
import { PageHead } from "@/parts/PageHead";
import { words } from "@/parts/show";

export function Component() {
  const { t } = useTranslation();
  const { data: session } = useSession();
  if (!session) return null;
  const { user, to_do: todo } = session;
  return (
    <>
      <PageHead title={t("Sign-in and security")} about={user.email} />
      {todo.length > 0 && (
        <Alert color="orange" mb="md" title={t("Before you go on")} role="status">
          {todo.includes("password") && <div>{t("Choose a password of your own.")}</div>}
          {todo.includes("second_factor") && <div>{t("Set up a second factor: an app or a passkey.")}</div>}
        </Alert>
      )}
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Details
          title={t("You")}
          rows={[
            [t("Name"), user.name || "–"],
            [t("E-mail"), user.email],
            [t("Role"), words(user.role)],
          ]}
        />
        <Password />
        <App has={user.totp} />
        <Passkeys has={user.webauthn} />
      </SimpleGrid>
    </>
  );
}
