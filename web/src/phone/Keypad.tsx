/** The twelve keys; the keyboard's own digits, * and # press them, too. */
import { Button, SimpleGrid } from "@mantine/core";
import { useWindowEvent } from "@mantine/hooks";
import { useTranslation } from "react-i18next";

const KEYS = [..."123456789*0#"];

export function Keypad({ press, disabled }: { press: (key: string) => void; disabled: boolean }) {
  const { t } = useTranslation();
  useWindowEvent("keydown", (event) => {
    const typing =
      event.target instanceof HTMLElement && event.target.matches("input, textarea, [role=combobox]");
    if (!disabled && !typing && !event.ctrlKey && !event.metaKey && KEYS.includes(event.key))
      press(event.key);
  });
  return (
    <SimpleGrid cols={3} spacing="xs" role="group" aria-label={t("Keypad")}>
      {KEYS.map((key) => (
        <Button
          key={key}
          size="lg"
          variant="default"
          className="figures"
          disabled={disabled}
          onClick={() => press(key)}
          aria-label={key === "*" ? t("Star") : key === "#" ? t("Pound") : key}
        >
          {key}
        </Button>
      ))}
    </SimpleGrid>
  );
}
