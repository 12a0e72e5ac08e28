const FILES = "/files/";

/**
 * A link that this server gave, as the page may load it.
 *
 * Its host name is the one that clients elsewhere know, which need not be the one in the address
 * of this page; the policy of the page allows that one alone.
 */
export function ownLink(url: string): string {
  const { pathname, search } = new URL(url, location.href);
  return pathname.startsWith(FILES) ? pathname + search : url;
}
