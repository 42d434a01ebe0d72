import type { MarkdownIt } from "markdown-it";

/** How formulas are written, by how they begin. */
const formulas: [open: string, close: string][] = [
  ["$$", "$$"],
  ["\\[", "\\]"],
  ["\\(", "\\)"],
  ["$", "$"],
];

/** Where a formula ends that begins at `start`; -1 where none does. A dollar before a space, or a figure behind it, is money. */
function endOfFormula(source: string, start: number): number {
  const [open, close] = formulas.find(([mark]) => source.startsWith(mark, start)) ?? [];
  if (!open || !close) return -1;
  const from = start + open.length;
  const end = source.indexOf(close, from);
  if (end <= from) return -1;
  const isMoney = open === "$" && /^\s|\s$|\n\s*\n/.test(source.slice(from, end));
  return isMoney || (open === "$" && /\d/.test(source[end + 1] ?? "")) ? -1 : end + close.length;
}

/** Formulas are kept as they are written: what would be marks elsewhere is part of them. */
function withFormulas(reader: MarkdownIt): void {
  reader.inline.ruler.before("escape", "formula", (state, isSilent) => {
    const end = endOfFormula(state.src, state.pos);
    if (end < 0 || end > state.posMax) return false;
    if (!isSilent) state.push("text", "", 0).content = state.src.slice(state.pos, end);
    state.pos = end;
    return true;
  });
  reader.block.ruler.before(
    "fence",
    "formula",
    (state, line, last, isSilent) => {
      const text = (at: number) => state.src.slice((state.bMarks[at] ?? 0) + (state.tShift[at] ?? 0), state.eMarks[at]);
      const mark = text(line).trim();
      if (mark !== "$$" && mark !== "\\[") return false;
      const close = mark === "$$" ? "$$" : "\\]";
      let end = line + 1;
      while (end < last && text(end).trim() !== close && text(end).trim() !== "") end++;
      if (end >= last || text(end).trim() !== close) return false;
      if (isSilent) return true;
      const token = state.push("fence", "", 0);
      token.content = state.getLines(line, end + 1, state.blkIndent, false);
      token.map = [line, end + 1];
      state.line = end + 1;
      return true;
    },
    { alt: ["paragraph", "blockquote", "list"] },
  );
}

/** Footnotes are paragraphs where they stand, of which one word is no address. */
function withFootnotes(reader: MarkdownIt): void {
  reader.block.ruler.before(
    "reference",
    "footnote",
    (state, line, last, isSilent) => {
      const start = (state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0);
      const isNote = (at: number) => /^\[\^[^\]\s]{1,100}\]:/.test(state.src.slice(at, at + 110));
      if (!isNote(start)) return false;
      if (isSilent) return true;
      let end = line + 1;
      while (end < last && !state.isEmpty(end) && !isNote((state.bMarks[end] ?? 0) + (state.tShift[end] ?? 0))) end++;
      state.push("paragraph_open", "p", 1);
      const token = state.push("inline", "", 0);
      token.content = state.getLines(line, end, state.blkIndent, false).trim();
      token.children = [];
      state.push("paragraph_close", "p", -1);
      state.line = end;
      return true;
    },
    { alt: ["paragraph"] },
  );
}

/** Has `reader` read what CommonMark lacks and notes are full of. */
export function withNotesAndFormulas(reader: MarkdownIt): MarkdownIt {
  withFormulas(reader);
  withFootnotes(reader);
  return reader;
}
