/** What surrounds every page: the header, the menu of what one may see, and the way past both. */
import { AppShell, Burger, Group, ScrollArea, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { ModalsProvider } from "@mantine/modals";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Link, Navigate, Outlet, useLocation } from "react-router";

import { useSession } from "@/api/session";
import { AccountMenu } from "@/shell/AccountMenu";
import { IdleGuard } from "@/shell/IdleGuard";
import { LiveSign } from "@/shell/LiveSign";
import { Logo } from "@/shell/Logo";
import { Menu } from "@/shell/Menu";
import { SchemeSwitch } from "@/shell/SchemeSwitch";
import { Trouble } from "@/parts/Trouble";
import { Waiting } from "@/shell/Waiting";

export function Component() {
  const { data: session, error, isPending } = useSession();
  const place = useLocation();
  if (isPending) return <Waiting />;
  if (error) return <Trouble error={error} />;
  if (session === null) {
    return <Navigate to={`/sign-in?next=${encodeURIComponent(place.pathname + place.search)}`} replace />;
  }
  return (
    <ModalsProvider>
      <Frame />
    </ModalsProvider>
  );
}

function Frame() {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const [opened, { toggle, close }] = useDisclosure(false);
  useEffect(() => {
    close();
    window.scrollTo(0, 0);
  }, [pathname, close]);
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 236, breakpoint: "md", collapsed: { mobile: !opened } }}
      padding={{ base: "md", sm: "lg" }}
    >
      <a className="skip" href="#main">
        {t("Skip to the page")}
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger
              opened={opened}
              onClick={toggle}
              hiddenFrom="md"
              size="sm"
              aria-label={t("Menu")}
              aria-expanded={opened}
            />
            <Link to="/" className="plain">
              <Group gap={8} wrap="nowrap">
                <Logo />
                <Text fw={680} fz="md">
                  Tellerline
                </Text>
              </Group>
            </Link>
          </Group>
          <Group gap="xs" wrap="nowrap">
            <LiveSign />
            <SchemeSwitch />
            <AccountMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar aria-label={t("Pages")}>
        <AppShell.Section grow component={ScrollArea} scrollbarSize={6} p="xs">
          <Menu />
        </AppShell.Section>
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1} style={{ outline: "none" }}>
        <Outlet />
      </AppShell.Main>
      <IdleGuard />
    </AppShell>
  );
}
