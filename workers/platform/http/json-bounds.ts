import { Problem } from "../errors.ts";

/** How deep JSON may be nested. Nothing that is read here has ten levels. */
const maxDepth = 64;

const quote = 0x22;
const backslash = 0x5c;

/** Where the string that begins at `start` ends: the place of its closing quote, or the text's end. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === quote) return at;
    at += code === backslash ? 2 : 1;
  }
  return at;
}

/**
 * Refuses JSON that is nested too deeply or has more than `maxValues` members and elements, before it is parsed: each would become an object
 * and, where it does not fit its contract, a complaint. Looks at each character once, and says nothing of whether it is JSON at all.
 */
export function requireBoundedJson(text: string, maxValues: number): void {
  let depth = 0;
  let values = 0;
  for (let at = 0; at < text.length; at++) {
    switch (text[at]) {
      case '"':
        at = endOfString(text, at);
        break;
      case "[":
      case "{":
        depth++;
        values++;
        break;
      case ",":
        values++;
        break;
      case "]":
      case "}":
        depth--;
        break;
    }
    if (depth > maxDepth)
      throw new Problem("malformed_request", `The JSON is nested more than ${maxDepth} levels deep.`);
    if (values > maxValues) {
      const most = maxValues.toLocaleString("en");
      throw new Problem(
        "payload_too_large",
        `The JSON has more than ${most} values, the most that is read here. Send less at once.`,
      );
    }
  }
}
