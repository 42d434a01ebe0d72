const logged: string[] = [];
const capture = (...parts: unknown[]) => void logged.push(parts.map(String).join(" "));

/** Keeps error lines instead of printing them. Called before each test: the runner gives a console of its own to every file. */
export function captureErrors(): void {
  console.error = capture;
}

/** The error lines logged since the last call. A test that provokes errors takes them; any that is left fails it. */
export function takeLoggedErrors(): string[] {
  return logged.splice(0);
}
