/** Purchases that wait for a person's judgement, and those that were judged. */
import { Paper, SimpleGrid, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { useList } from "@/api/lists";
import type { FraudReview } from "@/api/types";
import { Case } from "@/pages/fraud/Case";
import { REVIEWS } from "@/pages/fraud/paths";
import { amount, state, text, time } from "@/parts/columns";
import { choice } from "@/parts/Filters";
import { Empty, Listing } from "@/parts/Listing";
import { Trouble } from "@/parts/Trouble";

export function Reviews() {
  const { t } = useTranslation();
  const waiting = useList<FraudReview>(REVIEWS, { standing: "open" }, 15_000);
  const cases = waiting.data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <>
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
        path={REVIEWS}
        id={(one) => one.attempt}
        empty={t("Nothing was held back yet.")}
        filters={[choice("standing", t("Judgement"), ["approved", "refused"])]}
        columns={[
          time(t("When"), (one) => one.at),
          amount(t("Amount"), (one) => one.amount_minor),
          state(t("Judgement"), (one) => one.standing),
          text(t("By"), (one) => one.decided_by, "sm"),
          {
            title: t("Score"),
            from: "sm",
            right: true,
            show: (one) => one.score.toFixed(2),
          },
          text(t("Account"), (one) => one.account, "md"),
        ]}
      />
    </>
  );
}
