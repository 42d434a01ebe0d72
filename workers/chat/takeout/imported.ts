import { z } from "zod";
import type { ReasoningEffort } from "../../db/reasoning-efforts.ts";
import type { Privacy } from "../../model-access/use.ts";
import type { StoredCitation } from "../answer/stored-citation.ts";

/** A conversation out of somebody's file, checked for its form and trusted in nothing else. Ids hold within it alone. */
export interface Imported {
  title: string | null;
  /** Of another Understudy, or of this one: kept only where the actor may talk to it. */
  cloneId: string | null;
  systemPrompt: string | null;
  temperature: number | null;
  topP: number | null;
  maxTokens: number | null;
  reasoning: ReasoningEffort | null;
  /** What it is bound to: taken along, so that nothing that was kept here leaves by a file. */
  privacy: Privacy;
  pinned: boolean;
  archived: boolean;
  folder: string | null;
  tags: string[];
  headId: string | null;
  /** ms, as the file has them. */
  createdAt: number | null;
  updatedAt: number | null;
  /** Parents before their children. */
  nodes: ImportedNode[];
  /** What of the file is not in it, and how much of that. */
  leftOut: { what: string; count: number }[];
}

export interface ImportedNode {
  id: string;
  parentId: string | null;
  role: "user" | "assistant";
  text: string;
  createdAt: number | null;
  status: "complete" | "stopped" | "interrupted" | "failed";
  finishReason: "stop" | "length" | "stopped" | null;
  citations: StoredCitation[];
}

/** The settings of a conversation from another product, whose files hold none that are ours. */
export const nothingSet = () => ({
  ...{ cloneId: null, systemPrompt: null, temperature: null, topP: null, maxTokens: null, reasoning: null },
  ...{ privacy: null, pinned: false, archived: false, folder: null, tags: [] },
});

export const maxMessages = 2_000;
/** Of one message. */
export const maxCharacters = 400_000;

/** Text that can be stored and given out again: whole letters, and none that ends a string in SQLite. */
export function cleanText(text: string): string {
  return text.toWellFormed().replaceAll("\0", "");
}

const most = maxCharacters.toLocaleString("en");
export const tooLong = `A message may have at most ${most} characters.`;
/** What is said of those that are longer, and what stands in the place of each. */
export const tooLongOnes = `messages of more than ${most} characters`;
export const refusedText = `(A message of more than ${most} characters stood here, and was not brought in.)`;

export const storedText = z.string().transform((text) => (text.length > maxCharacters ? refusedText : cleanText(text)));

/**
 * The nodes with parents before their children, in the file's order otherwise. Returns what is wrong instead where an id is there
 * twice, a parent is missing or nodes go round in a circle.
 */
export function inOrder<T extends { id: string; parentId: string | null }>(nodes: T[]): T[] | string {
  const ids = new Set(nodes.map(({ id }) => id));
  if (ids.size < nodes.length) return "Two messages have the same id.";
  const lost = nodes.find(({ parentId }) => parentId !== null && !ids.has(parentId));
  if (lost) return "A message follows one that is not there.";
  const childrenOf = Map.groupBy(nodes, ({ parentId }) => parentId);
  const ordered: T[] = [];
  let level = childrenOf.get(null) ?? [];
  while (level.length > 0) {
    // One by one: a level may be longer than a call's arguments.
    for (const node of level) ordered.push(node);
    level = level.flatMap(({ id }) => childrenOf.get(id) ?? []);
  }
  return ordered.length === nodes.length ? ordered : "Some messages follow each other in a circle.";
}
