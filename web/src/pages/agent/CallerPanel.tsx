/** Who calls, why they were handed over, and what was said so far. */
import { Anchor, Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { useCall } from "@/api/call";
import type { Told } from "@/api/types";
import { Happening } from "@/phone/Happening";
import { Details, Section } from "@/parts/Details";
import { money, When, words } from "@/parts/show";
import { Trouble } from "@/parts/Trouble";

const FAILED = new Set(["declined", "unknown"]);

export function CallerPanel({ call }: { call: string }) {
  const { t } = useTranslation();
  const {
    call: { data, error },
    told,
  } = useCall(call);
  return (
    <Stack>
      <Trouble error={error} />
      {data && (
        <Details
          title={t("The caller")}
          rows={[
            [t("Number"), data.caller || t("Number withheld")],
            [t("Called"), `${data.number} · ${words(data.flow)}`],
            [t("On the line since"), <When key="since" at={data.started_at} seconds />],
            [t("Why they come to you"), why(told, t("They asked for a person"))],
            [t("Paid on this call"), paid(told) ?? t("Nothing yet")],
            [
              t("The whole call"),
              <Anchor key="call" component={Link} to={`/calls/${call}`} target="_blank">
                {t("Open in a new tab")}
              </Anchor>,
            ],
          ]}
        />
      )}
      <Section title={t("What was said and done")}>
        <Happening told={told} nothing={t("Nothing yet.")} />
      </Section>
    </Stack>
  );
}

/** What went wrong last before the hand-over, or that they asked. */
function why(told: readonly Told[], asked: string): string {
  const handed = told.findIndex((one) => one.kind === "CallHandedOver");
  for (const one of told.slice(0, handed < 0 ? undefined : handed).toReversed()) {
    if (one.kind === "CardRefused") return `${words(one.field)}: ${words(one.error)}`;
    if (one.kind === "PaymentMoved" && FAILED.has(one.state)) return words(one.state);
    if (one.kind === "Answered") break;
  }
  return asked;
}

function paid(told: readonly Told[]): string | undefined {
  const taken = told.findLast((one) => one.kind === "PaymentMoved" && one.state === "captured");
  return taken?.kind === "PaymentMoved" ? money(taken.amount_minor, taken.currency) : undefined;
}
