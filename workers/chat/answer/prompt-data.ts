// What people and documents wrote goes into a prompt as data: it can neither end its fence, nor speak as somebody else.

/** Characters that a reader does not see and a model does: controls, directions, tags. Joiners stay, which scripts and emoji need. */
const unseen = /[^\P{Cc}\t\n]|(?!\u200c|\u200d|[\u0600-\u0605\u06dd\u070f])\p{Cf}|[\u{e0000}-\u{e0fff}]/gu;
/** Runs in which such characters carry a text of their own. */
const smuggled = /(?:\u200c|\u200d){2,}|(?<=[\ufe00-\ufe0f])[\ufe00-\ufe0f]+/g;

/**
 * The beginnings of what models' chat templates take for the edge of a message or a call: `<|im_start|>`, `<start_of_turn>`,
 * `<<SYS>>`, `</s>`; and of our own fences.
 */
const tags = [
  "[|｜]",
  "<\\s*\\/?\\s*SYS",
  "\\/?\\s*(?:start|end)_of_(?:turn|text|image)",
  "\\/?\\s*(?:s|bos|eos|pad|unk)\\s*>",
  "\\/?\\s*(?:system|assistant|user|human|developer|model|tool|function|invoke|parameter|antml|think|source|summary|question)",
];
const edges = new RegExp(
  `<(?=\\s*(?:${tags.join("|")}))|\\[(?=\\s*\\/?\\s*(?:INST|SYSTEM_PROMPT|TOOL_CALLS|AVAILABLE_TOOLS)\\s*\\])`,
  "gi",
);

/** A text as a prompt may hold it: what is in it reads the same, and marks nothing. */
export function asData(text: string): string {
  return text
    .replace(unseen, "")
    .replace(smuggled, "")
    .replace(edges, (edge) => `${edge}\\`);
}

const longestAttribute = 200;

/** A text as the quotes of a fence's attribute may hold it: one line of data without quotes and brackets. */
export const asAttribute = (text: string): string =>
  asData(text)
    .replace(/\s+/g, " ")
    .replaceAll('"', "'")
    .replaceAll("<", "‹")
    .replaceAll(">", "›")
    .slice(0, longestAttribute)
    .toWellFormed();

/** A name for a prompt's fences that nobody can have written into a document before. */
export function newBoundary(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(6)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
