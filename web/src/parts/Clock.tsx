/** How long since a moment, each second anew. */
import { useInterval } from "@mantine/hooks";
import { useEffect, useState } from "react";

import { span } from "@/parts/show";

export function Clock({ since }: { since: number }) {
  const [now, tick] = useState(() => Date.now());
  const { start, stop } = useInterval(() => tick(Date.now()), 1000);
  useEffect(() => {
    start();
    return stop;
  }, [start, stop]);
  return <span className="figures">{span(Math.max(0, now - since) / 1000)}</span>;
}
