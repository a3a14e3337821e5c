/** The gateways that the line charges through, and how they do. */
import { useQuery } from "@tanstack/react-query";

import { ask } from "@/api/client";
import type { Page } from "@/api/lists";
import type { GatewayRow } from "@/api/types";

export function useGateways() {
  return useQuery({
    queryKey: ["/v1/routing/gateways"],
    queryFn: ({ signal }) => ask<Page<GatewayRow>>("GET", "/v1/routing/gateways", { signal }),
  });
}
