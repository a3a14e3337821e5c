/** Something that is shown once, to be copied. */
import { Alert, Button, Code, CopyButton, Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";

export function Secret({ title, value }: { title: string; value: string }) {
  const { t } = useTranslation();
  return (
    <Alert color="teal" title={title} role="status">
      <Stack gap="sm" align="flex-start">
        <Code style={{ overflowWrap: "anywhere" }}>{value}</Code>
        <CopyButton value={value}>
          {({ copied, copy }) => (
            <Button size="compact-sm" onClick={copy}>
              {copied ? t("Copied") : t("Copy")}
            </Button>
          )}
        </CopyButton>
      </Stack>
    </Alert>
  );
}
