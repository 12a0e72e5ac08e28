/** Chinese for the first page and the stage. */
export const zhWelcome: Record<string, string> = {};
