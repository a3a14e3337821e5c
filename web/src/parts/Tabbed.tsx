/** A page in parts, one of them in sight; which one stands in the page's address. */
import { Tabs } from "@mantine/core";
import type { ReactNode } from "react";
import { useSearchParams } from "react-router";

export interface Tab {
  name: string;
  title: string;
  content: ReactNode;
}

export function Tabbed({ tabs }: { tabs: readonly Tab[] }) {
  const [params, setParams] = useSearchParams();
  const first = tabs[0]?.name ?? "";
  return (
    <Tabs
      value={params.get("tab") ?? first}
      onChange={(next) => setParams({ tab: next ?? first })}
      keepMounted={false}
    >
      <Tabs.List mb="md">
        {tabs.map((one) => (
          <Tabs.Tab key={one.name} value={one.name}>
            {one.title}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {tabs.map((one) => (
        <Tabs.Panel key={one.name} value={one.name}>
          {one.content}
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
