/** For how long links to videos are shared, in seconds. */
export const LIVES = [
  { seconds: 3600, words: "For an hour" },
  { seconds: 86_400, words: "For a day" },
  { seconds: 7 * 86_400, words: "For a week" },
] as const;

/** Puts a text where pasting takes it from; false where the browser does not let this page. */
export async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false; // no clipboard without HTTPS, or not allowed
  }
}
