/** What a list is narrowed down by. It stands in the page's address, so that it can be sent on and gone back to. */
import { Group, NativeSelect, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";

import type { Query } from "@/api/client";
import { words } from "@/parts/show";

export type Filter =
  | { kind: "text"; name: string; label: string }
  | { kind: "choice"; name: string; label: string; choices: readonly { value: string; label: string }[] }
  | { kind: "from" | "to"; name: string; label: string };

const TYPING_MS = 300;
const FIELD = { flex: "1 1 140px", maxWidth: 220 } as const;

/** One of the words that the line knows for this. */
export function choice(name: string, label: string, values: readonly string[]): Filter {
  return { kind: "choice", name, label, choices: values.map((value) => ({ value, label: words(value) })) };
}

/** From a day to a day. */
export function days(t: TFunction): readonly Filter[] {
  return [
    { kind: "from", name: "from", label: t("From") },
    { kind: "to", name: "to", label: t("To") },
  ];
}

export function Filters({ filters }: { filters: readonly Filter[] }) {
  const { t } = useTranslation();
  const [params, setParams] = useSearchParams();
  const put = (name: string, value: string) =>
    setParams(
      (old) => {
        if (value) old.set(name, value);
        else old.delete(name);
        return old;
      },
      { replace: true },
    );
  const later = useDebouncedCallback(put, TYPING_MS);
  if (!filters.length) return <span />;
  return (
    <Group gap="xs" align="flex-end" role="search" aria-label={t("Filters")}>
      {filters.map((one) => {
        const value = params.get(one.name) ?? "";
        switch (one.kind) {
          case "text":
            return (
              <TextInput
                key={one.name}
                label={one.label}
                size="sm"
                style={FIELD}
                type="search"
                leftSection={<IconSearch size={15} aria-hidden />}
                defaultValue={value}
                onChange={(event) => later(one.name, event.currentTarget.value.trim())}
              />
            );
          case "choice":
            return (
              <NativeSelect
                key={one.name}
                label={one.label}
                size="sm"
                style={FIELD}
                data={[{ value: "", label: t("All") }, ...one.choices]}
                value={value}
                onChange={(event) => put(one.name, event.currentTarget.value)}
              />
            );
          default:
            return (
              <TextInput
                key={one.name}
                label={one.label}
                size="sm"
                type="date"
                style={FIELD}
                value={value}
                onChange={(event) => put(one.name, event.currentTarget.value)}
              />
            );
        }
      })}
    </Group>
  );
}

/** What the line is asked: days are the viewer's, from their midnight to the next. */
export function queryOf(filters: readonly Filter[], params: URLSearchParams): Query {
  return Object.fromEntries(
    filters.map((one) => {
      const value = params.get(one.name) ?? "";
      if (!value || one.kind === "text" || one.kind === "choice") return [one.name, value];
      return [one.name, midnight(value, one.kind === "to" ? 1 : 0)];
    }),
  );
}

function midnight(day: string, later: number): string {
  const date = new Date(`${day}T00:00:00`);
  date.setDate(date.getDate() + later);
  return Number.isNaN(date.getTime()) ? "" : date.toISOString();
}
