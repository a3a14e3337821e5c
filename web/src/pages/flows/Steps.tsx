/** The steps of a flow in their order: what each says, to be heard, and where it goes on. */
import { Anchor, Badge, Group, List, NativeSelect, Paper, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { FlowStep } from "@/api/types";
import { Hear } from "@/pages/flows/Hear";
import { words } from "@/parts/show";

interface Props {
  steps: readonly FlowStep[];
  languages: readonly string[];
  /** Show the line where a step stands. */
  show: (line: number) => void;
}

export function Steps({ steps, languages, show }: Props) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState("");
  const language = languages.includes(chosen) ? chosen : (languages[0] ?? "");
  if (steps.length === 0) return null;
  return (
    <Stack gap="sm" component="section" aria-label={t("Steps")}>
      <Group justify="space-between" align="flex-end">
        <Title order={2} fz="lg">
          {t("Steps")}
        </Title>
        {languages.length > 1 && (
          <NativeSelect
            size="xs"
            label={t("Language")}
            data={[...languages]}
            value={language}
            onChange={(event) => setChosen(event.currentTarget.value)}
          />
        )}
      </Group>
      <Stack gap="xs" component="ol" m={0} p={0} style={{ listStyle: "none" }}>
        {steps.map((one) => (
          <Paper key={one.name} p="sm" component="li" id={`step-${one.name}`} tabIndex={-1}>
            <Group gap="xs">
              <Anchor component="button" type="button" fw={600} onClick={() => show(one.line)}>
                {words(one.name)}
              </Anchor>
              <Badge variant="light" tt="none">
                {one.does ? `${one.verb}: ${one.does}` : one.verb}
              </Badge>
            </Group>
            {one.says.map((said) => (
              <Group key={said.key} gap="xs" wrap="nowrap" align="flex-start" mt={4}>
                <Text fz="sm" style={{ flex: 1 }}>
                  “{said.texts[language] ?? ""}”
                </Text>
                <Hear
                  text={said.texts[language] ?? ""}
                  language={language}
                  title={`${words(one.name)}, ${said.key}`}
                />
              </Group>
            ))}
            <List size="sm" mt={4} listStyleType="none">
              {one.ways.map((way) => (
                <List.Item key={way.at}>
                  {way.at} → <Target name={way.to} known={steps.some((other) => other.name === way.to)} />
                </List.Item>
              ))}
            </List>
          </Paper>
        ))}
      </Stack>
    </Stack>
  );
}

function Target({ name, known }: { name: string; known: boolean }) {
  if (!known) return <strong>{words(name)}</strong>;
  const go = () => {
    const step = document.getElementById(`step-${name}`);
    step?.scrollIntoView({ block: "center" });
    step?.focus();
  };
  return (
    <Anchor component="button" type="button" fz="sm" onClick={go}>
      {words(name)}
    </Anchor>
  );
}
