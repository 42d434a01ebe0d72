import { expect, it } from "vitest";
import { call, jsonOf, makeClone, signUp } from "../testing/client.ts";
import { fileOf, formOf } from "./testing/documents.ts";

const formWith = (name: string, value: string | File) => {
  const body = formOf("clone_1", fileOf("a.md", "# A"));
  body.append(name, value);
  return { body };
};

it.each<[string, object, string]>([
  ["GET documents?clone_id=:clone&status=failed", {}, "status"],
  ["GET documents/doc_1/text?page=2", {}, "page"],
  ["GET documents/hints?clone_id=:clone&limit=1", {}, "limit"],
  ["GET downloads/none?keep=1", {}, "keep"],
  ["GET pipeline/config?clone_id=:clone&as=yaml", {}, "as"],
  ["PUT pipeline/config?clone_id=:clone", { json: { chunking: { length: 100 } } }, "chunking.length"],
  ["POST documents/search", { json: { clone_id: "c", query: "q", limit: 3 } }, "limit"],
  ["POST documents/search", { json: { clone_id: "c", query: "q", filter: { author: "Ada" } } }, "filter.author"],
  ["POST documents/import", { json: { clone_id: "c", url: "https://a.example", own_host: "b.example" } }, "own_host"],
  ["PATCH documents/doc_1", { json: { tags: [], title: "A" } }, "title"],
  ["DELETE documents/doc_1", { json: { why: "old" } }, "why"],
  ["POST documents/upload", formWith("tags", "garden"), "tags"],
  ["POST documents/upload", formWith("files", fileOf("b.md", "# B")), "files"],
  ["POST documents/upload", formWith("file", "b.md"), "file"],
  ["POST documents/upload", formWith("clone_id", "clone_2"), "clone_id"],
  ["PUT documents/doc_1/content", { body: formOf("clone_1", fileOf("a.md", "# A")) }, "clone_id"],
])("%s is refused with what is not known there", async (operation, sent, path) => {
  const { token } = await signUp();
  const { id } = await makeClone(token);
  const [method = "", address = ""] = operation.split(" ");
  const answer = await call(method, `/api/v1/${address.replace(":clone", id)}`, { token, ...sent });
  expect(await jsonOf(answer, 422)).toMatchObject({ code: "validation_failed", errors: [{ path }] });
});
