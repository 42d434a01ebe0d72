import type { FoundPassage } from "../../knowledge/search-knowledge.ts";
import type { ChatModel } from "../../models/ports/chat-model.ts";
import { CitationMarkers, type Cited, type MarkedPiece, type Quote } from "./citation-markers.ts";
import { QuoteFinder } from "./find-quote.ts";
import { JsonText } from "./markers/json-text.ts";
import type { ModelLimits } from "./retry-policy.ts";
import type { StoredCitation } from "./stored-citation.ts";
import type { TurnInput } from "./turn-input.ts";

/** Where an answer's text goes, with each citation right before the first text that has its number. */
export interface TextSink {
  text(text: string): void;
  citation(citation: StoredCitation): void;
}

/** The model that was asked, and the passages that it was given. */
interface Asked {
  chat: ChatModel;
  passages: FoundPassage[];
  isJson: boolean;
}

function cite(passage: FoundPassage, index: number, span: Quote): StoredCitation {
  return {
    index,
    documentId: passage.documentId,
    source: passage.filename,
    page: passage.page,
    section: passage.section,
    quote: passage.text.slice(span.start, span.end),
    relevance: passage.score,
    start: passage.start + span.start,
    end: passage.start + span.end,
  };
}

/** A citation of the answer's first part, by the passage that it is of now; by none where that was not found again. */
function placed({ index, documentId, start, end }: StoredCitation, passages: FoundPassage[]): Cited {
  const at = passages.findIndex((each) => each.documentId === documentId && start >= each.start && start < each.end);
  const from = passages[at]?.start ?? 0;
  return { offered: at >= 0 ? at + 1 : -index, index, quote: { start: start - from, end: end - from } };
}

/** Passes one call's text through the markers into the sink, as far as it is new and fits. */
export class CitedText {
  readonly #markers: CitationMarkers;
  readonly #passages: FoundPassage[];
  readonly #sink: TextSink;
  readonly #quotes: QuoteFinder;
  readonly #json: JsonText | null;
  /** What an answer that is continued has said already and a reader that starts over will say again. */
  #repeated: string;
  /** How many characters more the answer may have. */
  #room: number;

  constructor(input: TurnInput, call: Asked, sink: TextSink, limits: ModelLimits) {
    this.#room = Math.max(0, limits.answerCharacters - (input.continued?.content.length ?? 0));
    this.#passages = call.passages;
    this.#json = call.isJson && call.passages.length > 0 ? new JsonText() : null;
    this.#sink = sink;
    this.#quotes = new QuoteFinder(call.passages, input.question.content);
    this.#repeated = call.chat.info.offline ? (input.continued?.content ?? "") : "";
    const offered = call.passages.map((_, i) => i + 1);
    const cited = call.chat.info.offline ? [] : (input.continued?.citations ?? []);
    this.#markers = new CitationMarkers(
      offered,
      this.#quotes.find,
      cited.map((each) => placed(each, call.passages)),
    );
  }

  /** Citations that were left out: see `QuoteFinder`. */
  get dropped(): number {
    return this.#quotes.dropped;
  }

  push(delta: string): void {
    this.#write(this.#markers.push(this.#json?.hide(delta) ?? delta));
  }

  end(): void {
    this.#write(this.#markers.end());
  }

  #write(pieces: MarkedPiece[]): void {
    for (const piece of pieces) {
      if (piece.kind === "cite") {
        const passage = this.#passages[piece.offered - 1];
        if (passage && !this.#isRepeating) this.#sink.citation(cite(passage, piece.index, piece.quote));
        continue;
      }
      const text = this.#fitting(this.#withoutRepeated(piece.text));
      if (text) this.#sink.text(this.#json?.show(text) ?? text);
    }
  }

  get isFull(): boolean {
    return this.#room === 0;
  }

  #fitting(text: string): string {
    // Half a character at the cut would be stored as another one than was shown.
    const fitting = text.length <= this.#room ? text : text.slice(0, this.#room).toWellFormed();
    this.#room -= fitting.length;
    return fitting;
  }

  get #isRepeating(): boolean {
    return this.#repeated !== "";
  }

  #withoutRepeated(text: string): string {
    let same = 0;
    while (same < text.length && same < this.#repeated.length && text[same] === this.#repeated[same]) same++;
    const rest = text.slice(same);
    // Where it departs from what was said, the rest is new.
    this.#repeated = rest ? "" : this.#repeated.slice(same);
    return rest;
  }
}
