/**
 * The `handle` of a route whose page is whole as the server sends it: it waits for somebody to touch it before it fetches what gives
 * it its handlers. What it shows must not need a script, nor change by itself without saying so by `data-live`.
 */
export const waiting = { waits: true };

/** Whether a route has that handle. */
export const waits = ({ handle }: { handle?: unknown }) => handle === waiting;
