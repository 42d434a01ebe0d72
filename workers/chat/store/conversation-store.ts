import type { HistoryMessage } from "../answer/prompt.ts";
import type { StoredCitation } from "../answer/stored-citation.ts";
import type { Summary } from "../answer/summary.ts";
import { leads, type TurnInput } from "../answer/turn-input.ts";
import { chargeOfTurn, statusOf, type TurnResult } from "../answer/turn-result.ts";
import type { KeptTrace } from "../answer/turn-trace.ts";
import { titleFrom } from "../conversations/title.ts";
import type { ConversationRow, MessageRow } from "../queries.ts";
import type { Stored } from "./move-in-queries.ts";
import { nearestLeaf, subtreeOf } from "./subtree.ts";

/** A message with what it cites. */
export interface HeldMessage extends MessageRow {
  citations: StoredCitation[];
}

/** What of a conversation its object decides. How it is filed (pinned, archived, its folder and tags) is the library's, in D1. */
export type Settings = Pick<
  ConversationRow,
  | "title"
  | "titleSource"
  | "model"
  | "systemPrompt"
  | "temperature"
  | "topP"
  | "maxTokens"
  | "reasoning"
  | "privacy"
  | "headMessageId"
>;

/** At most so many messages of a conversation are shown at once. */
const mostShown = 2_000;
/** A prompt looks so many messages back at most. */
const mostBehind = 400;

const columns = "id, parent_id, role, status, content, created_at, more";
type Row = Record<string, SqlStorageValue>;
/** The key of what happened for an answer. */
const traceOf = (messageId: string) => `trace:${messageId}`;

/**
 * A conversation as its object holds it, in the object's SQLite: its settings, its tree of messages with their citations, the leaf that is shown, the
 * summary. This is the truth of it: D1 has a projection, which follows. Writes return at once and are one commit with all else that is
 * written in the same step.
 */
export class ConversationStore {
  readonly #storage: DurableObjectStorage;
  #conversation: ConversationRow;

  private constructor(storage: DurableObjectStorage, conversation: ConversationRow) {
    this.#storage = storage;
    this.#conversation = conversation;
  }

  /** The conversation that a storage holds; null where none has moved in. */
  static heldIn(storage: DurableObjectStorage): ConversationStore | null {
    const conversation = storage.kv.get<ConversationRow>("conversation");
    return conversation ? new ConversationStore(storage, conversation) : null;
  }

  /** Takes in a conversation as it stands in D1, whole and at once. */
  static moveIn(storage: DurableObjectStorage, { conversation, messages, summary }: Stored): ConversationStore {
    return storage.transactionSync(() => {
      storage.sql.exec(`CREATE TABLE IF NOT EXISTS messages (
        id TEXT PRIMARY KEY, parent_id TEXT, role TEXT NOT NULL, status TEXT NOT NULL, content TEXT NOT NULL,
        created_at INTEGER NOT NULL, more TEXT NOT NULL)`);
      const store = new ConversationStore(storage, conversation);
      store.put(messages);
      if (summary) store.summary = summary;
      store.change({});
      return store;
    });
  }

  get conversation(): Readonly<ConversationRow> {
    return this.#conversation;
  }

  /** Changes what is given of the conversation; `updatedAt` in ms where it counts as touched. */
  change(changes: Partial<Settings> & { updatedAt?: number }): void {
    this.#conversation = { ...this.#conversation, ...changes };
    this.#storage.kv.put("conversation", this.#conversation);
  }

  get summary(): Summary | null {
    return this.#storage.kv.get<Summary>("summary") ?? null;
  }

  set summary(summary: Summary) {
    this.#storage.kv.put("summary", summary);
  }

  #read(where: string, ...bindings: SqlStorageValue[]): HeldMessage[] {
    return this.#storage.sql
      .exec(`SELECT ${columns} FROM messages ${where}`, ...bindings)
      .toArray()
      .map((row) => this.#toMessage(row));
  }

  #toMessage(row: Row): HeldMessage {
    const { id, workspaceId } = this.conversation;
    return {
      id: String(row.id),
      conversationId: id,
      workspaceId,
      parentId: row.parent_id as string | null,
      role: row.role as HeldMessage["role"],
      status: row.status as HeldMessage["status"],
      content: String(row.content),
      createdAt: Number(row.created_at),
      ...(JSON.parse(String(row.more)) as More),
    };
  }

  /** What happened for an answer; of one that a crash ended, or that came in from elsewhere, nothing is known. */
  trace(messageId: string): KeptTrace | undefined {
    return this.#storage.kv.get<KeptTrace>(traceOf(messageId));
  }

  /** Keeps what happened for an answer, as long as that is there: it may be told of when the conversation has gone. */
  keepTrace(messageId: string, trace: KeptTrace): void {
    if (ConversationStore.heldIn(this.#storage) && this.message(messageId))
      this.#storage.kv.put(traceOf(messageId), trace);
  }

  message(id: string): HeldMessage | undefined {
    return this.#read("WHERE id = ?", id)[0];
  }

  /** The whole tree, oldest first. */
  messages(): HeldMessage[] {
    return this.#read("ORDER BY created_at, id LIMIT ?", mostShown);
  }

  /** Ends those of the answers that are said to be being written for which `isStray` holds: their ids. */
  interrupt(isStray: (message: HeldMessage) => boolean): string[] {
    const strays = this.#read("WHERE status = 'running'").filter(isStray);
    this.put(strays.map((stray) => ({ ...stray, status: "interrupted", errorCode: "INTERRUPTED" })));
    return strays.map(({ id }) => id);
  }

  /** The answers to a question, oldest first. */
  answersTo(questionId: string): HeldMessage[] {
    return this.#read("WHERE parent_id = ? ORDER BY created_at, id", questionId);
  }

  /** The messages of the branch that ends at `leaf`, oldest first: none where that is not there. */
  branch(leaf: string): HeldMessage[] {
    return this.#read(
      `WHERE id IN (WITH RECURSIVE branch (id, parent_id) AS (
         SELECT id, parent_id FROM messages WHERE id = ?
         UNION SELECT m.id, m.parent_id FROM messages m JOIN branch ON m.id = branch.parent_id
       ) SELECT id FROM branch) ORDER BY created_at, id`,
      leaf,
    );
  }

  /** What was said before a question that follows `leaf`, oldest first; what is empty is left out. */
  history(leaf: string | null): HistoryMessage[] {
    if (leaf === null) return [];
    return this.#storage.sql
      .exec(
        `WITH RECURSIVE branch (id, parent_id, role, content, depth) AS (
           SELECT id, parent_id, role, content, 0 FROM messages WHERE id = ?
           UNION ALL SELECT m.id, m.parent_id, m.role, m.content, branch.depth + 1
           FROM messages m JOIN branch ON m.id = branch.parent_id WHERE branch.depth < ?
         ) SELECT id, role, content FROM branch WHERE content <> '' ORDER BY depth DESC`,
        leaf,
        mostBehind,
      )
      .toArray() as unknown as HistoryMessage[];
  }

  /** Stores messages, in the place of those with the same ids. */
  put(messages: readonly HeldMessage[]): void {
    for (const message of messages) {
      const { id, parentId, role, status, content, createdAt, conversationId: _, workspaceId: __, ...more } = message;
      this.#storage.sql.exec(
        `INSERT OR REPLACE INTO messages (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?)`,
        id,
        parentId,
        role,
        status,
        content,
        createdAt,
        JSON.stringify(more satisfies More),
      );
    }
  }

  /** Takes in a turn that begins: its question, where that is new, and its answer's place. Returns the ids of the messages that this wrote. */
  begin(input: TurnInput): string[] {
    const { question, continued, messageId, turnId, createdAt } = input;
    const { titleSource, headMessageId } = this.conversation;
    const answer = continued ? this.message(messageId) : undefined;
    const rows = [
      ...(question.isNew ? [{ ...this.#blank(input, question.id), ...asked(input) }] : []),
      answer
        ? { ...answer, status: "running" as const, turnId, errorCode: null, finishReason: null }
        : { ...this.#blank(input, messageId), parentId: question.id, createdAt: createdAt + 1 },
    ];
    this.put(rows);
    // While nothing was said, and nobody has named it, a conversation is called as its first question.
    const isFirst = question.isNew && question.parentId === null && titleSource === "auto" && headMessageId === null;
    this.change({
      ...(isFirst ? { title: titleFrom(question.content) } : {}),
      ...(leads(input) ? { headMessageId: messageId } : {}),
      updatedAt: createdAt,
    });
    return rows.map(({ id }) => id);
  }

  /** Whether anything on the branch that ends at `leaf` was bound to the owner's own machines: then all that follows is. */
  isBound(leaf: string | null): boolean {
    if (leaf === null) return false;
    const bound = this.#storage.sql.exec(
      `WITH RECURSIVE branch (id, parent_id, more) AS (
         SELECT id, parent_id, more FROM messages WHERE id = ?
         UNION SELECT m.id, m.parent_id, m.more FROM messages m JOIN branch ON m.id = branch.parent_id
       ) SELECT 1 FROM branch WHERE more ->> '$.privacy' = 'own' LIMIT 1`,
      leaf,
    );
    return bound.toArray().length > 0;
  }

  #blank({ turnId, compareGroup, createdAt, privacy = null }: TurnInput, id: string): HeldMessage {
    const { id: conversationId, workspaceId } = this.conversation;
    return {
      ...{ id, conversationId, workspaceId, parentId: null, role: "assistant", content: "", status: "running" },
      ...{ finishReason: null, errorCode: null, model: null, turnId, compareGroup, privacy },
      ...{ askedModel: null, fallbackReason: null, lane: null, thoughts: null },
      ...{ promptTokens: null, completionTokens: null, droppedCitations: 0, createdAt, completedAt: null },
      ...{ cachedTokens: null, reasoningTokens: null, microCredits: null },
      citations: [],
    };
  }

  /** Takes in how a turn ended. */
  finish(input: TurnInput, result: TurnResult): void {
    const { messageId, turnId } = input;
    const answer = this.message(messageId);
    if (!answer) throw new Error(`There is no place for the answer ${messageId}.`);
    const { content, citations, finishReason, model, promptTokens, completionTokens, droppedCitations = 0 } = result;
    const ended = { status: statusOf[result.outcome], errorCode: result.error?.code ?? null, turnId };
    const { askedModel = null, fallbackReason = null, thoughts = null } = result;
    const said = { content, citations, finishReason, model, promptTokens, completionTokens, droppedCitations };
    const how = { askedModel, fallbackReason, thoughts: thoughts ?? answer.thoughts ?? null };
    const { cacheReadTokens: cachedTokens = null, reasoningTokens = null, model: called } = result.called ?? {};
    const counted = {
      lane: called?.lane ?? null,
      cachedTokens,
      reasoningTokens,
      microCredits: chargeOfTurn(input, result),
    };
    this.put([{ ...answer, ...ended, ...said, ...how, ...counted, completedAt: result.endedAt }]);
    this.change({ updatedAt: result.endedAt });
  }

  /**
   * Takes out a message with everything below it, and shows the nearest leaf that is left where the shown branch ended there. Returns the ids of
   * what went: none where an answer is being written there; undefined where there is no such message.
   */
  removeBranch(rootId: string): string[] | undefined {
    const nodes = this.#storage.sql
      .exec("SELECT id, parent_id AS parentId, status FROM messages ORDER BY created_at, id")
      .toArray() as unknown as Pick<HeldMessage, "id" | "parentId" | "status">[];
    const root = nodes.find(({ id }) => id === rootId);
    if (!root) return undefined;
    const gone = subtreeOf(nodes, rootId);
    if (nodes.some(({ id, status }) => status === "running" && gone.has(id))) return [];
    for (const id of gone) {
      this.#storage.sql.exec("DELETE FROM messages WHERE id = ?", id);
      this.#storage.kv.delete(traceOf(id));
    }
    const head = this.conversation.headMessageId;
    if (head !== null && gone.has(head)) this.change({ headMessageId: nearestLeaf(nodes, gone, root.parentId) });
    return [...gone];
  }
}

/** What a message has beside the columns that its table is asked by. */
type More = Omit<
  HeldMessage,
  "id" | "conversationId" | "workspaceId" | "parentId" | "role" | "status" | "content" | "createdAt"
>;

/** How a question differs from an answer that is still to come. */
const asked = ({ question: { parentId, content }, createdAt }: TurnInput) => ({
  ...{ parentId, content, role: "user" as const, status: "complete" as const },
  ...{ turnId: null, compareGroup: null, completedAt: createdAt },
});
