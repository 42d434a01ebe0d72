import { describe, expect, it } from "vitest";
import { makePdf, type PrintedLine } from "../reading/testing/files.ts";
import { call, jsonOf, makeClone, signUp } from "../testing/client.ts";
import { comparable, corpus, readCorpusFile } from "../testing/corpus.ts";
import { fileOf, settled, upload } from "./testing/documents.ts";

interface Hit {
  document_id: string;
  filename: string;
  page: number | null;
  text: string;
}

async function search(token: string, clone_id: string, query: string): Promise<Hit[]> {
  const response = await call("POST", "/api/v1/documents/search", { token, json: { clone_id, query, top_k: 3 } });
  return (await jsonOf<{ data: Hit[] }>(response, 200)).data;
}

/** A page of prose that says one thing no other page says. */
function pageOf(number: number): PrintedLine[] {
  const prose = Array.from({ length: 30 }, (_, i) => ({
    text: `Paragraph ${i} of the yearly report goes on about matters of the garden and its keepers.`,
  }));
  return [
    { text: `Part ${number}`, size: 18 },
    { text: `In plot ${number} grows the pear of the sort Number${number * 7919}.`, gap: 30 },
    ...prose,
  ];
}

describe("a long document", () => {
  it("of a hundred pages is read within the limits, and each page is found as itself", async () => {
    const { token } = await signUp();
    const clone = await makeClone(token);
    const file = fileOf("report.pdf", makePdf(Array.from({ length: 100 }, (_, i) => pageOf(i + 1))));
    const [document] = await upload(token, clone.id, file);
    const state = await settled(token, document?.id ?? "");
    expect(state).toMatchObject({ status: "indexed", pages: 100 });
    expect(state.chunk_count).toBeGreaterThan(200);
    for (const page of [1, 50, 100]) {
      const [best] = await search(token, clone.id, `Where does the pear Number${page * 7919} grow?`);
      expect(best).toMatchObject({ document_id: document?.id, page });
    }
  });
});

const readable =
  corpus?.docs.filter(({ file }) =>
    /\.(?:pdf|docx?|xlsx?|pptx?|od[tsp]|rtf|csv|md|txt|html|xml|json|zip|eml)$/.test(file),
  ) ?? [];

describe.skipIf(!corpus)("real documents", () => {
  it("are read by the pipeline, and what they say is found in the right one, on the right page", async () => {
    const { token } = await signUp();
    const clone = await makeClone(token);
    for (const { file } of readable) {
      const [document] = await upload(token, clone.id, fileOf(file, await readCorpusFile(`docs/${file}`)));
      expect(await settled(token, document?.id ?? ""), file).toMatchObject({ status: "indexed", error: null });
    }
    const missed: string[] = [];
    for (const { file, expect: wanted } of readable) {
      for (const { text, page } of wanted) {
        const hits = await search(token, clone.id, text);
        const right = hits.some(
          (hit) =>
            comparable(hit.text).includes(comparable(text)) &&
            (page === undefined ? true : [page].flat().includes(hit.page ?? 0)),
        );
        if (!right) missed.push(`${file}, page ${page}: ${text}`);
      }
    }
    expect(missed).toEqual([]);
  });
});
