/** Chinese for the brush, subjects, shots and pictures that are given. */
export const zhBrush: Record<string, string> = {};
