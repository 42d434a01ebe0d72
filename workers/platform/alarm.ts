/** When an object looks again at what it has still to do. */
export class Alarm {
  readonly #storage: DurableObjectStorage;
  /** When it will come, in ms since the epoch; null where that is not known, or none is set. */
  #at: number | null = null;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
  }

  /** To be called when it has come. */
  came(): void {
    this.#at = null;
  }

  /** Has it come at `due` or before. */
  async setBy(due: number): Promise<void> {
    this.#at ??= await this.#storage.getAlarm();
    // One that comes sooner looks again by itself. Setting an alarm costs two commits, and a turn would do it twice.
    if (this.#at !== null && this.#at <= due) return;
    this.#at = due;
    await this.#storage.setAlarm(due);
  }
}
