import { describe, expect, it } from "vitest";
import { corpus, readCorpusFile } from "../../testing/corpus.ts";
import { detectType } from "../detect-type.ts";
import { parseDocument } from "../parse-document.ts";

interface Report {
  id: string;
  file: string | null;
  text_must_hold?: string[];
  text_must_not_hold?: string[];
}

/** Reports about texts, pages, messages and e-books, by how their ids begin; the bytes of one are not of the encoding that it is about. */
const ofText = /^(?:utf8|cp12|txt|jsonl?|csv|html|md|eml|mbox|epub|big-(?:md|csv))-/;
const unreadable = new Set(["html-2022jp"]);

describe("what was reported of texts", () => {
  it("is read right", async () => {
    if (!corpus) return console.warn("No ../shared/corpus: reports of faults are not tried.");
    const reports: Report[] = JSON.parse(new TextDecoder().decode(await readCorpusFile("reports/index.json")));
    const wrong: string[] = [];
    for (const { id, file, text_must_hold: hold = [], text_must_not_hold: never = [] } of reports) {
      if (!file || !ofText.test(id) || unreadable.has(id)) continue;
      const bytes = await readCorpusFile(`reports/${file}`);
      const { text, blocks } = await parseDocument(detectType(bytes, file).kind, bytes);
      const headings = blocks.map(({ heading, section }) => (heading ? `«${section}» ` : "")).join("");
      const has = (said: string) =>
        /^\/.*\/$/.test(said) ? new RegExp(said.slice(1, -1)).test(text + headings) : (text + headings).includes(said);
      wrong.push(...hold.filter((said) => !has(said)).map((said) => `${id} lacks ${said}`));
      wrong.push(...never.filter(has).map((said) => `${id} holds ${said}`));
    }
    expect(wrong).toEqual([]);
  });
});
