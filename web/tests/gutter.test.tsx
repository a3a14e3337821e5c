import { render } from "@testing-library/react";
import { expect, test } from "vitest";

import { Gutter } from "@/pages/flows/Gutter";

test("lines are counted from 1, and those with a mistake are marked", () => {
  const { container } = render(<Gutter lines={3} wrong={new Set([2])} scrolled={0} />);
  const shown = [...container.querySelectorAll(".gutter > div")].map((one) => one.textContent);
  expect(shown).toEqual(["1", "● 2", "3"]);
  expect(container.querySelectorAll(".wrong")).toHaveLength(1);
});

test("the numbers go with the text as it is scrolled", () => {
  const { container } = render(<Gutter lines={1} wrong={new Set()} scrolled={100} />);
  expect(container.querySelector<HTMLElement>(".gutter")?.style.transform).toBe("translateY(-93px)");
});
