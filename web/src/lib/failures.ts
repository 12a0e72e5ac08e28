/** Why tasks fail, in the words of this page. */

import type { Spec } from "../api/types";

/** Sentences by the reasons that the specs of models have codes for. */
export const REASONS: Record<string, string> = {
  generation: "The generation failed inside.",
  result: "The result could not be read.",
  fetch: "Something could not be fetched.",
  status: "The state of the task could not be read.",
  inputs: "The task could not be made from its inputs.",
  resources: "No engine can take it.",
};

/** The sentence for a code; nothing where several reasons have the same. */
export function reasonOf(spec: Spec | undefined, code: string): string | undefined {
  const reasons = spec?.failures.filter((failure) => failure.code === code) ?? [];
  return reasons.length === 1 ? REASONS[reasons[0]?.reason ?? ""] : undefined;
}
