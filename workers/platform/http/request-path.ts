import { Problem } from "../errors.ts";

/** The path as it was sent: a parsed URL has its dots and backslashes resolved already, which the router has not. */
function sentPath(url: string): string {
  const [beforeQuery = ""] = url.split(/[?#]/, 1);
  const start = beforeQuery.indexOf("/", beforeQuery.indexOf("://") + 3);
  return start === -1 ? "/" : beforeQuery.slice(start);
}

function decoded(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}

const door = /^\/*(?:api|v1|mcp|health|ready)(?:\/|$)/i;
/** How often an address may be encoded over and over, and is still known for what it is: to be refused in words. */
const mostEncoded = 4;

function leadsToDoor(sent: string): boolean {
  let path = sent;
  for (let round = 0; round < mostEncoded && !door.test(path); round++) {
    const next = path.replace(/(?:%[0-9a-f]{2})+/gi, (bytes) => decoded(bytes) ?? bytes);
    if (next === path) return false;
    path = next;
  }
  return door.test(path);
}

/** Whether the API answers this address, as it was sent or as it is resolved, however it is written; the app's pages answer all others. */
export const isApiAddress = (url: string) => leadsToDoor(sentPath(url)) || leadsToDoor(sentPath(new URL(url).href));

/**
 * What is wrong with how an address of the API is written, as a `malformed_request`, or null. Each segment is encoded once, if at all, and stands for itself:
 * whatever reads it later reads the same. An encoded slash is part of its segment, as in the ids of models.
 */
export function pathProblem(url: string): Problem | null {
  const segments = sentPath(url).slice(1).split("/");
  for (const [index, segment] of segments.entries()) {
    const text = decoded(segment);
    if (text === null) return malformed("holds a percent sign that is no encoding of UTF-8");
    if (/%[0-9a-f]{2}/i.test(text)) return malformed("is encoded twice");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    if (/[\\\u0000-\u001f\u007f]/.test(text)) return malformed("holds a backslash or a control character");
    if (text.split("/").some((part) => part === "." || part === "..")) return malformed("holds a “.” or “..”");
    if (segment === "" && index < segments.length - 1) return malformed("holds an empty part");
  }
  return null;
}

const malformed = (fault: string) =>
  new Problem(
    "malformed_request",
    `The path of this address ${fault}. Encode each part of it once, and leave none empty.`,
  );
