/** The languages that the line has words in. */
import { useQuery } from "@tanstack/react-query";

import { ask } from "@/api/client";

export function useLanguages(wanted = true) {
  const told = useQuery({
    queryKey: ["/v1/prompts"],
    queryFn: ({ signal }) => ask<{ data: { language: string }[] }>("GET", "/v1/prompts", { signal }),
    enabled: wanted,
  });
  return { ...told, known: told.data?.data.map((one) => one.language) ?? [] };
}
