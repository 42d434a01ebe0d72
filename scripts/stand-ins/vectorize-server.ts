/**
 * A loopback server that keeps vectors as Vectorize does, with its published limits, of which each is refused with 400 where it is
 * passed, and with its delay: what was sent is found from the next `POST /settle` on. `POST /fail {times}` has the next calls fail.
 * One server holds many indexes, by the first part of the path; vectors have 40 dimensions.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { onLoopback } from "./loopback.ts";

const limits = { dimensions: 40, idBytes: 64, namespaceBytes: 64, topK: 100, upsert: 1_000, delete: 100 };

interface Stored {
  id: string;
  namespace: string;
  values: number[];
}
type Mutation = { put: Stored } | { remove: string };

interface Body {
  vector?: number[];
  topK?: number;
  namespace?: string;
  vectors?: Stored[];
  ids?: string[];
  times?: number;
}

export interface VectorizeStandIn {
  url: string;
  close(): Promise<void>;
}

class Refusal extends Error {}

function need(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Refusal(message);
}

const bytes = (text: string) => Buffer.byteLength(text);

class Index {
  readonly #visible = new Map<string, Stored>();
  #waiting: Mutation[] = [];
  #failing = 0;
  readonly #calls: Record<string, number[]> = { upsert: [], delete: [], query: [] };

  answer(operation: string, body: Body): unknown {
    if (operation === "settle") return this.#settle();
    if (operation === "log") return { calls: this.#calls, count: this.#visible.size };
    if (operation === "fail") {
      this.#failing = body.times ?? 1;
      return {};
    }
    if (this.#failing > 0) {
      this.#failing--;
      throw new Error("The stand-in was asked to fail.");
    }
    if (operation === "describe") return { dimensions: limits.dimensions, vectorCount: this.#visible.size };
    if (operation === "upsert") return this.#upsert(body.vectors ?? []);
    if (operation === "delete") return this.#delete(body.ids ?? []);
    if (operation === "query") return this.#query(body);
    throw new Refusal(`There is no operation “${operation}”.`);
  }

  #settle(): object {
    for (const mutation of this.#waiting) {
      if ("put" in mutation) this.#visible.set(mutation.put.id, mutation.put);
      else this.#visible.delete(mutation.remove);
    }
    this.#waiting = [];
    return {};
  }

  #upsert(vectors: Stored[]): object {
    need(vectors.length > 0 && vectors.length <= limits.upsert, `At most ${limits.upsert} vectors a call.`);
    for (const { id, namespace, values } of vectors) {
      need(bytes(id) <= limits.idBytes, "An id has at most 64 bytes.");
      need(bytes(namespace) <= limits.namespaceBytes, "A namespace has at most 64 bytes.");
      need(values.length === limits.dimensions, `Vectors have ${limits.dimensions} dimensions.`);
    }
    this.#calls.upsert?.push(vectors.length);
    this.#waiting.push(...vectors.map((put) => ({ put })));
    return { mutationId: "1" };
  }

  #delete(ids: string[]): object {
    need(ids.length > 0 && ids.length <= limits.delete, `At most ${limits.delete} ids a call.`);
    this.#calls.delete?.push(ids.length);
    this.#waiting.push(...ids.map((remove) => ({ remove })));
    return { mutationId: "1" };
  }

  #query({ vector = [], topK = 5, namespace }: Body): object {
    need(topK <= limits.topK, `topK is at most ${limits.topK} without values and metadata.`);
    need(vector.length === limits.dimensions, `Vectors have ${limits.dimensions} dimensions.`);
    this.#calls.query?.push(topK);
    const matches = [...this.#visible.values()]
      .filter((each) => namespace === undefined || each.namespace === namespace)
      .map(({ id, values }) => ({ id, score: values.reduce((sum, value, i) => sum + value * (vector[i] ?? 0), 0) }))
      .sort((a, b) => b.score - a.score)
      .slice(0, topK);
    return { count: matches.length, matches };
  }
}

/** Starts the server on any free port of the loopback address. */
export async function startVectorizeStandIn(): Promise<VectorizeStandIn> {
  const indexes = new Map<string, Index>();
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const [, name = "", operation = ""] = (request.url ?? "").split("/");
    let text = "";
    for await (const chunk of request) text += String(chunk);
    const index = indexes.get(name) ?? new Index();
    indexes.set(name, index);
    let [status, body]: [number, unknown] = [200, null];
    try {
      body = index.answer(operation, text === "" ? {} : (JSON.parse(text) as Body));
    } catch (error) {
      [status, body] = [error instanceof Refusal ? 400 : 500, { error: String(error) }];
    }
    response.writeHead(status, { "Content-Type": "application/json" });
    response.end(JSON.stringify(body));
  };
  const server = createServer((request, response) => void handle(request, response));
  return onLoopback(server);
}
