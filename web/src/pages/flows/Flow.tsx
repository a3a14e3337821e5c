/** One written flow: its text, its mistakes at their lines, its steps, and a walk through it. */
import { SimpleGrid, Stack } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useParams, useSearchParams } from "react-router";

import { ask, askVersion } from "@/api/client";
import { useMay } from "@/api/session";
import type { FlowChecked, FlowText } from "@/api/types";
import { BEGINNING } from "@/pages/flows/beginning";
import { Editor } from "@/pages/flows/Editor";
import { History } from "@/pages/flows/History";
import { Steps } from "@/pages/flows/Steps";
import { Walk } from "@/pages/flows/Walk";
import { ConfirmButton } from "@/parts/ConfirmButton";
import { PageHead } from "@/parts/PageHead";
import { words } from "@/parts/show";
import { Trouble } from "@/parts/Trouble";
import { useAct } from "@/parts/useAct";
import { Waiting } from "@/shell/Waiting";

const PAUSE_MS = 400;

/** What the address calls a flow that was taken out, and is to be written again. */
const AGAIN = "again";

export function Component() {
  const { name = "" } = useParams();
  const [params] = useSearchParams();
  const flow = useQuery({
    queryKey: ["/v1/flows", name],
    queryFn: ({ signal }) => askVersion<FlowText>(`/v1/flows/${encodeURIComponent(name)}`, signal),
    enabled: name !== "new",
  });
  if (name === "new") {
    const again = params.get(AGAIN) ?? "";
    return <Written key={`new ${again}`} name="" again={again} kept={BEGINNING} etag="" numbers={[]} />;
  }
  if (flow.error) return <Trouble error={flow.error} />;
  if (!flow.data) return <Waiting />;
  const { text, numbers } = flow.data.value;
  return <Written key={flow.data.etag} name={name} kept={text} etag={flow.data.etag} numbers={numbers} />;
}

interface Props {
  /** Empty for one that is not kept yet. */
  name: string;
  /** One that was taken out, whose former texts are at hand. */
  again?: string;
  kept: string;
  etag: string;
  numbers: readonly string[];
}

function Written({ name, again = "", kept, etag, numbers }: Props) {
  const { t } = useTranslation();
  const may = useMay();
  const go = useNavigate();
  const [text, setText] = useState(kept);
  const [called, setCalled] = useState(name || again);
  const [line, setLine] = useState(0);
  const [settled] = useDebouncedValue(text, PAUSE_MS);
  const path = `/v1/flows/${encodeURIComponent(called)}`;
  const checked = useQuery({
    queryKey: ["/v1/flows/check", called, settled],
    queryFn: ({ signal }) =>
      ask<FlowChecked>("POST", "/v1/flows/check", {
        body: { name: called || "draft", text: settled },
        signal,
      }),
    enabled: may("flows:write"),
    placeholderData: keepPreviousData,
  });
  const changes = [[`${path}/versions`], ["/v1/flows-taken-out"]];
  const keep = useAct({
    act: () => ask<FlowText>("PUT", path, { body: { text }, headers: etag ? { "If-Match": etag } : {} }),
    done: t("Kept; the next call takes it"),
    changes: [["/v1/flows"], ...changes],
    then: () => void go(`/flows/${called}`, { replace: true }),
    quiet: true,
  });
  const remove = useAct({
    act: () => ask("DELETE", path, { headers: { "If-Match": etag } }),
    done: t("The flow is taken out"),
    changes: [["/v1/flows", {}], ...changes], // the lists; this one is not there to be asked for again
    then: () => void go("/flows"),
  });
  const about = numbers.length
    ? t("Answers {{numbers}}", { numbers: numbers.join(", ") })
    : t("Answers no number yet: give it one under Numbers");
  return (
    <>
      <PageHead title={name ? words(name) : t("A new flow")} about={about}>
        {name && may("flows:write") && (
          <ConfirmButton
            variant="default"
            color="red"
            disabled={numbers.length > 0}
            question={t("Take {{name}} out? Its former texts stay.", { name: words(name) })}
            act={() => remove.mutate()}
          >
            {t("Take it out")}
          </ConfirmButton>
        )}
      </PageHead>
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
        <Editor
          text={text}
          setText={setText}
          name={called}
          setName={name ? undefined : setCalled}
          mistakes={checked.data?.mistakes ?? []}
          line={line}
          trouble={checked.error ?? keep.error}
          keep={may("flows:write") && (text !== kept || !name) ? () => keep.mutate() : undefined}
          keeping={keep.isPending}
        />
        <Stack>
          <Steps
            steps={checked.data?.steps ?? []}
            languages={checked.data?.languages ?? []}
            show={(at) => setLine(at)}
          />
          {may("flows:write") && (checked.data?.steps.length ?? 0) > 0 && (
            <Walk
              key={settled}
              name={called || "draft"}
              text={settled}
              languages={checked.data?.languages ?? []}
            />
          )}
          {(name || again) && (
            <History name={name || again} take={may("flows:write") ? setText : undefined} />
          )}
        </Stack>
      </SimpleGrid>
    </>
  );
}
