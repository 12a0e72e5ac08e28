import type { Json, Params } from "../../../api/types";
import { type Clip, filesIn, urlOf, withFiles } from "../../../clips";
import type { Translate } from "../../../i18n";
import { swapDraft } from "../../../lib/draft";
import { type Files, hold, tokenFor } from "../../../lib/media";

/** Fills the form of a clip's model with its request, in the page's language; what was there can be had back. */
export function beginLike(clip: Clip, t: Translate): Promise<void> {
  return begin(clip.model, inWords(clip.params, t) as Params);
}

/** Fills the form of a model with a request that may name files of the bundle. */
export async function begin(model: string, asked: Params): Promise<void> {
  const files: Files = {};
  const tokens: Record<string, string> = {};
  for (const file of new Set(filesIn(asked))) {
    const answer = await fetch(urlOf(file));
    if (!answer.ok) throw new TypeError(answer.statusText);
    const held = await hold(await answer.blob(), file);
    const token = tokenFor(file, held, files);
    files[token] = held;
    tokens[file] = token;
  }
  const params = withFiles(asked, (file) => tokens[file] ?? "") as Params;
  await swapDraft(model, params, files);
}

/** A request with its prompts in the page's language. */
function inWords(value: Json, t: Translate): Json {
  if (Array.isArray(value)) return value.map((each) => inWords(each, t));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      name === "prompt" && typeof inner === "string" ? t(inner) : inWords(inner, t),
    ]),
  );
}
