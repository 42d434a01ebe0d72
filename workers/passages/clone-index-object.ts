import { DurableObject } from "cloudflare:workers";
import { pause } from "../platform/pause.ts";
import type { Chunk } from "../reading/chunk-document.ts";
import type { Statement } from "../reading/statements.ts";
import type { Access, DocumentPart, IndexHit, IndexQuery } from "./clone-index.ts";
import { LatentSpace } from "./engine/latent-space.ts";
import { PassageSearch } from "./engine/passage-search.ts";
import { PassageStore } from "./engine/passage-store.ts";
import { WordsInMemory } from "./engine/passage-words.ts";
import { areWordsBehind, renewWords } from "./engine/renew-words.ts";
import { type Conflict, Statements } from "./engine/stored-statements.ts";
import { createTables } from "./engine/tables.ts";
import { TermCounts } from "./engine/term-counts.ts";
import { SqliteVectors } from "./engine/vectors/sqlite-vectors.ts";
import { VectorMirror } from "./engine/vectors/vector-mirror.ts";

/** How long after a change the index is put in order and learned from, so that a batch of documents counts once. */
const tidyAfterMs = 2_000;
/** How long after one that changed little: more may come meanwhile, and counts too. */
const tidyWhenQuietMs = 20_000;

/** What works on the tables of one index; they are made where they are missing. */
function engineOf(sql: SqlStorage, vectors: SqliteVectors) {
  createTables(sql);
  const latent = new LatentSpace(sql, vectors);
  const said = new Statements(sql);
  const counts = new TermCounts(sql);
  const words = new WordsInMemory();
  const store = new PassageStore(sql, vectors, latent);
  return { latent, said, counts, words, store, passages: new PassageSearch(sql, vectors, latent, counts, words) };
}

/** All passages of one clone: their words in FTS5, their vectors as int8 blocks, found together. */
export class CloneIndexObject extends DurableObject<Env> {
  readonly #vectors: SqliteVectors;
  #engine: ReturnType<typeof engineOf>;
  #learning: Promise<void> | null = null;
  #tidying: Promise<void> | null = null;

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    const { sql } = state.storage;
    const mirror = env.VECTORS ? new VectorMirror(sql, env.VECTORS, state.id.toString()) : null;
    this.#vectors = new SqliteVectors(sql, undefined, mirror);
    this.#engine = engineOf(sql, this.#vectors);
    if (areWordsBehind(sql)) void state.blockConcurrencyWhile(() => state.storage.setAlarm(Date.now() + tidyAfterMs));
  }

  /**
   * Takes a part of a document. Until the last part is in, search finds what was there of the document before; with the last one
   * the new takes the place of the old, at once or not at all. Part 0 starts over.
   */
  async putDocument(document: DocumentPart): Promise<void> {
    this.#change(() => this.#engine.store.put(document));
    await this.#tidySoon();
  }

  /** Sets for whom a document's passages are found. */
  async setAccess(documentId: string, access: Access): Promise<void> {
    this.#engine.store.setAccess(documentId, access);
  }

  /** The passages of a document in their order, from the one numbered `from` (0 is the first), and how many there are. */
  async listPassages(documentId: string, from: number, limit: number): Promise<{ passages: Chunk[]; count: number }> {
    return this.#engine.store.list(documentId, from, limit);
  }

  /**
   * The unit vectors that passages of the same text have here already, by `contentHash`, so that a model is not paid for them again. They
   * go with the last document that has them.
   */
  async knownVectors(embedderId: string, hashes: string[]): Promise<Map<string, Float32Array>> {
    return this.#engine.store.knownVectors(embedderId, hashes);
  }

  /** Takes a document out; does nothing where it is not there. */
  async removeDocument(documentId: string): Promise<void> {
    this.#change(() => {
      this.#engine.store.remove(documentId);
      this.#engine.said.remove(documentId);
    });
    await this.#tidySoon();
  }

  /** Takes what a document says in numbers, in place of what it said before. */
  async putStatements(documentId: string, statements: Statement[]): Promise<void> {
    this.ctx.storage.transactionSync(() => this.#engine.said.put(documentId, statements));
  }

  /** Where documents say different numbers of the same. */
  async conflicts(): Promise<Conflict[]> {
    return this.#engine.said.conflicts();
  }

  /** Forgets everything. */
  async destroy(): Promise<void> {
    await this.#vectors.destroyMirror();
    this.#vectors.forget();
    this.#engine.counts.forget();
    this.#engine.words.forget();
    await this.ctx.storage.deleteAlarm();
    await this.ctx.storage.deleteAll();
    this.#engine = engineOf(this.ctx.storage.sql, this.#vectors);
  }

  /** The passages that answer a question best, best first. */
  async search(asked: IndexQuery): Promise<IndexHit[]> {
    return this.#engine.passages.search(asked);
  }

  /**
   * Learns what their words mean from all passages that are there now, where anything has changed since. The alarm does so where enough
   * has.
   */
  async learn(): Promise<void> {
    // What runs already may have begun before the newest passages came.
    await this.#learning;
    this.#learning ??= this.#engine.latent
      .learn((change) => this.#change(change), pause)
      .finally(() => {
        this.#learning = null;
      });
    await this.#learning;
  }

  /** Puts together what lies near each other, where more has come than fits into memory. The alarm does it by itself. */
  tidy(): Promise<void> {
    this.#tidying ??= this.#vectors
      .cluster((change) => this.#change(change), pause)
      .finally(() => {
        this.#tidying = null;
      });
    return this.#tidying;
  }

  override async alarm(): Promise<void> {
    await renewWords(this.ctx.storage.sql, this.#engine.latent, (change) => this.#change(change), pause);
    if (this.#engine.latent.isDue("quiet")) await this.learn();
    await this.tidy();
    // Throws where the service fails: the alarm comes again, later each time.
    await this.#vectors.mirror();
  }

  async #tidySoon(): Promise<void> {
    const isDue = this.#engine.latent.isDue("busy") || this.#vectors.isCrowded() || this.#vectors.isMirrorBehind();
    if (!isDue && !this.#engine.latent.isDue("quiet")) return;
    const at = Date.now() + (isDue ? tidyAfterMs : tidyWhenQuietMs);
    const set = await this.ctx.storage.getAlarm();
    if (set === null || set > at) await this.ctx.storage.setAlarm(at);
  }

  /** Runs a change whole or not at all; what is in memory follows. */
  #change(change: () => void): void {
    this.#engine.counts.forget();
    this.#engine.words.forget();
    try {
      this.ctx.storage.transactionSync(change);
    } catch (error) {
      this.#vectors.forget();
      throw error;
    }
  }
}
