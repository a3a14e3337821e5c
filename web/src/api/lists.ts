/** Lists that come a page at a time. */
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";

import { ask, type Query } from "@/api/client";

export interface Page<Row> {
  data: Row[];
  next_cursor?: string | null;
}

const LIMIT = 50;

/** `cursor` is what the line calls the place at which a page begins. */
export function useList<Row>(path: string, filters: Query = {}, every?: number, cursor = "cursor") {
  return useInfiniteQuery({
    queryKey: [path, filters],
    queryFn: ({ pageParam, signal }) =>
      ask<Page<Row>>("GET", path, { query: { limit: LIMIT, ...filters, [cursor]: pageParam }, signal }),
    initialPageParam: "",
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: every,
  });
}
