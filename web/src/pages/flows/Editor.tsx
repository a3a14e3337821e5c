/** A flow's text, with a mark at each line that has a mistake; the mistakes are told below. */
import { Alert, Anchor, Button, Group, List, Paper, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { IconCheck, IconDeviceFloppy } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { useMay } from "@/api/session";
import type { FlowMistake } from "@/api/types";
import { Gutter, LINE_PX, TOP_PX } from "@/pages/flows/Gutter";
import { Trouble } from "@/parts/Trouble";

const GUTTER_PX = 46;
const LOOKS = {
  input: {
    fontFamily: "var(--mantine-font-family-monospace)",
    fontSize: 13,
    lineHeight: `${LINE_PX}px`,
    paddingTop: TOP_PX,
    whiteSpace: "pre",
    overflowX: "auto",
  },
  section: { alignItems: "flex-start", overflow: "hidden" },
} as const;

interface Props {
  text: string;
  setText: (text: string) => void;
  name: string;
  /** Where the name can still be chosen. */
  setName?: (name: string) => void;
  mistakes: readonly FlowMistake[];
  /** The line to show, from 1; 0 for none. */
  line: number;
  trouble: unknown;
  keep?: () => void;
  keeping: boolean;
}

export function Editor(props: Props) {
  const { text, setText, name, setName, mistakes, line, trouble, keep, keeping } = props;
  const { t } = useTranslation();
  const may = useMay();
  const field = useRef<HTMLTextAreaElement>(null);
  const [scrolled, setScrolled] = useState(0);
  const wrong = new Set(mistakes.map((one) => one.line));
  useEffect(() => select(field.current, line), [line]);
  return (
    <Paper p="md">
      <Stack gap="sm">
        {setName && (
          <TextInput
            label={t("Name")}
            description={t("Small letters, digits and _; numbers call the flow by it")}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            required
          />
        )}
        <Textarea
          ref={field}
          label={t("The flow, in YAML")}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          autosize
          minRows={16}
          maxRows={40}
          spellCheck={false}
          readOnly={!may("flows:write")}
          error={mistakes.length > 0 && t("{{count}} mistakes", { count: mistakes.length })}
          leftSection={<Gutter lines={text.split("\n").length} wrong={wrong} scrolled={scrolled} />}
          leftSectionWidth={GUTTER_PX}
          leftSectionPointerEvents="none"
          onScroll={(event) => setScrolled(event.currentTarget.scrollTop)}
          styles={LOOKS}
        />
        {mistakes.length > 0 ? (
          <Alert color="red" variant="light" title={t("To be mended")} role="status">
            <List size="sm" listStyleType="none">
              {mistakes.map((one) => (
                <List.Item key={`${one.line} ${one.at} ${one.what}`}>
                  {one.line > 0 && (
                    <Anchor
                      component="button"
                      type="button"
                      fz="sm"
                      onClick={() => select(field.current, one.line)}
                    >
                      {t("Line {{line}}", { line: one.line })}
                    </Anchor>
                  )}{" "}
                  {one.at && <code>{one.at}</code>} {one.what}
                </List.Item>
              ))}
            </List>
          </Alert>
        ) : (
          <Group gap={6} role="status">
            <IconCheck size={16} aria-hidden />
            <Text fz="sm">{t("No mistakes")}</Text>
          </Group>
        )}
        <Trouble error={trouble} />
        {may("flows:write") && (
          <Group>
            <Button
              leftSection={<IconDeviceFloppy size={17} aria-hidden />}
              disabled={!keep || mistakes.length > 0 || name === ""}
              loading={keeping}
              onClick={keep}
            >
              {t("Keep")}
            </Button>
          </Group>
        )}
      </Stack>
    </Paper>
  );
}

/** Put the cursor on a line, and the line in sight. */
function select(field: HTMLTextAreaElement | null, line: number) {
  if (!field || line < 1) return;
  const lines = field.value.split("\n");
  const from = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  field.focus();
  field.setSelectionRange(from, from + (lines[line - 1]?.length ?? 0));
  field.scrollTop = (field.scrollHeight / lines.length) * Math.max(line - 6, 0);
}
