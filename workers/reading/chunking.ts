/** At headings, pages and sentences; at pages and sentences; or at the size alone. */
export const chunkingStrategies = ["structure", "sentence", "fixed"] as const;

/** How a document is cut; sizes in tokens. */
export interface Chunking {
  strategy: (typeof chunkingStrategies)[number];
  /** Of a chunk, at most. */
  size: number;
  /** What neighbouring chunks share, at most. */
  overlap: number;
}

export const defaultChunking: Chunking = { strategy: "structure", size: 225, overlap: 50 };
