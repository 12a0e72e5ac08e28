import type { ComponentType } from "react";
import type { Json, Parameter, Params } from "../../../api/types";

export interface ControlProps {
  parameter: Parameter;
  /** JSON path below `params`. */
  path: string;
  value: Json | undefined;
  onChange: (value: Json | undefined) => void;
  required?: boolean;
  disabled?: boolean;
}

/** Of a control that has others inside. */
export interface HolderProps extends ControlProps {
  control: ComponentType<ControlProps>;
}

/** The same object with one entry changed, or without it where there is nothing to say. */
export function changed(held: Params, name: string, value: Json | undefined): Params {
  const next = { ...held };
  if (value === undefined || value === "") delete next[name];
  else next[name] = value;
  return next;
}
