/** Characters that are looked at: more tells nothing new. */
const sampleLength = 4_000;
const samples = 3;

/** Text from the beginning, the middle and the end: prefaces and appendices are in other languages at times. */
function sample(text: string): string {
  if (text.length <= sampleLength * samples) return text;
  const step = Math.floor((text.length - sampleLength) / (samples - 1));
  return Array.from({ length: samples }, (_, i) => text.slice(i * step, i * step + sampleLength)).join(" ");
}

/**
 * The language of a text as BCP 47 tag, or `said` where its words do not tell. What files declare is mostly the language of the
 * program that wrote them, so the words come first.
 */
export async function detectLanguage(text: string, said: string | null): Promise<string | null> {
  const { eld } = await import("eld/extrasmall");
  const found = eld.detect(sample(text));
  if (!found.language || !found.isReliable()) return said;
  // “pt-BR” says more than “pt”.
  return said?.split("-")[0] === found.language ? said : found.language;
}
