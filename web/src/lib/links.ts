/** A link of this very server, under the name by which the browser knows it. */
export function sameOrigin(url: string): string {
  const parsed = new URL(url, location.href);
  const local = ["127.0.0.1", "localhost", "[::1]"];
  const same = local.includes(parsed.hostname) && local.includes(location.hostname);
  return same && parsed.port === location.port ? parsed.pathname + parsed.search : url;
}
