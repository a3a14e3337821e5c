/** Who is signed in: their own settings, and the way out. */
import { Avatar, Menu, Text, UnstyledButton } from "@mantine/core";
import { IconLogout, IconShieldLock, IconUser } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { useSession } from "@/api/session";
import { useSignOut } from "@/api/sign-out";

export function AccountMenu() {
  const { t } = useTranslation();
  const { data: session } = useSession();
  const signOut = useSignOut();
  if (!session) return null;
  const { name, email, role } = session.user;
  return (
    <Menu position="bottom-end" width={230} withArrow>
      <Menu.Target>
        <UnstyledButton aria-label={t("Account of {{name}}", { name: name || email })}>
          <Avatar color="pine" radius="xl" size={34} alt="">
            <IconUser size={19} stroke={1.8} />
          </Avatar>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text fw={600} c="var(--mantine-color-text)" truncate>
            {name || email}
          </Text>
          <Text fz="xs" truncate>
            {email} · {t(role)}
          </Text>
        </Menu.Label>
        <Menu.Item component={Link} to="/account" leftSection={<IconShieldLock size={16} />}>
          {t("Sign-in and security")}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => signOut()}>
          {t("Sign out")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
