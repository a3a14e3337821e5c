import { Anchor, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

export function Component() {
  const { t } = useTranslation();
  return (
    <Stack align="center" mt="xl" gap="xs">
      <Title order={1} fz="h2">
        {t("There is no such page")}
      </Title>
      <Text c="dimmed">{t("The address may be old, or mistyped.")}</Text>
      <Anchor component={Link} to="/">
        {t("To the first page")}
      </Anchor>
    </Stack>
  );
}
