import { z } from "zod";
import { problemOfGarbledAnswer } from "../../failures.ts";
import type { Connection } from "../../ports/connection.ts";
import type { ListedName } from "../../ports/provider.ts";
import { identityOf, KeptReady } from "../kept-ready.ts";
import { answerWithinMs, boxJson } from "./box.ts";
import { isElsewhere, isRemoteName, shortName, showModel } from "./box-model.ts";

const text = z.string().nullish();
const tags = z.object({
  models: z
    .array(
      z.object({
        name: z.string().min(1).max(200),
        digest: text,
        size: z.number().nullish(),
        modified_at: text,
        remote_host: text,
        remote_model: text,
        details: z.object({ family: text, parameter_size: text, quantization_level: text }).nullish(),
      }),
    )
    .max(5_000),
});

/** A model that a box has, with all that is said of it. */
export interface BoxEntry extends ListedName {
  family: string | null;
  /** As makers write it, such as `8.0B`. */
  parameters: string | null;
  quantisation: string | null;
  /** Bytes on the box's disk. */
  bytes: number | null;
  isRemote: boolean;
  thinks: boolean | null;
}

type Shown = Awaited<ReturnType<typeof showModel>>;
/** What was said of models, by the digests of their files: that changes with these alone. */
const shownBefore = new KeptReady<Shown>(500);
const mostAtOnce = 4;

/** What a box says of one model; null where it does not. Others are listed all the same. */
async function shownOf(connection: Connection, env: Env, name: string, digest: string | null | undefined) {
  const identity = digest ? identityOf(connection, `${name}@${digest}`) : null;
  const known = identity && shownBefore.get(identity);
  if (known) return known;
  const said = await showModel(connection, env, name).catch(() => null);
  return said && identity ? shownBefore.set(identity, said) : said;
}

/** Every model that a box has, with its abilities as far as it says them. What is bound to the box does not see what leaves it. */
export async function boxEntries(connection: Connection, env: Env): Promise<BoxEntry[]> {
  const parsed = tags.safeParse(await boxJson(connection, env, { path: "tags" }, answerWithinMs));
  if (!parsed.success) throw problemOfGarbledAnswer(parsed.error);
  const { models } = parsed.data;
  const shown: (Shown | null)[] = [];
  for (let from = 0; from < models.length; from += mostAtOnce) {
    const some = models.slice(from, from + mostAtOnce);
    shown.push(...(await Promise.all(some.map(({ name, digest }) => shownOf(connection, env, name, digest)))));
  }
  const entries = models.map((model, at): BoxEntry => {
    const { capabilities = null, contextWindow = null, isRemote = false } = shown[at] ?? {};
    const can = (ability: string) => capabilities?.includes(ability);
    return {
      name: shortName(model.name),
      ...(contextWindow === null ? {} : { contextWindow }),
      ...(capabilities
        ? { chats: can("completion") === true, vision: can("vision") === true, tools: can("tools") === true }
        : {}),
      thinks: can("thinking") ?? null,
      isRemote: isRemote || isRemoteName(model.name) || isElsewhere(model),
      family: model.details?.family || null,
      parameters: model.details?.parameter_size || null,
      quantisation: model.details?.quantization_level || null,
      bytes: model.size ?? null,
    };
  });
  const own = entries.filter(({ isRemote }) => !isRemote);
  // The first that can is taken for jobs of which nobody chose a model: its own, where it has one.
  return connection.isBound ? own : [...own, ...entries.filter(({ isRemote }) => isRemote)];
}
