/** Resolves after `ms`. */
export const delay = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Lets whatever else waits for this thread have its turn. Not even waiting for R2 or an object does, where these are in the same process. */
export const pause = () => delay(0);
