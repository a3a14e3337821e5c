/** The call's sound, without the time in which a card was keyed in. */
import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { Section } from "@/parts/Details";

export function Recording({ path }: { path: string }) {
  const { t } = useTranslation();
  return (
    <Section title={t("Recording")}>
      {/* eslint-disable-next-line jsx-a11y/media-has-caption -- what is said stands in the timeline */}
      <audio
        controls
        preload="none"
        src={path}
        style={{ width: "100%" }}
        aria-label={t("Recording of this call")}
      />
      <Text fz="xs" c="dimmed" mt={4}>
        {t("What is said stands in the timeline. Card entry is never recorded.")}
      </Text>
    </Section>
  );
}
