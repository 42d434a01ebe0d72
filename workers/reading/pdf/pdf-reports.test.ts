import { describe, expect, it } from "vitest";
import { corpus, readCorpusFile } from "../../testing/corpus.ts";
import { parseDocument } from "../parse-document.ts";

interface Report {
  file: string;
  text_must_hold?: string[];
  text_must_not_hold?: string[];
}

/** What a report says of a text: itself, or an expression for it. */
const expressionOf = (said: string): RegExp => {
  const [, expression, flags] = /^\/(.*)\/([a-z]*)$/su.exec(said) ?? [];
  return expression === undefined
    ? new RegExp(said.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
    : new RegExp(expression, flags);
};

describe.skipIf(!corpus)("a PDF that somebody reported", () => {
  it("is read as it should be", async () => {
    const reports: Report[] = JSON.parse(new TextDecoder().decode(await readCorpusFile("reports/index.json")));
    for (const { file, text_must_hold = [], text_must_not_hold = [] } of reports) {
      // Of some only the address is told.
      if (!/^[^/]+\.pdf$/.test(file)) continue;
      const { text, leftOut } = await parseDocument("pdf", await readCorpusFile(`reports/${file}`));
      const all = `${text}\n${JSON.stringify(leftOut)}`;
      for (const said of text_must_hold) expect(all, file).toMatch(expressionOf(said));
      for (const said of text_must_not_hold) expect(all, file).not.toMatch(expressionOf(said));
    }
  });
});
