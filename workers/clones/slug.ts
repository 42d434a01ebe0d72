/** A slug from a name: small letters, digits and hyphens, at most 50; `clone` where nothing is left. */
export function slugify(name: string): string {
  const plain = name
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 50)
    .replace(/^-+|-+$/g, "");
  return plain || "clone";
}

/** A slug with a short random tail, for a name that is taken. */
export function withTail(slug: string): string {
  return `${slug}-${crypto.randomUUID().slice(0, 6)}`;
}
