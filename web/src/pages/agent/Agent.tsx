/** The agent's desk: the telephone in the browser, who calls and why, and the card that they key in. */
import { Alert, Grid, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { ask, Problem } from "@/api/client";
import { CallerPanel } from "@/pages/agent/CallerPanel";
import { TakeCard } from "@/pages/agent/TakeCard";
import { CallCard } from "@/phone/CallCard";
import type { Account } from "@/phone/telephone";
import { useTelephone } from "@/phone/useTelephone";
import { Section } from "@/parts/Details";
import { PageHead } from "@/parts/PageHead";
import { Trouble } from "@/parts/Trouble";

export function Component() {
  const { t } = useTranslation();
  const { data: account, error } = useQuery({
    queryKey: ["/v1/phone"],
    queryFn: ({ signal }) => ask<Account>("GET", "/v1/phone", { signal }),
    staleTime: Infinity,
    retry: false,
  });
  const [telephone, picture] = useTelephone(account);
  const [last, remember] = useState("");
  if (picture.about && picture.about !== last) remember(picture.about);
  const call = picture.about || last;
  const none = error instanceof Problem && error.code === "no_phone";
  return (
    <>
      <PageHead
        title={t("Agent desk")}
        about={
          account &&
          t("Extension {{extension}}. Calls ring here while this page is open.", {
            extension: account.extension,
          })
        }
      />
      {none ? (
        <Alert color="orange" title={t("You have no telephone here")}>
          {error.detail}
        </Alert>
      ) : (
        <Trouble error={error} />
      )}
      {account && (
        <Grid>
          <Grid.Col span={{ base: 12, md: 5 }}>
            <Stack>
              <CallCard telephone={telephone} picture={picture} />
              {call && <TakeCard key={call} call={call} talking={picture.standing === "talking"} />}
            </Stack>
          </Grid.Col>
          <Grid.Col span={{ base: 12, md: 7 }}>
            {call ? (
              <CallerPanel key={call} call={call} />
            ) : (
              <Section title={t("The caller")}>
                <Text c="dimmed">
                  {t("When a call is handed over, you see here who it is and what was said.")}
                </Text>
              </Section>
            )}
          </Grid.Col>
        </Grid>
      )}
    </>
  );
}
