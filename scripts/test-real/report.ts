/** What was looked at, a line each as it is known; what failed and what could not be had stand at the end once more. */
export class Report {
  #passed = 0;
  readonly #failed: string[] = [];
  readonly #notRun: string[] = [];

  /** Looks at one thing; what `look` gives is a figure to tell. Whether it went well. */
  async check(name: string, look: () => Promise<string | undefined>): Promise<boolean> {
    const began = performance.now();
    try {
      const figure = await look();
      this.#passed++;
      console.log(`✓ ${name} (${secondsSince(began)} s)${figure ? `: ${figure}` : ""}`);
      return true;
    } catch (error) {
      this.#failed.push(name);
      const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
      console.log(`✗ ${name} (${secondsSince(began)} s)\n    ${told.replaceAll("\n", "\n    ")}`);
      return false;
    }
  }

  /** Says loudly what could not be looked at. */
  notRun(what: string, why: string): void {
    const line = `NOT RUN: ${what}, because ${why}`;
    this.#notRun.push(line);
    console.log(`\n!!!! ${line}\n`);
  }

  /** The last lines, and the status to end with. */
  end(): number {
    for (const line of this.#notRun) console.log(`!!!! ${line}`);
    for (const name of this.#failed) console.log(`✗ ${name}`);
    const notRun = this.#notRun.length > 0 ? `, ${this.#notRun.length} NOT RUN` : "";
    console.log(`\n${this.#passed} passed, ${this.#failed.length} failed${notRun}`);
    return this.#failed.length > 0 ? 1 : 0;
  }
}

const secondsSince = (began: number) => ((performance.now() - began) / 1_000).toFixed(1);
