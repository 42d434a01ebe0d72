import { maxTextLength } from "./budget.ts";
import { type Block, BlockList, tooMuchText } from "./parsed-document.ts";

/** The blocks of a document of many parts, which end before all of them together are more text than a document may hold. */
export class DocumentBlocks {
  readonly blocks = new BlockList();
  #length = 0;

  /** Throws `UnreadableDocument` where the document becomes too much. */
  add(block: Block): void {
    this.#length += block.text.length;
    if (this.#length > maxTextLength) throw tooMuchText();
    this.blocks.push(block);
  }

  /** As `add` for one after the other; a list may be longer than what a call takes. */
  addAll(blocks: Iterable<Block>): void {
    for (const block of blocks) this.add(block);
  }
}

/** A text without white space at its ends, and single spaces within, so that nothing has to look for them at every place that it is shown. */
export const oneLine = (text: string): string => text.replace(/\s+/g, " ").trim();
