import type { RunText } from "../office/run-text.ts";

/** A paragraph while it is read. */
export interface Paragraph {
  text: RunText;
  /** The level of the heading that it is; null for ordinary text. */
  level: number | null;
  label: string | null;
  isHidden: boolean;
  /** It says the number of a page, or what is not known before it is printed. */
  hasPages: boolean;
  links: { from: number; address: string }[];
  spans: (string | undefined)[];
}

/** What stands beside the text and is told behind it: a note or a remark. */
export interface Aside {
  author: string;
  isRemark: boolean;
  lines: string[];
}

/** What a picture frame holds. */
export interface Frame {
  said: string;
  hasImage: boolean;
  isTold: boolean;
}
