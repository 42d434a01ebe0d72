import { expect, it } from "vitest";
import { ask, openConversation, standIn } from "./chat/testing/turns.ts";
import { call, jsonOf, makeClone, signUp } from "./testing/client.ts";
import { eventually } from "./testing/eventually.ts";

interface Message {
  required?: boolean;
  content?: Record<string, { schema: { type?: string; required?: string[]; properties?: Record<string, object> } }>;
}
interface Operation {
  parameters?: { in: string; name: string }[];
  requestBody?: Message;
  responses: Record<string, Message>;
}
type Document = { paths: Record<string, Record<string, Operation>> };

const read = async () => (await jsonOf<Document>(await call("GET", "/api/openapi.json"), 200)).paths;

it("tells of every operation what its address, its body and its answers hold", async () => {
  const operations = Object.entries(await read()).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${path}`, path, operation })),
  );
  expect(operations.length).toBeGreaterThan(150);
  const incomplete = operations.filter(({ path, operation: { parameters = [], requestBody, responses } }) => {
    const named = parameters.filter((parameter) => parameter.in === "path").map(({ name }) => `{${name}}`);
    const isAddressed = [...path.matchAll(/\{[^}]+\}/g)].every(([part]) => named.includes(part));
    const isSent = !requestBody || (requestBody.required && Object.keys(requestBody.content ?? {}).length > 0);
    const isAnswered = Object.entries(responses).every(
      ([status, { content }]) => content || /^(?:101|204|303)$/.test(status),
    );
    return !isAddressed || !isSent || !isAnswered;
  });
  expect(incomplete.map(({ name }) => name)).toEqual([]);
});

it("tells of forms the fields that they have", async () => {
  const paths = await read();
  const form = (method: string, path: string) =>
    paths[`/api/v1${path}`]?.[method]?.requestBody?.content?.["multipart/form-data"]?.schema;
  expect(form("post", "/documents/upload")).toMatchObject({
    required: ["clone_id", "file"],
    additionalProperties: false,
    properties: { file: { type: "array", items: { format: "binary" } }, access: { enum: ["public", "members", "me"] } },
  });
  expect(form("put", "/documents/{id}/content")).toMatchObject({
    required: ["file"],
    properties: { file: { format: "binary" } },
  });
  expect(form("post", "/conversations/import")).toMatchObject({
    required: ["file"],
    properties: { file: { format: "binary" } },
  });
});

it("tells in which forms answers come, as they do", async () => {
  const paths = await read();
  const { token } = await signUp();
  const clone = await makeClone(token);
  const form = (name: string) => {
    const body = new FormData();
    body.set("clone_id", clone.id);
    body.set("file", new File([`# ${name}`], name));
    return { token, body };
  };
  const uploaded = await call("POST", "/api/v1/documents/upload", form("lamp.md"));
  const [lamp] = (await jsonOf<{ data: { id: string }[] }>(uploaded, 202)).data;
  const id = await openConversation(token);
  const asked = { content: "Hello?", model: standIn("reply=Hello") };
  await (await ask(token, id, asked, "application/json")).text();

  const check = async (method: string, pattern: string, path: string, options: Parameters<typeof call>[2] = {}) => {
    const answer = await call(method, path, { token, ...options });
    const type = answer.headers.get("Content-Type")?.split(";")[0] ?? "";
    await answer.arrayBuffer();
    const { content = {} } = paths[pattern]?.[method.toLowerCase()]?.responses[answer.status] ?? {};
    expect([path, type, Object.keys(content)]).toEqual([
      path,
      type,
      expect.arrayContaining([content["*/*"] ? "*/*" : type]),
    ]);
    return type;
  };
  const seen: string[] = [];
  const wrong = await call("POST", "/v1/chat/completions", { token, json: {} });
  expect(Object.keys(await jsonOf(wrong, 400))).toEqual(["error"]);
  expect(paths["/v1/chat/completions"]?.post?.responses.default?.content).toMatchObject({
    "application/json": { schema: { properties: { error: {} } } },
  });
  const v1 = "/api/v1";
  for (const format of ["json", "markdown", "pdf"])
    seen.push(
      await check("GET", `${v1}/conversations/{id}/export`, `${v1}/conversations/${id}/export?format=${format}`),
    );
  for (const format of ["json", "csv"])
    seen.push(await check("GET", `${v1}/audit/export`, `${v1}/audit/export?format=${format}`));
  for (const format of ["json", "yaml"])
    seen.push(
      await check("GET", `${v1}/pipeline/config`, `${v1}/pipeline/config?clone_id=${clone.id}&format=${format}`),
    );
  seen.push(await check("GET", `${v1}/documents/{id}/content`, `${v1}/documents/${lamp?.id}/content`));
  seen.push(await check("POST", `${v1}/me/export`, `${v1}/me/export`));
  for (const Accept of ["application/json", "text/event-stream"])
    seen.push(
      await check("POST", `${v1}/conversations/{id}/messages`, `${v1}/conversations/${id}/messages`, {
        json: { ...asked, content: Accept },
        headers: { Accept },
      }),
    );
  seen.push(await check("GET", `${v1}/conversations/{id}/stream`, `${v1}/conversations/${id}/stream`));
  seen.push(await check("POST", `${v1}/documents/upload`, `${v1}/documents/upload`, form("b.md")));
  expect(new Set(seen).size).toBe(8);
  // Nothing is being read any more when the test ends.
  await eventually(async () => {
    const list = await call("GET", `${v1}/documents?clone_id=${clone.id}`, { token });
    const { data } = await jsonOf<{ data: { status: string }[] }>(list, 200);
    expect(data.map(({ status }) => status)).toEqual(["indexed", "indexed"]);
  });
});
