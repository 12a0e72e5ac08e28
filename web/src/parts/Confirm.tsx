import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { useWords } from "../i18n";
import { Dialog } from "./Dialog";
import type { Removal } from "./useRemoval";

interface Props<T> {
  removal: Removal<T>;
  title: (doomed: T) => string;
  /** The word on the button that does it. */
  act: string;
  /** What it means for whoever confirms it. */
  children: ReactNode;
}

/** The question before something is taken away. */
export function Confirm<T>({ removal, title, act, children }: Props<T>) {
  const { t } = useWords();
  return (
    <Dialog about={removal.doomed} onClose={removal.spare} title={title} centered>
      {() => (
        <>
          <p className="small dim">{children}</p>
          <div className="acts confirm-acts">
            <Button
              className="danger"
              loading={removal.busy}
              onClick={() => void removal.confirm()}
            >
              {act}
            </Button>
            <Button variant="default" onClick={removal.spare}>
              {t("Keep it")}
            </Button>
          </div>
        </>
      )}
    </Dialog>
  );
}
