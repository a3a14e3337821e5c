/** Fraud as people judge it: purchases that wait, and what always or never passes. */
import { useTranslation } from "react-i18next";

import { Lists } from "@/pages/fraud/Lists";
import { Reviews } from "@/pages/fraud/Reviews";
import { PageHead } from "@/parts/PageHead";
import { Tabbed } from "@/parts/Tabbed";

export function Component() {
  const { t } = useTranslation();
  return (
    <>
      <PageHead
        title={t("Fraud")}
        about={t("Purchases that wait for your judgement. Nothing was charged for them.")}
      />
      <Tabbed
        tabs={[
          { name: "reviews", title: t("Reviews"), content: <Reviews /> },
          { name: "lists", title: t("Always and never"), content: <Lists /> },
        ]}
      />
    </>
  );
}
