/** `path` where it is one of this site, else `fallback`: a link must not send a person who just signed in to another host. */
export function sameSitePath(path: string | null | undefined, fallback: string): string {
  if (!path?.startsWith("/")) return fallback;
  const here = "http://here.invalid";
  const url = URL.parse(path, here);
  return url && url.origin === here ? url.pathname + url.search + url.hash : fallback;
}
