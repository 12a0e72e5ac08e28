import { Modal, type ModalProps } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { useWords } from "../i18n";

interface Props<T> extends Omit<ModalProps, "about" | "opened" | "onClose" | "title" | "children"> {
  /** What it is about; `undefined` closes it. */
  about: T | undefined;
  onClose: () => void;
  title: (about: T) => ReactNode;
  children: (about: T) => ReactNode;
}

/**
 * A dialog about something. While it fades it keeps its title and what it said: one without a name
 * would be read out as "dialog", and jump as it empties.
 */
export function Dialog<T>({ about, onClose, title, children, ...rest }: Props<T>) {
  const { t } = useWords();
  const [last, setLast] = useState<T>();
  if (about !== undefined && about !== last) setLast(() => about);
  const shown = about ?? last;
  return (
    <Modal
      opened={about !== undefined}
      onClose={onClose}
      onExitTransitionEnd={() => setLast(undefined)}
      title={shown !== undefined && title(shown)}
      closeButtonProps={{ "aria-label": t("Close") }}
      {...rest}
    >
      {shown !== undefined && children(shown)}
    </Modal>
  );
}
