/** A gateway's report, brought in as the gateway wrote it. */
import { FileInput, NativeSelect, Text } from "@mantine/core";
import { IconUpload } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { ask } from "@/api/client";
import { useGateways } from "@/api/gateways";
import type { Imported } from "@/api/types";
import { FormButton } from "@/parts/FormButton";

interface Report extends Record<string, unknown> {
  gateway: string;
  file: File | null;
}

export function Upload({ told }: { told: (imported: Imported) => void }) {
  const { t } = useTranslation();
  const names = useGateways().data?.data.map((one) => one.gateway) ?? [];
  const blank: Report = { gateway: "", file: null };
  return (
    <FormButton
      title={t("Bring a report in")}
      looks={{ leftSection: <IconUpload size={17} aria-hidden /> }}
      blank={blank}
      does={t("Bring it in")}
      act={async ({ gateway, file }) =>
        told(await ask<Imported>("POST", "/v1/settlements", { query: { gateway }, body: file }))
      }
      changes={[["/v1/settlements"], ["/v1/ledger/entries"]]}
      fields={(form) => (
        <>
          <Text fz="sm">
            {t("A line that is known already is left alone, so that a file may be brought in again.")}
          </Text>
          <NativeSelect
            label={t("Gateway")}
            required
            data={[{ value: "", label: t("Choose one") }, ...names]}
            {...form.getInputProps("gateway")}
          />
          <FileInput
            label={t("Report")}
            required
            placeholder={t("Choose a file")}
            clearable
            clearButtonProps={{ "aria-label": t("Choose another file") }}
            {...form.getInputProps("file")}
          />
        </>
      )}
    />
  );
}
