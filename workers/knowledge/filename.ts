const bidi = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** A file name that is safe to show: its last path part, without control and direction characters, at most 200 characters. */
export function safeFilename(name: string): string {
  const last = name.split(/[\\/]/).at(-1) ?? "";
  const clean = last
    .normalize("NFC")
    .toWellFormed()
    .replace(/\p{Cc}/gu, "")
    .replace(bidi, "")
    .trim();
  if (clean === "" || clean === "." || clean === "..") return "document";
  if (clean.length <= 200) return clean;
  const extension = /\.[^.]{1,10}$/.exec(clean)?.[0] ?? "";
  return clean.slice(0, 200 - extension.length) + extension;
}
