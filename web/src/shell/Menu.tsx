/** The menu's entries, without those that lead to what one may not see. */
import { NavLink, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { NavLink as RouterLink, useLocation } from "react-router";

import { useMay } from "@/api/session";
import { NAV } from "@/shell/nav";

export function Menu() {
  const { t } = useTranslation();
  const may = useMay();
  const { pathname } = useLocation();
  const groups = NAV.map((group) => ({ ...group, entries: group.entries.filter((one) => may(one.scope)) }));
  return (
    <Stack gap="md" py="xs">
      {groups
        .filter((group) => group.entries.length)
        .map((group) => (
          <div key={group.title} role="group" aria-label={t(group.title)}>
            <Text fz={11} fw={650} c="dimmed" tt="uppercase" px="sm" pb={4} lts={0.6} aria-hidden>
              {t(group.title)}
            </Text>
            {group.entries.map(({ to, title, icon: Sign }) => (
              <NavLink
                key={to}
                component={RouterLink}
                to={to}
                label={t(title)}
                active={pathname === to || pathname.startsWith(`${to}/`)}
                leftSection={<Sign size={18} stroke={1.7} aria-hidden />}
                style={{ borderRadius: "var(--mantine-radius-md)" }}
                py={6}
              />
            ))}
          </div>
        ))}
    </Stack>
  );
}
