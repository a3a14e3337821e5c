/** Columns that many lists have, for what is shown and for the CSV file alike. */
import { Anchor } from "@mantine/core";
import { Link } from "react-router";

import type { Column } from "@/parts/Listing";
import { Money, When } from "@/parts/show";
import { State } from "@/parts/State";

type From = Column<unknown>["from"];
type Pick<Row, Value> = (row: Row) => Value;

/** When something was, which leads to its own page. */
export function opens<Row>(title: string, to: Pick<Row, string>, at: Pick<Row, string>): Column<Row> {
  return {
    title,
    show: (row) => (
      <Anchor component={Link} to={to(row)} fz="sm" fw={550}>
        <When at={at(row)} />
      </Anchor>
    ),
    plain: at,
  };
}

export function time<Row>(title: string, at: Pick<Row, string | null | undefined>, from?: From): Column<Row> {
  return { title, from, show: (row) => <When at={at(row)} />, plain: at };
}

export function text<Row>(
  title: string,
  told: Pick<Row, string | null | undefined>,
  from?: From,
): Column<Row> {
  return { title, from, show: (row) => told(row) || "–", plain: told };
}

export function state<Row>(title: string, told: Pick<Row, string>): Column<Row> {
  return { title, show: (row) => <State state={told(row)} />, plain: told };
}

/** Minor units of a currency; the file has them as they are. */
export function amount<Row extends { currency: string }>(
  title: string,
  minor: Pick<Row, number>,
  from?: From,
): Column<Row> {
  return {
    title,
    from,
    right: true,
    show: (row) => <Money minor={minor(row)} currency={row.currency} />,
    plain: minor,
  };
}
