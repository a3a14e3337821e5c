/** Who may sign in, and what they are for. */
import { Group, Text } from "@mantine/core";
import { modals } from "@mantine/modals";
import { useTranslation } from "react-i18next";

import { ask } from "@/api/client";
import { useMay, useSession } from "@/api/session";
import type { User } from "@/api/types";
import { NewUser } from "@/pages/users/NewUser";
import { ConfirmButton } from "@/parts/ConfirmButton";
import { Listing } from "@/parts/Listing";
import { PageHead } from "@/parts/PageHead";
import { Secret } from "@/parts/Secret";
import { words } from "@/parts/show";
import { State } from "@/parts/State";
import { useAct } from "@/parts/useAct";

const PATH = "/v1/users";

export function Component() {
  const { t } = useTranslation();
  const may = useMay();
  return (
    <>
      <PageHead title={t("Users")} about={t("Who may sign in, and what they may do")}>
        {may("users:write") && <NewUser />}
      </PageHead>
      <Listing<User>
        caption={t("Users")}
        path={PATH}
        id={(one) => one.id}
        empty={t("There are no users.")}
        columns={[
          {
            title: t("Name"),
            show: (one) => (
              <>
                <Text fz="sm" fw={600} style={{ overflowWrap: "anywhere" }}>
                  {one.name || one.email}
                </Text>
                <Text fz="xs" c="dimmed" style={{ overflowWrap: "anywhere" }}>
                  {one.email}
                </Text>
              </>
            ),
          },
          {
            title: t("Role"),
            show: (one) => <State state={one.role} colour="pine" />,
          },
          {
            title: t("Second factor"),
            from: "sm",
            show: (one) => factors(one).join(", ") || t("none"),
          },
          {
            title: t("State"),
            from: "sm",
            show: (one) => (
              <State state={one.locked_at ? "locked" : one.password_until ? "invited" : "active"} />
            ),
          },
          { title: t("Action"), show: (one) => <Actions user={one} /> },
        ]}
      />
    </>
  );
}

function factors(user: User): string[] {
  return [user.totp && words("authenticator app"), user.passkeys > 0 && words("passkey")].filter(
    (one) => one !== false,
  );
}

function Actions({ user }: { user: User }) {
  const { t } = useTranslation();
  const may = useMay();
  const { data: session } = useSession();
  const reset = useAct({
    act: () => ask<{ password: string }>("POST", `${PATH}/${user.id}/reset`, { body: {} }),
    changes: [[PATH]],
    then: (got) =>
      modals.open({
        title: user.email,
        children: <Secret title={t("Their new first password, shown once")} value={got.password} />,
      }),
  });
  const remove = useAct({
    act: () => ask("DELETE", `${PATH}/${user.id}`),
    done: t("{{email}} can no longer sign in", { email: user.email }),
    changes: [[PATH]],
  });
  if (!may("users:write") || session?.user.id === user.id) return null;
  return (
    <Group gap={6}>
      <ConfirmButton
        size="compact-sm"
        variant="default"
        question={t("{{email}} gets a new first password, and sets up the second factor anew.", {
          email: user.email,
        })}
        act={() => reset.mutate()}
      >
        {t("Reset")}
      </ConfirmButton>
      <ConfirmButton
        size="compact-sm"
        variant="light"
        color="red"
        question={t("{{email}} is signed out everywhere and can no longer sign in.", { email: user.email })}
        act={() => remove.mutate()}
      >
        {t("Remove")}
      </ConfirmButton>
    </Group>
  );
}
