/** "image_tail" as people write it: "Image tail". */
export function spoken(name: string): string {
  const words = name.replaceAll(/[_-]/g, " ").replace(/\burl\b/g, "URL");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
