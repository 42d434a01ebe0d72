const logged: string[] = [];
/** What work says that a test left going when the stores under it were emptied for the next. */
const cutOff = /Application called deleteAllDurableObjects|D1_ERROR: no such table/;

function capture(...parts: unknown[]): void {
  const line = parts.map(String).join(" ");
  if (!cutOff.test(line)) logged.push(line);
}

/** Keeps error lines instead of printing them. Called before each test: the runner gives a console of its own to every file. */
export function captureErrors(): void {
  console.error = capture;
}

/** The error lines logged since the last call. A test that provokes errors takes them; any that is left fails it. */
export function takeLoggedErrors(): string[] {
  return logged.splice(0);
}
