/** One call that is up. */
import { Anchor, Badge, Card, Group, ScrollArea, Stack, Text } from "@mantine/core";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { CallActions } from "@/pages/calls/CallActions";
import { type Picture, places, type Spoken } from "@/pages/live/heard";
import { Clock } from "@/parts/Clock";
import { State } from "@/parts/State";
import { languageName, words } from "@/parts/show";

export function LiveCard({ call }: { call: Picture }) {
  const { t } = useTranslation();
  return (
    <Card withBorder radius="lg" padding="md" role="listitem" data-call={call.id}>
      <Stack gap="sm" h="100%">
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <div style={{ minWidth: 0 }}>
            <Anchor component={Link} to={`/calls/${call.id}`} fw={650} style={{ overflowWrap: "anywhere" }}>
              {call.caller || t("Number withheld")}
            </Anchor>
            <Text c="dimmed" fz="xs">
              {t("calls {{number}}", { number: call.number })} · {words(call.flow)}
            </Text>
          </div>
          <Badge variant="dot" color="teal" tt="none" className="figures" style={{ flexShrink: 0 }}>
            <Clock since={Date.parse(call.startedAt)} />
          </Badge>
        </Group>
        <Group gap={6}>
          {places(call).map((one) => (
            <State key={one} state={one} colour="pine" />
          ))}
          {call.payment && <State state={call.payment} />}
          {call.upset && <State state="upset" colour="orange" />}
          {call.language && <State state={languageName(call.language)} colour="blue" />}
          {call.handedTo && <State state={t("with {{who}}", { who: call.handedTo })} colour="grape" />}
          {call.card.map((one) => (
            <Badge
              key={one.field}
              variant="light"
              radius="sm"
              tt="none"
              fw={600}
              color={one.error ? "orange" : one.complete ? "teal" : "blue"}
            >
              {words(one.field)}:{" "}
              {one.error ? words(one.error) : t("{{count}} digits", { count: one.digits })}
              {one.complete ? " ✓" : ""}
            </Badge>
          ))}
        </Group>
        <Transcript spoken={call.spoken} />
        <CallActions id={call.id} size="compact-sm" />
      </Stack>
    </Card>
  );
}

function Transcript({ spoken }: { spoken: readonly Spoken[] }) {
  const { t } = useTranslation();
  const view = useRef<HTMLDivElement>(null);
  useEffect(() => {
    view.current?.scrollTo({ top: view.current.scrollHeight });
  }, [spoken.length]);
  return (
    <ScrollArea
      h={190}
      viewportRef={view}
      type="auto"
      style={{ flexGrow: 1 }}
      viewportProps={{ tabIndex: 0, role: "log", "aria-label": t("What is said") }}
    >
      <Stack gap={6} pr="xs">
        {spoken.map((one) => (
          <Text
            key={one.seq}
            fz="sm"
            px="sm"
            py={6}
            bg={one.who === "caller" ? "var(--mantine-color-pine-light)" : "var(--mantine-color-gray-light)"}
            ml={one.who === "caller" ? "xl" : 0}
            mr={one.who === "caller" ? 0 : "xl"}
            style={{ borderRadius: 10, overflowWrap: "anywhere" }}
          >
            <Text span fz={11} c="dimmed" fw={600} display="block">
              {one.who === "caller" ? t("Caller") : t("Line")}
            </Text>
            {one.text}
          </Text>
        ))}
      </Stack>
    </ScrollArea>
  );
}
