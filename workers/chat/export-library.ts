import { iso } from "../platform/clock.ts";
import { streamed } from "../platform/http/streamed.ts";
import type { Runtime } from "../platform/runtime.ts";
import { type Context, jobContext } from "../workspaces/context.ts";
import { ownerOf } from "./access.ts";
import { caughtUp } from "./projection/caught-up.ts";
import type { Owner, Tenant } from "./queries.ts";
import { readConversations } from "./takeout/export-conversation.ts";
import { sizesOf } from "./takeout/takeout-queries.ts";

const groupCharacters = 2_000_000;
const groupSize = 50;

/** Groups of conversations that fit into memory together. */
async function* groupsOf(sizes: AsyncIterable<{ id: string; characters: number }>): AsyncGenerator<string[]> {
  let group: string[] = [];
  let characters = 0;
  for await (const { id, characters: own } of sizes) {
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

async function* pieces(ctx: Context, whose: Owner | Tenant): AsyncGenerator<string> {
  const head = { format: "understudy.conversations", version: 1, exported_at: iso(ctx.clock.now()) };
  await caughtUp(ctx);
  yield `${JSON.stringify(head).slice(0, -1)},"conversations":[`;
  let separator = "\n";
  for await (const ids of groupsOf(sizesOf(ctx.db, whose))) {
    for (const whole of await readConversations(ctx, ids, whose)) {
      yield separator + JSON.stringify(whole);
      separator = ",\n";
    }
  }
  yield "\n]}\n";
}

/** All the actor's conversations as one JSON text, a few at a time, for they may be more than fits into memory. */
export function exportLibrary(ctx: Context): ReadableStream<Uint8Array> {
  return streamed(ctx.log, pieces(ctx, ownerOf(ctx)));
}

/** All conversations of somebody, or of everybody in a workspace, each with whose it is then. Whoever calls it has made sure that they may be had. */
export function exportWhole(runtime: Runtime, whose: Owner | Tenant): ReadableStream<Uint8Array> {
  return streamed(runtime.log, pieces(jobContext(runtime, "takeout"), whose));
}
