import { type Ask, type Call, load, postJson } from "./load.ts";
import type { Person } from "./product.ts";

/** All stand by themselves: for one that leans on what was said before, a model is asked first, at the model's own pace. */
const questions = [
  "Which rooms may import which?",
  "What does an answer cite, and how exactly?",
  "How does somebody sign in through another provider?",
  "What happens to a question when the server is killed?",
  "Which formats of files can be read?",
  "What may a member see of another member's questions?",
  "How is a conversation taken out, and brought in again?",
  "What is counted, and what happens at a limit?",
  "How is the product deployed to a network?",
  "Which models can answer, and who pays for an answer?",
  "How is a clone shared with people outside?",
  "What is kept when an account is erased?",
];

/** The question of an asker in a round: no two in a row are alike. */
export const questionOf = (asker: number, round: number) =>
  `${questions[(asker + round * 5) % questions.length]} (${asker + 1}.${round + 1})`;

/** Has a person ask in new conversations, and in ones that have turns. */
export class Asking {
  readonly #person: Person;
  readonly #headers: Record<string, string>;
  /** Conversations that have turns. */
  #past: string[] = [];

  constructor(person: Person) {
    this.#person = person;
    this.#headers = { Authorization: `Bearer ${person.token}` };
  }

  /** One question in a conversation; `more` goes with it. */
  call(conversation: string, content: string, more: object = {}): Call {
    return {
      url: `${this.#person.origin}/api/v1/conversations/${conversation}/messages`,
      headers: { ...this.#headers, Accept: "text/event-stream" },
      body: JSON.stringify({ content, ...more }),
      textMark: "event: token",
      endMark: "event: done",
    };
  }

  /** Makes a conversation with the person's clone. */
  async open(): Promise<string> {
    const body = JSON.stringify({ clone_id: this.#person.cloneId });
    const url = `${this.#person.origin}/api/v1/conversations`;
    return String((await postJson({ url, headers: this.#headers, body })).id);
  }

  /** Each question in a conversation that is made for it. */
  inNew(more?: object): Ask {
    return async (asker, round) => {
      const id = await this.open();
      this.#past.push(id);
      return this.call(id, questionOf(asker, round), more);
    };
  }

  /** Each asker in a conversation of their own that has had a turn, so many askers. `quickly` goes with the questions that are missing for that. */
  async inOld(askers: number, quickly: object, more?: object): Promise<Ask> {
    const missing = askers - this.#past.length;
    const shape = {
      streams: Math.min(missing, 20),
      rounds: Math.ceil(missing / 20),
      spreadMs: 200,
      patienceMs: 60_000,
    };
    if (missing > 0) await load(shape, this.inNew(quickly));
    const conversations = this.#past.slice(-askers);
    return (asker, round) => this.call(conversations[asker] ?? "", questionOf(asker, round + 1), more);
  }
}
