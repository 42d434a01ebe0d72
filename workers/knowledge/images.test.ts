import { env } from "cloudflare:workers";
import { expect, inject, it } from "vitest";
import { makeJpeg, makePng, secret } from "../reading/testing/images.ts";
import { call, jsonOf, makeClone, signUp } from "../testing/client.ts";
import { fileOf, formOf, settled, upload } from "./testing/documents.ts";

const characters = (bytes: ArrayBuffer) =>
  Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join("");

interface Message {
  content: { type: string; image_url?: { url: string } }[];
}

/** What the vision model was shown last. */
async function shown(): Promise<string> {
  const model = String((env as unknown as Record<string, string>).VISION_MODEL).replace("openai/", "");
  const url = `${inject("openaiStandIn").replace(/\/v1$/, "")}/_log?${new URLSearchParams({ model })}`;
  const { data } = await (await fetch(url)).json<{ data: { body: { messages: Message[] } }[] }>();
  const parts = data.at(-1)?.body.messages[0]?.content ?? [];
  return parts.find(({ type }) => type === "image_url")?.image_url?.url ?? "";
}

it("a picture is stored without its metadata, shown to the model, and found by what the model says", async () => {
  const { token } = await signUp();
  const clone = await makeClone(token);
  const [document] = await upload(token, clone.id, fileOf("bowl.jpg", makeJpeg()));
  expect(await settled(token, document?.id ?? "")).toMatchObject({ status: "indexed", error: null });
  const { data } = await jsonOf<{ data: { filename: string; text: string }[] }>(
    await call("POST", "/api/v1/documents/search", { token, json: { clone_id: clone.id, query: "quinces" } }),
    200,
  );
  expect(data[0]).toMatchObject({ filename: "bowl.jpg", text: expect.stringContaining("Seven quinces") });

  const { objects } = await env.UPLOADS.list({ prefix: "documents/" });
  const originals = objects.filter(({ key }) => key.includes(document?.id ?? "") && key.endsWith("/original"));
  expect(originals).toHaveLength(1);
  const stored = await env.UPLOADS.get(originals[0]?.key ?? "");
  expect(characters((await stored?.arrayBuffer()) ?? new ArrayBuffer())).not.toContain(secret);

  const [head, base64] = (await shown()).split(",");
  expect(head).toBe("data:image/jpeg;base64");
  expect(atob(base64 ?? "")).not.toContain(secret);
});

it("the same picture again is the same document, whatever its metadata", async () => {
  const { token } = await signUp();
  const clone = await makeClone(token);
  const [first] = await upload(token, clone.id, fileOf("a.png", makePng()));
  const [second] = await upload(token, clone.id, fileOf("b.png", makePng().subarray(0, -secret.length)));
  expect(second?.id).toBe(first?.id);
  await settled(token, first?.id ?? "");
});

it("a picture that is too large or damaged is refused with a sentence", async () => {
  const { token } = await signUp();
  const clone = await makeClone(token);
  for (const [bytes, says] of [
    [makePng({ width: 20_000, height: 20_000 }), "20000 × 20000 pixels"],
    [makeJpeg().subarray(0, 120), "damaged or cut off"],
  ] as const) {
    const body = formOf(clone.id, fileOf("a.png", bytes));
    const refused = await jsonOf(await call("POST", "/api/v1/documents/upload", { token, body }), 422);
    expect(refused.detail).toContain(says);
  }
});
