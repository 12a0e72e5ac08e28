import type { Params } from "../../../api/types";
import { type Clip, filesIn, urlOf, withFiles } from "../../../clips";
import { swapDraft } from "../../../lib/draft";
import { type Files, hold, tokenFor } from "../../../lib/media";

/** Fills the form of a clip's model with the request that made it; what was there can be had back. */
export async function beginLike(clip: Clip): Promise<void> {
  const files: Files = {};
  const tokens: Record<string, string> = {};
  for (const file of new Set(filesIn(clip.params))) {
    const answer = await fetch(urlOf(file));
    if (!answer.ok) throw new TypeError(answer.statusText);
    const held = await hold(await answer.blob(), file);
    const token = tokenFor(file, held, files);
    files[token] = held;
    tokens[file] = token;
  }
  const params = withFiles(clip.params, (file) => tokens[file] ?? "") as Params;
  await swapDraft(clip.model, params, files);
}
