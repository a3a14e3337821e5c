/** What went wrong, in the line's own words. */
import { Alert, List } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { Problem } from "@/api/client";

export function Trouble({ error, title }: { error: unknown; title?: string }) {
  const { t } = useTranslation();
  if (!error) return null;
  const mistakes = error instanceof Problem ? error.mistakes : [];
  return (
    <Alert
      color="red"
      icon={<IconAlertTriangle aria-hidden />}
      title={title ?? t("That did not work")}
      role="alert"
      variant="light"
    >
      {error instanceof Error ? error.message : String(error)}
      {mistakes.length > 0 && (
        <List size="sm" mt="xs">
          {mistakes.map((one) => (
            <List.Item key={one.at + one.what}>{one.at ? `${one.at}: ${one.what}` : one.what}</List.Item>
          ))}
        </List>
      )}
    </Alert>
  );
}
