/** The books: what was posted, and what each account owes. */
import { useTranslation } from "react-i18next";

import type { Balance, LedgerEntry } from "@/api/types";
import { Listing } from "@/parts/Listing";
import { PageHead } from "@/parts/PageHead";
import { Id, Money, When } from "@/parts/show";
import { Tabbed } from "@/parts/Tabbed";

export function Component() {
  const { t } = useTranslation();
  return (
    <>
      <PageHead title={t("Ledger")} about={t("Double entry: each posting sums to zero")} />
      <Tabbed
        tabs={[
          { name: "entries", title: t("Entries"), content: <Entries /> },
          { name: "balances", title: t("Balances"), content: <Balances /> },
        ]}
      />
    </>
  );
}

function Entries() {
  const { t } = useTranslation();
  return (
    <Listing<LedgerEntry>
      caption={t("Entries")}
      path="/v1/ledger/entries"
      id={(one) => one.id}
      empty={t("Nothing was posted yet.")}
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
  );
}

function Balances() {
  const { t } = useTranslation();
  return (
    <Listing<Balance>
      caption={t("Balances")}
      path="/v1/ledger/balances"
      id={(one) => one.account + one.currency}
      empty={t("No account has a balance.")}
      columns={[
        { title: t("Account"), show: (one) => <Id>{one.account}</Id> },
        {
          title: t("Balance"),
          right: true,
          show: (one) => <Money minor={one.amount_minor} currency={one.currency} />,
        },
      ]}
    />
  );
}
