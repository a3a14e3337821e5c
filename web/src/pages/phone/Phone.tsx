/** Trying the line. */
import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { PageHead } from "@/parts/PageHead";

export function Component() {
  const { t } = useTranslation();
  return (
    <>
      <PageHead title={t("Try the line")} />
      <Text c="dimmed">{t("Call the line with any SIP telephone; how stands in the tutorial.")}</Text>
    </>
  );
}
