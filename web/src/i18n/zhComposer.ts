/** Chinese for the composer. */
export const zhComposer: Record<string, string> = {};
