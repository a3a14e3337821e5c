/** A page that broke, or whose code could not be fetched: after an update of the line, say. */
import { Button, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";

export function Broken() {
  const { t } = useTranslation();
  return (
    <Stack align="center" mt="xl" gap="sm" role="alert">
      <Title order={1} fz="h2">
        {t("This page could not be shown")}
      </Title>
      <Text c="dimmed">{t("The line may have been updated, or is not reached. Load the page again.")}</Text>
      <Button onClick={() => window.location.reload()}>{t("Load again")}</Button>
    </Stack>
  );
}
