/** A header that offers a download as `name.extension`, also to those who read ASCII alone. No name can break out of it. */
export function attachment(name: string, extension: string): string {
  const safe = name
    .toWellFormed()
    .replace(/[\p{C}<>:"/\\|?*%]+/gu, " ")
    .replace(/\s+/g, " ")
    .replace(/^[\s.]+|[\s.]+$/g, "");
  const base = [...safe].slice(0, 80).join("").trim() || "conversation";
  const ascii =
    base
      .normalize("NFKD")
      .replace(/[^\x20-\x7e]/g, "")
      .trim() || "conversation";
  const encoded = encodeURIComponent(`${base}.${extension}`).replace(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16)}`,
  );
  return `attachment; filename="${ascii}.${extension}"; filename*=UTF-8''${encoded}`;
}
