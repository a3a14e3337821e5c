/** A button that opens a form for something new; what is shown once of it stands in the form's place. */
import { Button, Modal, Stack } from "@mantine/core";
import { useForm, type UseFormReturnType } from "@mantine/form";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import type { QueryKey } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { Trouble } from "@/parts/Trouble";
import { useAct } from "@/parts/useAct";

interface Props<Values, Got> {
  title: string;
  blank: Values;
  make: (given: Values) => Promise<Got>;
  /** What the form's own button says. */
  does: string;
  changes: QueryKey;
  fields: (form: UseFormReturnType<Values>) => ReactNode;
  once: (got: Got) => ReactNode;
}

export function NewThing<Values extends Record<string, unknown>, Got>(props: Props<Values, Got>) {
  const { title, blank, does, fields, once } = props;
  const { t } = useTranslation();
  const [opened, { open, close }] = useDisclosure(false);
  const form = useForm<Values>({ mode: "uncontrolled", initialValues: blank });
  const make = useAct({ act: props.make, changes: [props.changes], quiet: true });
  const leave = () => {
    close();
    make.reset();
    form.reset();
  };
  return (
    <>
      <Button leftSection={<IconPlus size={17} aria-hidden />} onClick={open}>
        {title}
      </Button>
      <Modal opened={opened} onClose={leave} title={title} closeButtonProps={{ "aria-label": t("Close") }}>
        {make.isSuccess ? (
          once(make.data)
        ) : (
          <form onSubmit={form.onSubmit((given) => make.mutate(given))}>
            <Stack>
              {fields(form)}
              <Trouble error={make.error} />
              <Button type="submit" loading={make.isPending}>
                {does}
              </Button>
            </Stack>
          </form>
        )}
      </Modal>
    </>
  );
}
