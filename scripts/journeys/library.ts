import assert from "node:assert/strict";
import { makeClone, signUp } from "./account.ts";
import type { Journey, Visit } from "./journey.ts";

async function exported({ context, base }: Visit, id: string, format: string) {
  const response = await context.request.get(`${base}/api/v1/conversations/${id}/export?format=${format}`);
  assert.equal(response.status(), 200, `${format}: ${response.status()}`);
  assert.match(response.headers()["content-disposition"] ?? "", /^attachment; /);
  return response.body();
}

/** What the built Worker alone can show: its lazy parts load, and programs are answered over a real connection. */
export const libraryJourneys: Journey[] = [
  {
    name: "a conversation is taken out in every form, and brought in again",
    async run(visit) {
      await signUp(visit);
      const { id } = await visit.call<{ id: string }>("POST", "/conversations", { title: "Žlutý kůň" });
      const asked = { content: "Count", model: "openai/stand-in?reply=Prune%20them." };
      const ask = { method: "POST", headers: { Origin: visit.base, Accept: "application/json" }, data: asked };
      const url = `${visit.base}/api/v1/conversations/${id}/messages`;
      assert.equal((await visit.context.request.fetch(url, ask)).status(), 200);
      assert.match((await exported(visit, id, "markdown")).toString(), /^# Žlutý kůň\n.*Prune them\./s);
      const pdf = await exported(visit, id, "pdf");
      assert.equal(pdf.subarray(0, 5).toString(), "%PDF-");
      assert.ok(pdf.byteLength > 5_000, `${pdf.byteLength} bytes of PDF`);
      const file = JSON.parse((await exported(visit, id, "json")).toString()) as object;
      const { data } = await visit.call<{ data: { title: string; messages: number }[] }>(
        "POST",
        "/conversations/import",
        file,
      );
      assert.deepEqual(
        data.map(({ title, messages }) => [title, messages]),
        [["Žlutý kůň", 2]],
      );
    },
  },
  {
    name: "a program asks a clone in OpenAI’s wire",
    async run(visit) {
      await signUp(visit);
      const { slug } = await makeClone(visit, { name: "Counter", model: "openai/stand-in?reply=One%20two." });
      const { key } = await visit.call<{ key: string }>("POST", "/api-keys", { name: "Program" });
      const response = await fetch(`${visit.base}/v1/chat/completions`, {
        method: "POST",
        headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
        body: JSON.stringify({
          model: `clone:${slug}`,
          messages: [{ role: "user", content: "Count" }],
          stream: true,
        }),
      });
      const text = await response.text();
      assert.equal(response.status, 200, text);
      assert.ok(text.endsWith("data: [DONE]\n\n"), text.slice(-200));
      const words = [...text.matchAll(/"delta":\{"content":"([^"]*)"\}/g)].map((match) => match[1]);
      assert.equal(words.join(""), "One two.");
    },
  },
];
