import { describe, expect, it } from "vitest";

import { csv, quoted } from "@/parts/csv";

describe("a table as CSV", () => {
  it("makes no spreadsheet compute what a caller is named", () => {
    for (const name of ["=1+1", "+1 555 0100", "-2", "@SUM(A1)", "\tx"]) expect(quoted(name)).toMatch(/^"?'/);
  });

  it("leaves numbers what they are", () => {
    expect(quoted(-12.5)).toBe("-12.5");
  });

  it("quotes commas, quotes and line ends", () => {
    expect(csv(["a"], [['say "hi", twice\n']])).toBe('a\r\n"say ""hi"", twice\n"\r\n');
  });
});
