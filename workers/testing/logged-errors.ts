const logged: string[] = [];
const original = console.error;

/** Keeps error lines instead of printing them. The set-up file calls it once. */
export function captureErrors(): void {
  if (console.error === original)
    console.error = (...parts: unknown[]) => void logged.push(parts.map(String).join(" "));
}

/** The error lines logged since the last call. A test that provokes errors takes them; any that is left fails it. */
export function takeLoggedErrors(): string[] {
  return logged.splice(0);
}
