import type { OnCounted } from "./counted.ts";

/** The port to an embedding model. Vectors are unit length. */
export interface Embedder {
  /** `provider/name`; an index remembers which one made its vectors. */
  id: string;
  /** Null until the first answer has shown it. */
  dimensions: number | null;
  /** How many texts one call may carry. */
  batchSize: number;
  /** Unit vectors for `texts`, in order. Throws `model_unavailable`. */
  embed(
    texts: string[],
    options: { purpose: "document" | "query"; signal?: AbortSignal; onCounted?: OnCounted },
  ): Promise<Float32Array[]>;
}
