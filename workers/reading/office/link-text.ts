const readable = /^(?:https?|ftps?|mailto|tel):/i;
const bare = (address: string) =>
  address
    .replace(/^(?:mailto|tel|https?):(?:\/\/)?(?:www\.)?/i, "")
    .replace(/\/$/, "")
    .toLowerCase();

/** What to say behind the text of a link, so that its address is told where the text does not; empty where there is nothing to tell. */
export function addressBeside(shown: string, address: string | null): string {
  if (!address || !readable.test(address)) return "";
  const said = address.replace(/^(?:mailto|tel):/i, "").replace(/\?subject=.*$/i, "");
  if (shown.toLowerCase().includes(bare(said))) return "";
  return shown.trim() === "" ? said : ` (${said})`;
}
