/** Why a document cannot be read; stable, for clients and statistics. */
export type UnreadableCode =
  | "encrypted"
  | "damaged"
  | "no_text_layer"
  | "needs_vision_model"
  | "empty"
  | "unsafe_xml"
  | "unsafe_archive"
  | "expands_too_far"
  | "too_much_text"
  | "too_complex"
  | "takes_too_long"
  | "unreadable";

/** A failure that no retry mends. `message` tells the document's owner what is wrong and what to do. */
export class UnreadableDocument extends Error {
  readonly code: UnreadableCode;

  constructor(code: UnreadableCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "UnreadableDocument";
    this.code = code;
  }
}
