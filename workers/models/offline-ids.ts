/** The built-in reader of passages. */
export const offlineExtractiveId = "offline/extractive";

/** The built-in embedder: it costs nothing, and its vectors know likeness of words alone. */
export const offlineHashId = "offline/hash";
