import type { Rule } from "../api/types";

/** What the rules of a model say of a form. */
export interface Verdict {
  /** By name: rules that keep a parameter from being used now. */
  blocked: Record<string, Rule>;
  /** By name: rules because of which a parameter has no effect now. */
  idle: Record<string, Rule>;
  /** By name: rules that what is given breaks now, and that a parameter can put right. */
  broken: Record<string, Rule[]>;
  /** Names that must be given now. */
  required: Set<string>;
  /** Everything that the server would refuse, as far as the form can know. */
  problems: { param: string; message: string }[];
}
