/** Chinese for a result and what goes on from it. */
export const zhResult: Record<string, string> = {};
