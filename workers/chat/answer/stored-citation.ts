/** A citation as it is stored: `index` is its number in the answer's text, `start` and `end` are offsets into its document's text. */
export interface StoredCitation {
  index: number;
  documentId: string;
  source: string;
  page: number | null;
  section: string | null;
  quote: string;
  relevance: number;
  start: number;
  end: number;
}
