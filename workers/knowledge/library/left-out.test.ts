import { strToU8, zipSync } from "fflate";
import { expect, it } from "vitest";
import { call, jsonOf, makeClone, signUp } from "../../testing/client.ts";
import { eventually } from "../../testing/eventually.ts";
import type { Document } from "../contract.ts";
import { fileOf, settled, upload } from "../testing/documents.ts";

const film = "\0\0\0\x18ftypmp42\0\0\0\0";
const missing = {
  count: 3,
  notes: [
    { what: "opening.mp4, talk.mp4", reason: "It looks like a video, which cannot be read yet." },
    { what: "plan.pdf", reason: expect.stringContaining("damaged") },
  ],
};

async function withArchive() {
  const { token } = await signUp();
  const clone = await makeClone(token);
  const files = {
    "care.md": "# Care\n\nWater twice.",
    "opening.mp4": film,
    "plan.pdf": "%PDF-1.7\n",
    "talk.mp4": film,
  };
  const bytes = zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])));
  const [document] = await upload(token, clone.id, fileOf("fair.zip", bytes));
  const id = document?.id ?? "";
  const get = async <T>(path: string) => jsonOf<T>(await call("GET", path, { token }), 200);
  return { token, clone, id, get, shown: () => get<Document>(`/api/v1/documents/${id}`) };
}

it("what of a file was not read is said wherever the document is, and is nothing that it says itself", async () => {
  const { token, clone, id, get, shown } = await withArchive();
  expect(await settled(token, id)).toMatchObject({ status: "indexed", left_out: missing });
  expect((await shown()).left_out).toEqual(missing);
  const { data } = await get<{ data: Document[] }>(`/api/v1/documents?clone_id=${clone.id}`);
  expect(data[0]?.left_out).toEqual(missing);
  const text = await get<{ document: Document; parts: object[] }>(`/api/v1/documents/${id}/text`);
  expect(text.document.left_out).toEqual(missing);
  expect(JSON.stringify(text.parts)).not.toContain("video");
  const passages = await get<{ data: { text: string }[] }>(`/api/v1/documents/${id}/passages`);
  expect(passages.data.map(({ text }) => text)).toEqual(["Care\n\nWater twice."]);
});

it("it stays said when the text is gone over anew, and goes with the file", async () => {
  const { token, clone, id, get, shown } = await withArchive();
  await settled(token, id);
  const config = `/api/v1/pipeline/config?clone_id=${clone.id}`;
  await jsonOf(await call("PUT", config, { token, json: { chunking: { size: 300 } } }), 200);
  await eventually(async () => expect(await get(config)).toMatchObject({ refreshing: 0 }));
  expect((await shown()).left_out).toEqual(missing);
  const body = new FormData();
  body.append("file", fileOf("care.md", "# Care\n\nWater once."));
  await jsonOf(await call("PUT", `/api/v1/documents/${id}/content`, { token, body }), 202);
  await eventually(async () =>
    expect(await shown()).toMatchObject({ filename: "care.md", left_out: { count: 0, notes: [] } }),
  );
});
