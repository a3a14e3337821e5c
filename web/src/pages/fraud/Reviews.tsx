/** Purchases that wait for a person's judgement; nothing was charged for them. */
import { Anchor, Group, List, Paper, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { ask } from "@/api/client";
import { useList } from "@/api/lists";
import { useMay } from "@/api/session";
import type { FraudReview } from "@/api/types";
import { ConfirmButton } from "@/parts/ConfirmButton";
import { Empty, Listing } from "@/parts/Listing";
import { PageHead } from "@/parts/PageHead";
import { Money, When, words } from "@/parts/show";
import { State } from "@/parts/State";
import { Trouble } from "@/parts/Trouble";
import { useAct } from "@/parts/useAct";

const PATH = "/v1/fraud/reviews";

export function Component() {
  const { t } = useTranslation();
  const waiting = useList<FraudReview>(PATH, { standing: "open" }, 15_000);
  const cases = waiting.data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <>
      <PageHead
        title={t("Fraud review")}
        about={t("Purchases that wait for your judgement. Nothing was charged for them.")}
      />
      <Trouble error={waiting.error} />
      {waiting.isSuccess && cases.length === 0 && (
        <Paper>
          <Empty words={t("Nothing waits for a judgement.")} />
        </Paper>
      )}
      <SimpleGrid cols={{ base: 1, sm: 2, xl: 3 }} role="list" aria-label={t("Waiting")}>
        {cases.map((one) => (
          <Case key={one.attempt} review={one} />
        ))}
      </SimpleGrid>
      <Title order={2} fz="lg" mt="xl" mb="sm">
        {t("All of them")}
      </Title>
      <Listing<FraudReview>
        caption={t("All of them")}
        path={PATH}
        id={(one) => one.attempt}
        empty={t("Nothing was held back yet.")}
        filters={[
          {
            kind: "choice",
            name: "standing",
            label: t("Judgement"),
            choices: ["approved", "refused"].map((value) => ({ value, label: words(value) })),
          },
        ]}
        columns={[
          { title: t("When"), show: (one) => <When at={one.at} />, plain: (one) => one.at },
          {
            title: t("Amount"),
            right: true,
            show: (one) => <Money minor={one.amount_minor} currency={one.currency} />,
            plain: (one) => one.amount_minor,
          },
          {
            title: t("Judgement"),
            show: (one) => <State state={one.standing} />,
            plain: (one) => one.standing,
          },
          { title: t("By"), from: "sm", show: (one) => one.decided_by, plain: (one) => one.decided_by },
          {
            title: t("Score"),
            from: "sm",
            right: true,
            show: (one) => one.score.toFixed(2),
            plain: (one) => one.score,
          },
          { title: t("Account"), from: "md", show: (one) => one.account, plain: (one) => one.account },
        ]}
      />
    </>
  );
}

function Case({ review }: { review: FraudReview }) {
  const { t } = useTranslation();
  const may = useMay();
  const judge = useAct({
    act: (verb: "approve" | "refuse") => ask("POST", `${PATH}/${review.attempt}/${verb}`, { body: {} }),
    done: t("Judged"),
    changes: [[PATH]],
  });
  return (
    <Paper p="md" role="listitem">
      <Stack gap="xs" h="100%">
        <Group justify="space-between">
          <Text fw={680} fz="lg">
            <Money minor={review.amount_minor} currency={review.currency} />
          </Text>
          <State state={t("Score {{score}}", { score: review.score.toFixed(2) })} colour="orange" />
        </Group>
        <Text fz="sm" c="dimmed">
          {words(review.brand)} •••• {review.last4} · {review.account} · <When at={review.at} />
        </Text>
        <List size="sm" spacing={2} style={{ flexGrow: 1 }}>
          {review.reasons.map((one) => (
            <List.Item key={one}>{one}</List.Item>
          ))}
        </List>
        <Group justify="space-between">
          {review.call ? (
            <Anchor component={Link} to={`/calls/${review.call}`} fz="sm">
              {t("The call")}
            </Anchor>
          ) : (
            <span />
          )}
          {may("fraud:act") && (
            <Group gap="xs">
              <ConfirmButton
                size="compact-sm"
                variant="light"
                color="red"
                question={t("The payer is not charged for this purchase.")}
                act={() => judge.mutate("refuse")}
              >
                {t("Refuse")}
              </ConfirmButton>
              <ConfirmButton
                size="compact-sm"
                question={t("The next purchase like this passes the screen.")}
                act={() => judge.mutate("approve")}
              >
                {t("Approve")}
              </ConfirmButton>
            </Group>
          )}
        </Group>
      </Stack>
    </Paper>
  );
}
