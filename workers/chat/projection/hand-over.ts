import { createRuntime } from "../../platform/runtime.ts";
import { settle } from "../answer/paying/settle.ts";
import { projectionObject } from "./caught-up.ts";
import type { Outbox, Sending } from "./outbox.ts";

/**
 * Hands over to D1, and to the payers' wallets, what waits in an object's outbox, in its order. It does not wait for what is on its way already: who has read an answer's end
 * and waits until D1 has caught up must find that end handed over.
 */
export class HandOver {
  readonly #env: Env;
  readonly #outbox: Outbox;
  readonly #running = new Set<Promise<boolean>>();
  /** Calls by one stub arrive in their order. */
  #stub: ReturnType<typeof projectionObject> | null = null;
  #failures = 0;

  constructor(env: Env, outbox: Outbox) {
    this.#env = env;
    this.#outbox = outbox;
  }

  /** How often it has failed since it last went well: it is to be tried again. */
  get failures(): number {
    return this.#failures;
  }

  /** Resolves when D1 has all that has waited so far, to true; to false where it could not be reached, which is logged. */
  async run(): Promise<boolean> {
    const sending = this.#outbox.take();
    if (sending) {
      const sent = this.#send(sending);
      this.#running.add(sent);
      void sent.finally(() => this.#running.delete(sent));
    }
    return (await Promise.all(this.#running)).every(Boolean);
  }

  async #send(sending: Sending): Promise<boolean> {
    try {
      this.#stub ??= projectionObject({ env: this.#env });
      await Promise.all([
        this.#stub.project(sending.projection),
        ...sending.settlements.map((settlement) => settle({ env: this.#env }, settlement)),
      ]);
      this.#outbox.handedOver(sending);
      this.#failures = 0;
      return true;
    } catch (error) {
      this.#stub = null;
      this.#outbox.giveBack(sending);
      this.#failures += 1;
      const { conversationId } = sending.projection;
      createRuntime(this.#env).log.error("not_projected", error, { conversation_id: conversationId });
      return false;
    }
  }
}
