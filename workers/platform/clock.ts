/** Time as a port, so that decisions can be replayed: milliseconds since the epoch. */
export interface Clock {
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

/** ISO 8601 UTC, the form in which every time leaves the API. */
export function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
