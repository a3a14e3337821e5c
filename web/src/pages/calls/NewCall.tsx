/** The line calls somebody, and leads them through a flow once they answer. */
import { NativeSelect, Text, TextInput } from "@mantine/core";
import { IconPhoneOutgoing } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { ask } from "@/api/client";
import type { Page } from "@/api/lists";
import { useMay } from "@/api/session";
import type { Flow } from "@/api/types";
import { FormButton } from "@/parts/FormButton";
import { words } from "@/parts/show";

const FLOWS = "/v1/flows";

export function NewCall() {
  const { t } = useTranslation();
  const may = useMay();
  const mayCall = may("calls:act") && may("flows:read");
  const flows = useQuery({
    queryKey: [FLOWS, {}],
    queryFn: ({ signal }) => ask<Page<Flow>>("GET", FLOWS, { signal }),
    enabled: mayCall,
  });
  if (!mayCall || !flows.data) return null;
  const choices = flows.data.data.map((one) => ({ value: one.name, label: words(one.name) }));
  return (
    <FormButton
      title={t("Call somebody")}
      looks={{ leftSection: <IconPhoneOutgoing size={17} aria-hidden /> }}
      does={t("Call")}
      blank={{ to: "", flow: choices[0]?.value ?? "" }}
      act={(body) => ask("POST", "/v1/calls", { body })}
      done={t("They answered, and the flow began")}
      changes={[["/v1/calls"]]}
      fields={(form) => (
        <>
          <Text fz="sm">{t("The line calls, and goes on with the flow when somebody answers.")}</Text>
          <TextInput
            label={t("Extension or number")}
            placeholder="201"
            required
            maxLength={64}
            data-autofocus
            {...form.getInputProps("to")}
          />
          <NativeSelect label={t("Flow")} data={choices} {...form.getInputProps("flow")} />
        </>
      )}
    />
  );
}
