/** Why tasks fail, in the words of this page. */

import type { Spec } from "../api/types";

/** Sentences by the reasons that the specs of models have codes for. */
export const REASONS: Record<string, string> = {
  generation: "Something broke while the video was made. Trying again may help.",
  result: "The video was made elsewhere, and what came back cannot be used.",
  fetch: "A picture or video could not be fetched from its address.",
  status: "What became of the video elsewhere cannot be found out.",
  inputs: "No video can be made from these pictures and settings as they are.",
  resources: "No engine here has what this video needs.",
};

/** The sentence for a code; nothing where several reasons have the same. */
export function reasonOf(spec: Spec | undefined, code: string): string | undefined {
  const reasons = spec?.failures.filter((failure) => failure.code === code) ?? [];
  return reasons.length === 1 ? REASONS[reasons[0]?.reason ?? ""] : undefined;
}
