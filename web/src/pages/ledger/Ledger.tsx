/** The books: what was posted, and what each account owes. */
import { Tabs } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";

import type { Balance, LedgerEntry } from "@/api/types";
import { Listing } from "@/parts/Listing";
import { PageHead } from "@/parts/PageHead";
import { Id, Money, When } from "@/parts/show";

export function Component() {
  const { t } = useTranslation();
  const [params, setParams] = useSearchParams();
  const tab = params.get("tab") ?? "entries";
  return (
    <>
      <PageHead title={t("Ledger")} about={t("Double entry: each posting sums to zero")} />
      <Tabs value={tab} onChange={(next) => setParams({ tab: next ?? "entries" })} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="entries">{t("Entries")}</Tabs.Tab>
          <Tabs.Tab value="balances">{t("Balances")}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="entries">
          <Listing<LedgerEntry>
            caption={t("Entries")}
            path="/v1/ledger/entries"
            id={(one) => one.id}
            empty={t("Nothing was posted yet.")}
            serverCsv
            filters={[{ kind: "text", name: "account", label: t("Account") }]}
            columns={[
              { title: t("When"), show: (one) => <When at={one.at} /> },
              { title: t("Account"), show: (one) => <Id>{one.account}</Id> },
              { title: t("Posting"), from: "md", show: (one) => <Id>{one.reference}</Id> },
              {
                title: t("Debit"),
                right: true,
                show: (one) =>
                  one.amount_minor > 0 ? <Money minor={one.amount_minor} currency={one.currency} /> : "",
              },
              {
                title: t("Credit"),
                right: true,
                show: (one) =>
                  one.amount_minor < 0 ? <Money minor={-one.amount_minor} currency={one.currency} /> : "",
              },
            ]}
          />
        </Tabs.Panel>
        <Tabs.Panel value="balances">
          <Listing<Balance>
            caption={t("Balances")}
            path="/v1/ledger/balances"
            id={(one) => one.account + one.currency}
            empty={t("No account has a balance.")}
            columns={[
              { title: t("Account"), show: (one) => <Id>{one.account}</Id>, plain: (one) => one.account },
              {
                title: t("Balance"),
                right: true,
                show: (one) => <Money minor={one.amount_minor} currency={one.currency} />,
                plain: (one) => one.amount_minor,
              },
            ]}
          />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
