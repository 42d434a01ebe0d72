import { createHash } from "node:crypto";
import type { Chunk } from "../reading/chunk-document.ts";

/** What an embedding model reads of a passage: its headings tell what a sentence alone does not. */
export const embeddedText = ({ section, text }: Pick<Chunk, "section" | "text">) =>
  section ? `${section}\n${text}` : text;

/** A name for what an embedding model reads, the same for the same text: 128 bits in base64url. */
export const contentHash = (chunk: Pick<Chunk, "section" | "text">) =>
  createHash("sha256").update(embeddedText(chunk)).digest().subarray(0, 16).toString("base64url");
