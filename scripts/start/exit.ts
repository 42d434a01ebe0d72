import { machineFault, oneLine, Refusal } from "./refusal.ts";
import { failAll, isFaultOfWorkerd } from "./workerd.ts";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** Ctrl-C in a terminal may arrive twice: once from there, once passed on by whoever started us. */
const sameKeyMs = 500;

/** Ends the process with a sentence. What nobody foresaw is a sentence as well; its stack goes to `note`. */
export function endWith(error: unknown, note: (line: string) => void = () => {}): never {
  const known = error instanceof Refusal ? error : machineFault(error, "Starting");
  if (known) console.error(known.message);
  else {
    console.error(`Understudy cannot go on: ${oneLine(error)}`);
    note(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
  process.exit(1);
}

/** At the first signal runs `stop` and ends with 0, at a second one at once. */
export function stopAtSignals(stop: () => Promise<void>): void {
  let first: number | null = null;
  for (const signal of signals) {
    process.on(signal, () => {
      if (first !== null && performance.now() - first < sameKeyMs) return;
      if (first !== null) process.exit(1);
      first = performance.now();
      stop().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    });
  }
}

/**
 * Survives what comes of a dying workerd where nobody could catch it; it is started again then. Everything else ends the process.
 * So does nobody reading what it prints: that is of no importance.
 */
export function surviveWorkerd(note: (line: string) => void): void {
  process.on("uncaughtException", (error) => {
    if (!isFaultOfWorkerd(error)) endWith(error, note);
    note(`workerd: ${error.stack ?? oneLine(error)}`);
    failAll(error);
  });
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") endWith(error, note);
    });
  }
}
