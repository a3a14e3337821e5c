/** Whoever opens this page calls the line, and sees what happens on the call: no signing in. */
import { Alert, Container, Grid, Group, List, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { ask, Problem } from "@/api/client";
import { useOwnCalls } from "@/api/own-calls";
import type { Told } from "@/api/types";
import { CallCard } from "@/phone/CallCard";
import { Happening } from "@/phone/Happening";
import type { Account } from "@/phone/telephone";
import { useTelephone } from "@/phone/useTelephone";
import { Section } from "@/parts/Details";
import { PageHead } from "@/parts/PageHead";
import { Trouble } from "@/parts/Trouble";
import { Logo } from "@/shell/Logo";
import { SchemeSwitch } from "@/shell/SchemeSwitch";

export function Component() {
  const { t } = useTranslation();
  const { data: account, error } = useQuery({
    queryKey: ["/v1/open-phone"],
    queryFn: ({ signal }) => ask<Account>("GET", "/v1/open-phone", { signal }),
    staleTime: Infinity,
  });
  const [telephone, picture] = useTelephone(account);
  const [told, tell] = useState<readonly Told[]>([]);
  useOwnCalls(Boolean(account), (fact) =>
    tell((before) => (fact.kind === "CallStarted" ? [fact] : [...before, fact])),
  );
  const closed = error instanceof Problem && error.status === 404;
  return (
    <Container size="lg" py="lg" component="main">
      <Group justify="space-between" mb="lg">
        <Group gap={8}>
          <Logo />
          <Text fw={680}>Tellerline</Text>
        </Group>
        <SchemeSwitch />
      </Group>
      <PageHead
        title={t("Call the line")}
        about={t("From this page, with your microphone. Nothing leaves the machine that the line runs on.")}
      />
      {closed ? (
        <Alert color="orange" title={t("Nobody may call from here")}>
          {t("The operator opens this page with the setting api.open_phone.")}
        </Alert>
      ) : (
        <Trouble error={error} />
      )}
      {account && (
        <Grid>
          <Grid.Col span={{ base: 12, sm: 5 }}>
            <Stack>
              <CallCard telephone={telephone} picture={picture} calls={account.calls} />
              <Hints />
            </Stack>
          </Grid.Col>
          <Grid.Col span={{ base: 12, sm: 7 }}>
            <Section title={t("What happens")}>
              <Happening told={told} nothing={t("Press the green button; every step appears here.")} />
            </Section>
          </Grid.Col>
        </Grid>
      )}
    </Container>
  );
}

function Hints() {
  const { t } = useTranslation();
  return (
    <Section title={t("What to key in")}>
      <List fz="sm" spacing={4}>
        <List.Item>{t("Account 12345678, and #.")}</List.Item>
        <List.Item>{t("1 to pay what is due.")}</List.Item>
        <List.Item>{t("Card 4242 4242 4242 4242 and #, expiry 12 30, code 123.")}</List.Item>
        <List.Item>{t("0 asks for a person.")}</List.Item>
      </List>
    </Section>
  );
}
