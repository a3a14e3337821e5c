/** A purchase that waits: how risky it looks and why, and the judgement. */
import { Anchor, Group, List, Paper, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { ask } from "@/api/client";
import { useMay } from "@/api/session";
import type { FraudReview } from "@/api/types";
import { REVIEWS } from "@/pages/fraud/paths";
import { ConfirmButton } from "@/parts/ConfirmButton";
import { Money, When, words } from "@/parts/show";
import { State } from "@/parts/State";
import { useAct } from "@/parts/useAct";

export function Case({ review }: { review: FraudReview }) {
  const { t } = useTranslation();
  const may = useMay();
  const judge = useAct({
    act: (verb: "approve" | "refuse") => ask("POST", `${REVIEWS}/${review.attempt}/${verb}`, { body: {} }),
    done: t("Judged"),
    changes: [[REVIEWS]],
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
