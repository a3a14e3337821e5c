/** The telephone as one sees it: where it stands, its keys, and what can be done with the call. */
import { Alert, Badge, Button, Card, Group, Stack, Text } from "@mantine/core";
import { IconMicrophone, IconMicrophoneOff, IconPhone, IconPhoneOff } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { Clock } from "@/parts/Clock";
import { Keypad } from "@/phone/Keypad";
import type { Picture, Telephone } from "@/phone/telephone";
import { Level } from "@/sound/Level";

const COLOUR = {
  off: "red",
  connecting: "orange",
  ready: "teal",
  calling: "blue",
  ringing: "grape",
  talking: "teal",
};

interface CallCardProps {
  telephone: Telephone | null;
  picture: Picture;
  /** Whom the big button calls; without it nobody is called from here. */
  calls?: string;
}

export function CallCard({ telephone, picture, calls }: CallCardProps) {
  const { t } = useTranslation();
  const { standing, other, since, muted, trouble } = picture;
  const busy = standing === "calling" || standing === "talking";
  const said = {
    off: t("Not connected"),
    connecting: t("Connecting"),
    ready: t("Ready"),
    calling: t("Calling {{other}}", { other }),
    ringing: t("{{other}} is calling", { other: other || t("Somebody") }),
    talking: t("Talking"),
  };
  return (
    <Card
      withBorder
      radius="lg"
      padding="md"
      data-standing={standing}
      component="section"
      aria-label={t("Telephone")}
    >
      <Stack gap="md">
        <Group justify="space-between">
          <Badge variant="dot" color={COLOUR[standing]} tt="none" size="lg" role="status">
            {said[standing]}
          </Badge>
          {standing === "talking" && <Clock since={since} />}
        </Group>
        {trouble && (
          <Alert color="orange" title={t("The call did not come about")}>
            {trouble}
          </Alert>
        )}
        {standing === "ringing" && (
          <Group grow>
            <Button
              color="teal"
              leftSection={<IconPhone size={18} />}
              onClick={() => telephone?.answer()}
              data-autofocus
            >
              {t("Answer")}
            </Button>
            <Button color="red" variant="light" onClick={() => telephone?.hangUp()}>
              {t("Decline")}
            </Button>
          </Group>
        )}
        {calls && !busy && standing !== "ringing" && (
          <Button
            size="xl"
            color="teal"
            leftSection={<IconPhone size={22} />}
            disabled={standing !== "ready"}
            onClick={() => telephone?.call(calls)}
          >
            {t("Call {{number}}", { number: calls })}
          </Button>
        )}
        {busy && (
          <Group grow>
            <Button
              variant="default"
              leftSection={muted ? <IconMicrophoneOff size={18} /> : <IconMicrophone size={18} />}
              aria-pressed={muted}
              onClick={() => telephone?.mute(!muted)}
            >
              {muted ? t("Unmute") : t("Mute")}
            </Button>
            <Button color="red" leftSection={<IconPhoneOff size={18} />} onClick={() => telephone?.hangUp()}>
              {t("Hang up")}
            </Button>
          </Group>
        )}
        {telephone && standing === "talking" && (
          <Stack gap={6}>
            <Level name={t("The line")} meter={telephone.theirs} />
            <Level name={t("You")} meter={telephone.mine} />
          </Stack>
        )}
        <Keypad press={(key) => telephone?.press(key)} disabled={standing !== "talking"} />
        {standing === "talking" && (
          <Text fz="xs" c="dimmed">
            {t("The digits of your keyboard press these keys, too.")}
          </Text>
        )}
      </Stack>
    </Card>
  );
}
