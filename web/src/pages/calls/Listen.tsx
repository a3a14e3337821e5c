/** A supervisor's ear on a call that is up. */
import { Button, type ButtonSize, Modal, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconEar } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { ask } from "@/api/client";
import { useAct } from "@/parts/useAct";
import { Level } from "@/sound/Level";
import { Meter } from "@/sound/meter";

export function Listen({ id, size }: { id: string; size: ButtonSize }) {
  const { t } = useTranslation();
  const [opened, { open, close }] = useDisclosure(false);
  const ear = useAct({
    act: () => ask<{ url: string }>("POST", `/v1/calls/${id}/listen`, { body: {} }),
    then: open,
  });
  return (
    <>
      <Button
        size={size}
        variant="default"
        leftSection={<IconEar size={15} aria-hidden />}
        loading={ear.isPending}
        onClick={() => ear.mutate()}
      >
        {t("Listen")}
      </Button>
      <Modal
        opened={opened}
        onClose={close}
        title={t("Listen")}
        closeButtonProps={{ "aria-label": t("Close") }}
      >
        {ear.data && <Player key={ear.data.url} url={ear.data.url} />}
      </Modal>
    </>
  );
}

/** The sound as it comes; a ticket opens once, so that going back in it is not offered. */
function Player({ url }: { url: string }) {
  const { t } = useTranslation();
  const [meter] = useState(() => new Meter());
  const [over, end] = useState(false);
  const watched = useRef(false);
  useEffect(() => () => meter.close(), [meter]);
  return (
    <Stack>
      <Text fz="sm">
        {t("You hear the call, and nobody hears you. It is silent while a card is keyed in.")}
      </Text>
      {/* eslint-disable-next-line jsx-a11y/media-has-caption -- what is said is written on the page */}
      <audio
        autoPlay
        src={url}
        aria-label={t("The call, live")}
        onPlaying={({ currentTarget }) => {
          if (!watched.current) meter.watchElement(currentTarget);
          watched.current = true;
        }}
        onEnded={() => end(true)}
        onError={() => end(true)}
      />
      <Level name={t("The call")} meter={meter} />
      <Text fz="sm" c="dimmed" role="status">
        {over ? t("Nothing more is heard: the call is over.") : t("Listening")}
      </Text>
    </Stack>
  );
}
