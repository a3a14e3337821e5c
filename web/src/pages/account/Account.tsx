/** One's own sign-in: the second factors, set up and taken away. */
import { SimpleGrid } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { useSession } from "@/api/session";
import { App } from "@/pages/account/App";
import { Passkeys } from "@/pages/account/Passkeys";
import { Details } from "@/parts/Details";
import { PageHead } from "@/parts/PageHead";
import { words } from "@/parts/show";

export function Component() {
  const { t } = useTranslation();
  const { data: session } = useSession();
  if (!session) return null;
  const { user } = session;
  return (
    <>
      <PageHead title={t("Sign-in and security")} about={user.email} />
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Details
          title={t("You")}
          rows={[
            [t("Name"), user.name || "–"],
            [t("E-mail"), user.email],
            [t("Role"), words(user.role)],
          ]}
        />
        <App has={user.totp} />
        <Passkeys has={user.webauthn} />
      </SimpleGrid>
    </>
  );
}
