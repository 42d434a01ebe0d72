import { iso } from "../platform/clock.ts";
import { streamed } from "../platform/streamed.ts";
import type { Context } from "../workspaces/context.ts";
import { ownerOf } from "./access.ts";
import { readConversations } from "./export-conversation.ts";
import { sizesOf } from "./library-queries.ts";

const groupCharacters = 2_000_000;
const groupSize = 50;

/** Groups of conversations that fit into memory together. */
function* groupsOf(sizes: { id: string; characters: number }[]): Generator<string[]> {
  let group: string[] = [];
  let characters = 0;
  for (const { id, characters: own } of sizes) {
    if (group.length > 0 && (group.length === groupSize || characters + own > groupCharacters)) {
      yield group;
      group = [];
      characters = 0;
    }
    group.push(id);
    characters += own;
  }
  if (group.length > 0) yield group;
}

async function* pieces(ctx: Context): AsyncGenerator<string> {
  const head = { format: "understudy.conversations", version: 1, exported_at: iso(ctx.clock.now()) };
  yield `${JSON.stringify(head).slice(0, -1)},"conversations":[`;
  let separator = "\n";
  for (const ids of groupsOf(await sizesOf(ctx.db, ownerOf(ctx)))) {
    for (const whole of await readConversations(ctx, ids)) {
      yield separator + JSON.stringify(whole);
      separator = ",\n";
    }
  }
  yield "\n]}\n";
}

/** All the actor's conversations as one JSON text, a few at a time, for they may be more than fits into memory. */
export function exportLibrary(ctx: Context): ReadableStream<Uint8Array> {
  ownerOf(ctx);
  return streamed(ctx.log, pieces(ctx));
}
