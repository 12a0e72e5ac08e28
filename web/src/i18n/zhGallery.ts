/** Chinese for the gallery. */
export const zhGallery: Record<string, string> = {};
