/** Chinese for operators and the API reference. */
export const zhOperator: Record<string, string> = {};
