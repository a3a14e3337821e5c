/** Something that is to pass always, or never. A card gets on a list by the judgement of a review. */
import { NativeSelect, NumberInput, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { ask } from "@/api/client";
import { LISTS } from "@/pages/fraud/paths";
import { FormButton } from "@/parts/FormButton";
import { words } from "@/parts/show";

interface Order extends Record<string, unknown> {
  kind: string;
  value: string;
  allow: string;
  reason: string;
  days: number | string;
}

const KINDS = ["caller", "account", "address"];

export function NewEntry() {
  const { t } = useTranslation();
  const blank: Order = { kind: "caller", value: "", allow: "false", reason: "", days: "" };
  return (
    <FormButton
      title={t("New entry")}
      looks={{ leftSection: <IconPlus size={17} aria-hidden /> }}
      blank={blank}
      does={t("Put it on the list")}
      act={({ allow, days, ...rest }) =>
        ask("POST", LISTS, { body: { ...rest, allow: allow === "true", days: Number(days) || null } })
      }
      done={t("It is on the list")}
      changes={[[LISTS]]}
      fields={(form) => (
        <>
          <NativeSelect
            label={t("Kind")}
            data={KINDS.map((value) => ({ value, label: words(value) }))}
            {...form.getInputProps("kind")}
          />
          <TextInput
            label={t("Which one")}
            description={t("A telephone number, an account, or an address of the network.")}
            required
            maxLength={200}
            placeholder="+15550100"
            data-autofocus
            {...form.getInputProps("value")}
          />
          <NativeSelect
            label={t("List")}
            data={[
              { value: "false", label: t("Never passes") },
              { value: "true", label: t("Always passes") },
            ]}
            {...form.getInputProps("allow")}
          />
          <TextInput label={t("Why")} maxLength={500} {...form.getInputProps("reason")} />
          <NumberInput
            label={t("For how many days")}
            description={t("Empty: for ever.")}
            min={1}
            max={3650}
            allowDecimal={false}
            {...form.getInputProps("days")}
          />
        </>
      )}
    />
  );
}
