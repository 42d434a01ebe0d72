import type { OnCounted } from "./counted.ts";

/** The port to a model that sees pictures. */
export interface VisionModel {
  /** `provider/name`. */
  id: string;
  /** What a picture says, word for word, and what it shows, as Markdown. Throws `model_unavailable`. */
  describe(
    image: { bytes: Uint8Array; mediaType: `image/${string}` },
    options: { signal: AbortSignal; onCounted?: OnCounted },
  ): Promise<string>;
}
