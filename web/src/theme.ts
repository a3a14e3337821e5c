/** Colours and shapes. Text keeps a contrast of at least 4.5 to 1 in both schemes (WCAG 2.2, 1.4.3). */
import {
  createTheme,
  type CSSVariablesResolver,
  DEFAULT_THEME,
  type MantineColorsTuple,
  Modal,
  NavLink,
  Paper,
  Table,
} from "@mantine/core";

const pine: MantineColorsTuple = [
  "#effcf9",
  "#d2f5ee",
  "#a8eade",
  "#75d9ca",
  "#45c1b1",
  "#26a596",
  "#0f8a7e",
  "#0d6e66",
  "#115952",
  "#134a45",
];

const SYSTEM = "system-ui, -apple-system, 'Segoe UI', sans-serif";

export const theme = createTheme({
  colors: { pine },
  primaryColor: "pine",
  primaryShade: 7,
  autoContrast: true,
  fontFamily: `'Inter Variable', ${SYSTEM}`,
  headings: { fontFamily: `'Inter Variable', ${SYSTEM}`, fontWeight: "650" },
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    Paper: Paper.extend({ defaultProps: { withBorder: true, radius: "lg" } }),
    Table: Table.extend({ defaultProps: { verticalSpacing: "sm", horizontalSpacing: "md" } }),
    NavLink: NavLink.extend({ defaultProps: { variant: "light" } }),
    Modal: Modal.extend({ defaultProps: { centered: true, radius: "lg" } }),
  },
});

const NAMES = Object.keys({ ...DEFAULT_THEME.colors, pine });

export const variables: CSSVariablesResolver = (used) => ({
  variables: {},
  light: {
    "--mantine-color-body": "#f7f9f9",
    "--mantine-color-dimmed": "#52616b",
    "--mantine-color-placeholder": "#66737c",
    "--mantine-color-error": used.colors.red[9],
    "--mantine-color-anchor": used.colors["pine"]?.[7] ?? "",
    "--page-paper": "#ffffff",
    "--page-line": "#e3e8ea",
    ...shades(used.colors, (colour) => `color-mix(in srgb, ${colour[9]} 75%, black)`),
  },
  dark: {
    "--mantine-color-body": "#11181a",
    "--mantine-color-text": "#dfe7e8",
    "--mantine-color-dimmed": "#9fb0b5",
    "--mantine-color-placeholder": "#8a9a9f",
    "--mantine-color-error": used.colors.red[4],
    "--mantine-color-anchor": used.colors["pine"]?.[3] ?? "",
    "--page-paper": "#182123",
    "--page-line": "#2a3639",
    ...shades(used.colors, (colour) => colour[2] ?? ""),
  },
});

/** The number that this answer's policy allows styles by; empty while developing. */
export function nonce(): string {
  return document.querySelector<HTMLMetaElement>("meta[name=csp-nonce]")?.content ?? "";
}

/** What stands on a tint of its own colour. */
function shades(
  colors: Record<string, readonly string[]>,
  shade: (colour: readonly string[]) => string,
): Record<string, string> {
  return Object.fromEntries(
    NAMES.filter((name) => name !== "dark").map((name) => [
      `--mantine-color-${name}-light-color`,
      shade(colors[name] ?? []),
    ]),
  );
}
