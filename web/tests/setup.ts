/** What the component library asks of a browser and jsdom does not have. */
import { cleanup } from "@testing-library/react";
import { afterEach, vi } from "vitest";

import "@/i18n";

afterEach(cleanup);

window.matchMedia = (query: string) =>
  ({
    matches: false,
    media: query,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
    addListener: () => undefined,
    removeListener: () => undefined,
  }) as unknown as MediaQueryList;
window.ResizeObserver = class {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
};
vi.stubGlobal("scrollTo", () => undefined);
Element.prototype.scrollTo = () => undefined;
