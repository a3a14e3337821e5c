/** The agent desk: the place where a person takes handed-over calls. */
import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { PageHead } from "@/parts/PageHead";

export function Component() {
  const { t } = useTranslation();
  return (
    <>
      <PageHead title={t("Agent desk")} />
      <Text c="dimmed">
        {t("Calls that are handed to a person are taken at the extensions of the exchange file.")}
      </Text>
    </>
  );
}
