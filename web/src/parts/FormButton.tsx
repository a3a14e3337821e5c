/** A button that opens a form; it closes when the deed is done, or shows what is shown once of it. */
import { Button, type ButtonProps, Modal, Stack } from "@mantine/core";
import { useForm, type UseFormReturnType } from "@mantine/form";
import { useDisclosure } from "@mantine/hooks";
import type { QueryKey } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { Trouble } from "@/parts/Trouble";
import { useAct } from "@/parts/useAct";

interface Props<Values, Got> {
  title: string;
  blank: Values;
  act: (given: Values) => Promise<Got>;
  /** What the form's own button says, the title unless another is named. */
  does?: string | ((given: Values) => string);
  changes: readonly QueryKey[];
  fields: (form: UseFormReturnType<Values>) => ReactNode;
  /** What is said when it closes by itself. */
  done?: string;
  /** What stands in the form's place afterwards; without it the form closes. */
  once?: (got: Got) => ReactNode;
  looks?: ButtonProps;
  /** The colour of the form's own button. */
  colour?: string;
}

export function FormButton<Values extends Record<string, unknown>, Got>(props: Props<Values, Got>) {
  const { title, blank, act, does = title, changes, fields, done, once, looks, colour } = props;
  const { t } = useTranslation();
  const [opened, { open, close }] = useDisclosure(false);
  const form = useForm<Values>({ initialValues: blank });
  const leave = () => {
    close();
    made.reset();
    form.reset();
  };
  const made = useAct({ act, changes, done, quiet: true, then: once ? undefined : leave });
  return (
    <>
      <Button {...looks} onClick={open}>
        {title}
      </Button>
      <Modal opened={opened} onClose={leave} title={title} closeButtonProps={{ "aria-label": t("Close") }}>
        {once && made.isSuccess ? (
          once(made.data)
        ) : (
          <form onSubmit={form.onSubmit((given) => made.mutate(given))}>
            <Stack>
              {fields(form)}
              <Trouble error={made.error} />
              <Button type="submit" color={colour} loading={made.isPending}>
                {typeof does === "string" ? does : does(form.values)}
              </Button>
            </Stack>
          </form>
        )}
      </Modal>
    </>
  );
}
