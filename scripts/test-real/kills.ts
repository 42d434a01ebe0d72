import assert from "node:assert/strict";
import { eventually } from "../journeys/expect.ts";
import { type Installation, tellLong, underWay } from "./journey.ts";

/** A box that drops is noticed within so long. */
const noticedWithinMs = 10_000;

/** The box is killed in the middle of an answer, and comes back. */
async function checkBoxKilled({ report, person, box }: Installation): Promise<void> {
  await report.check(
    "a box that is killed in mid-answer is told of within ten seconds, and what came is kept",
    async () => {
      const { conversation, answer } = await tellLong(person);
      await underWay(answer);
      const killed = performance.now();
      await box.kill();
      const end = await answer.end();
      const noticed = performance.now() - killed;
      const kept = await person.lastAnswer(conversation);
      assert.equal(end.event, "error");
      assert.match(String(end.data.error), /[Tt]ry again/);
      assert.ok(kept.content.length > 60 && kept.content === answer.text, "what came is kept");
      assert.ok(noticed < noticedWithinMs, `it took ${noticed} ms`);
      return `${noticed.toFixed(0)} ms, “${end.data.error}”`;
    },
  );
  await report.check("a box that is away is told of, and answers when it is back", async () => {
    const conversation = await person.open({});
    const end = await person.ask(conversation, "Say hello.", { max_tokens: 20 }).end();
    assert.equal(end.event, "error");
    await box.start();
    const told = await eventually("it answers again", async () => {
      const again = await person.ask(conversation, "Say hello.", { max_tokens: 20 }).end();
      return again.event === "done" && String(end.data.error);
    });
    return `“${told}”`;
  });
}

/** The server is killed in the middle of an answer; what was shown is there when it is back. */
async function checkServerKilled({ report, person, server }: Installation): Promise<void> {
  await report.check("a server that is killed in mid-answer has the sentence when it is back", async () => {
    const { conversation, answer } = await tellLong(person);
    await underWay(answer);
    await server.kill();
    await answer.over();
    await server.start();
    const kept = await eventually("the answer is resolved", async () => {
      const last = await person.lastAnswer(conversation);
      return last.status !== "running" && last;
    });
    assert.equal(kept.status, "interrupted");
    assert.ok(kept.content.startsWith(answer.text), "what was seen is a prefix of what is kept");
    return `${answer.text.length} characters seen, ${kept.content.length} kept`;
  });
}

/** What is killed in the middle of an answer: the box, then the server. */
export async function checkKills(installation: Installation): Promise<void> {
  await checkBoxKilled(installation);
  await checkServerKilled(installation);
}
