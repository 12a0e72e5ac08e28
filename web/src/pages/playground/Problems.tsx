import { Alert } from "@mantine/core";
import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react";
import { useWords } from "../../i18n";
import { Icon } from "../../parts/Icon";

type Errors = Record<string, string>;

interface Props {
  errors: Errors;
  /** Where fields show errors themselves. */
  form: RefObject<HTMLElement | null>;
  /** Changes where other fields are shown. */
  view: string;
}

/** All that was refused and that no field shows: in the JSON view, that is everything. */
export function Problems({ errors, form, view }: Props) {
  const { t } = useWords();
  const list = useUnshown(errors, form, view);
  if (!list.length) return null;
  return (
    <Alert
      color="red"
      mb="md"
      role="alert"
      className="problems"
      tabIndex={-1}
      icon={<Icon name="alert" />}
      title={list.length > 1 ? t("{n} things are in the way", { n: list.length }) : undefined}
    >
      <ul>
        {list.map(([path, message]) => (
          <li key={path}>
            {message} {path && view === "api" && <code>{path}</code>}
          </li>
        ))}
      </ul>
    </Alert>
  );
}

/** Fields differ in what they show of what is inside of them, so the page itself is looked at. */
function useUnshown(errors: Errors, form: RefObject<HTMLElement | null>, view: string) {
  const all = JSON.stringify(errors);
  const [unshown, setUnshown] = useState<[string, string][]>([]);
  useLayoutEffect(() => {
    const shown = [...(form.current?.querySelectorAll(".field-error") ?? [])]
      .map((each) => each.textContent ?? "")
      .join("\n");
    const entries = Object.entries(JSON.parse(all) as Errors);
    setUnshown(entries.filter(([path, message]) => !path || !shown.includes(message)));
  }, [all, view, form]);
  return unshown;
}

const INVALID = ".field[data-invalid], .problems";
const FOCUSABLE = "input:not([type=hidden]), textarea, select, button, [tabindex]";

/** Leads to the first error whenever a request was refused. */
export function useFirstError(refusals: number, form: RefObject<HTMLElement | null>): void {
  const seen = useRef(refusals);
  useEffect(() => {
    if (seen.current === refusals) return;
    seen.current = refusals;
    // After the errors are drawn.
    const timer = setTimeout(() => {
      // A group is invalid with what is in it: the innermost comes first to mind.
      const all = [...(form.current?.querySelectorAll<HTMLElement>(INVALID) ?? [])];
      const first = all.find((each) => !each.querySelector(INVALID));
      if (!first) return;
      const folded = first.closest("details");
      if (folded) folded.open = true;
      const control = first.querySelector<HTMLElement>(`.field-body :is(${FOCUSABLE})`) ?? first;
      control.focus({ preventScroll: true });
      const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
      first.scrollIntoView({ block: "center", behavior: still ? "instant" : "smooth" });
    });
    return () => clearTimeout(timer);
  }, [refusals, form]);
}
