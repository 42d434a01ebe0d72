import { expect, it } from "vitest";
import { call, jsonOf, makeClone, signUp } from "../../testing/client.ts";
import { takeLoggedErrors } from "../../testing/logged-errors.ts";
import { fileOf, settled, upload } from "../testing/documents.ts";

interface Hit {
  document_id: string;
  filename: string;
  text: string;
  score: number;
  start: number;
  end: number;
}

async function cloneWith(files: Record<string, string>) {
  const { token } = await signUp();
  const clone = await makeClone(token);
  const ids: Record<string, string> = {};
  for (const [name, content] of Object.entries(files)) {
    const [document] = await upload(token, clone.id, fileOf(name, content));
    ids[name] = document?.id ?? "";
    await settled(token, ids[name]);
  }
  const search = async (query: string, fields: Record<string, unknown> = {}) => {
    const json = { clone_id: clone.id, query, ...fields };
    const found = await jsonOf<{ data: Hit[] }>(await call("POST", "/api/v1/documents/search", { token, json }), 200);
    return found.data;
  };
  const configure = (config: object) =>
    call("PUT", `/api/v1/pipeline/config?clone_id=${clone.id}`, { token, json: config });
  const change = (name: string, json: object) => call("PATCH", `/api/v1/documents/${ids[name]}`, { token, json });
  return { token, ids, search, configure, change };
}

const names = (hits: Hit[]) => hits.map(({ filename }) => filename);

it("joins hits that stand beside each other, with every character in its place", async () => {
  const sentences = Array.from(
    { length: 60 },
    (_, i) => `The harbour wall number ${i + 1} was built of granite blocks.`,
  );
  const { token, ids, search } = await cloneWith({
    "wall.md": `# Harbour\n\n${sentences.slice(0, 30).join(" ")}\n\n${sentences.slice(30).join(" ")}`,
  });
  const { parts } = await jsonOf<{ parts: { start: number; text: string }[] }>(
    await call("GET", `/api/v1/documents/${ids["wall.md"]}/text`, { token }),
    200,
  );
  let whole = "";
  for (const { start, text } of parts) whole = whole.padEnd(start, "\n") + text;
  const hits = await search("Of what were the harbour wall’s granite blocks?", { top_k: 10 });
  expect(hits.length).toBe(1);
  for (const { start, end, text } of hits) {
    expect(text.length).toBe(end - start);
    expect(text.replace(/\s/g, " ")).toBe(whole.slice(start, end).replace(/\s/g, " "));
  }
  expect(hits[0]?.text).toContain(sentences[59]);
});

it("puts what only repeats a better passage behind what says something else", async () => {
  const rule = "Members may cancel the gym contract within fourteen days by writing a letter to the office in Bergen.";
  const { search } = await cloneWith({
    "rules.md": rule,
    "rules copy.md": `${rule}\n`,
    "rules again.md": ` ${rule} `,
    "rules 2019.md": rule.replace("fourteen days", "14 days"),
    "letters.md": "Letters to the gym are answered by Solveig, who reads them on Mondays.",
  });
  const query = "Within how many days may members cancel the gym contract by letter?";
  const [first, ...others] = await search(query, { top_k: 5 });
  expect(first?.filename).toMatch(/^rules/);
  expect(
    names(others)
      .slice(-2)
      .every((name) => /^rules/.test(name)),
  ).toBe(true);
  const top = names(await search(query, { top_k: 3 }));
  expect(top).toContain("letters.md");
  expect(top).toContain("rules 2019.md");
  const scores = (await search(query, { top_k: 5 })).map(({ score }) => score);
  expect(scores).toEqual(scores.toSorted((a, b) => b - a));
});

it("finds in documents of some tags and days alone", async () => {
  const page = (date: string) =>
    `<!doctype html><html><head><title>Report</title><meta name="date" content="${date}"></head><body><p>The lighthouse report of ${date} says that the lamp was cleaned.</p></body></html>`;
  const { search, change } = await cloneWith({
    "spring.html": page("2024-03-01"),
    "summer.html": page("2024-07-15"),
    "notes.md": "The lighthouse lamp was cleaned by somebody; nobody wrote when.",
  });
  expect((await change("spring.html", { tags: ["Reports", " lamps "] })).status).toBe(200);
  expect((await change("notes.md", { tags: ["lamps", "lamps"] })).status).toBe(200);
  const found = async (filter: object) =>
    names(await search("When was the lighthouse lamp cleaned?", { filter })).sort();
  expect(await found({ tags: ["lamps"] })).toEqual(["notes.md", "spring.html"]);
  expect(await found({ tags: ["Reports", "nothing"] })).toEqual(["spring.html"]);
  expect(await found({ tags: ["nothing"] })).toEqual([]);
  expect(await found({ written_from: "2024-03-01", written_to: "2024-07-14" })).toEqual(["spring.html"]);
  expect(await found({ written_from: "2024-03-02" })).toEqual(["summer.html"]);
  expect(await found({ tags: ["lamps"], written_to: "2024-12-31", types: ["html"] })).toEqual(["spring.html"]);
  expect((await change("notes.md", { tags: ["x".repeat(41)] })).status).toBe(422);
});

const garden = {
  "apples.md": "Apple trees are pruned in winter, and apple trees like the apple trees of others near them.",
  "pears.md": "Pear trees and apple trees are pruned. Of pears nothing else is known.",
};

it("has a cross-encoder put what was found in order, and goes on without one that fails or is slow", async () => {
  const { search, configure } = await cloneWith(garden);
  const query = "When are apple trees pruned?";
  expect(names(await search(query))).toEqual(["apples.md", "pears.md"]);
  const withReranker = async (reranker: string | null) => {
    expect((await configure({ retrieval: { reranker } })).status).toBe(200);
    return search(query);
  };
  const [best, next] = await withReranker("rerank/stand-in?wanted=pear");
  expect(best).toMatchObject({ filename: "pears.md", score: 2 / 3 });
  expect(next).toMatchObject({ filename: "apples.md", score: 0 });
  const raw = await withReranker("rerank/stand-in?wanted=pear&raw=1");
  expect(names(raw)).toEqual(["pears.md", "apples.md"]);
  for (const { score } of raw) expect(score > 0 && score < 1).toBe(true);
  expect(names(await withReranker("none"))).toEqual(["apples.md", "pears.md"]);
});

it.for(["rerank/stand-in?wanted=pear&fault=500", "rerank/stand-in?wanted=pear&first_ms=10000"])(
  "keeps the order of search where the reranker gives none: %s",
  async (reranker) => {
    const { search, configure } = await cloneWith(garden);
    await configure({ retrieval: { reranker } });
    expect(names(await search("When are apple trees pruned?"))).toEqual(["apples.md", "pears.md"]);
    expect(takeLoggedErrors()).toEqual([expect.stringContaining("hits_not_reranked")]);
  },
);

it("refuses a reranker that is not set up, on its field", async () => {
  const { configure } = await cloneWith({});
  const refused = await jsonOf<{ detail: string; errors: { path: string }[] }>(
    await configure({ retrieval: { reranker: "cohere/rerank-v3" } }),
    422,
  );
  expect(refused.errors[0]?.path).toBe("retrieval.reranker");
  expect(refused.detail).toContain("RERANK_BASE_URL");
});
