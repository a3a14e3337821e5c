/** A state as a badge; its word says it, the colour only repeats it. */
import { Badge, type MantineColor } from "@mantine/core";

import { words } from "@/parts/show";

const COLOURS: Readonly<Record<string, MantineColor>> = {
  paid: "teal",
  captured: "teal",
  approved: "teal",
  sent: "teal",
  delivered: "teal",
  won: "teal",
  up: "teal",
  closed: "teal",
  authorized: "blue",
  live: "blue",
  opened: "blue",
  half_open: "orange",
  pending: "orange",
  unknown: "orange",
  capturing: "orange",
  voiding: "orange",
  action_required: "orange",
  waiting: "orange",
  retrying: "orange",
  queued: "orange",
  review: "orange",
  declined: "red",
  failed: "red",
  refused: "red",
  lost: "red",
  down: "red",
  disputed: "red",
  charged_back: "red",
  dead: "red",
  open: "red",
  refunded: "grape",
  partially_refunded: "grape",
};

export function State({ state, colour }: { state: string; colour?: MantineColor }) {
  return (
    <Badge
      variant="light"
      color={colour ?? COLOURS[state.toLowerCase()] ?? "gray"}
      radius="sm"
      tt="none"
      fw={600}
      style={{ flexShrink: 0 }}
    >
      {words(state)}
    </Badge>
  );
}
