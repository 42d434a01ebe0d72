/** Lets whatever else waits for this thread have its turn. Not even waiting for R2 or an object does, where these are in the same process. */
export const pause = () => new Promise<void>((resolve) => setTimeout(resolve, 0));
