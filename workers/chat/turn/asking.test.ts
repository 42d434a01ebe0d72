import { afterEach, describe, expect, it, vi } from "vitest";
import { makeClone, signUp } from "../../testing/client.ts";
import { changeElsewhere } from "../../testing/elsewhere.ts";
import { ask, openConversation } from "../testing/turns.ts";

afterEach(() => {
  vi.useRealTimers();
});

describe("a question", () => {
  it("is answered, or not, by what is true of its clone, also where another process has changed that", async () => {
    const [ada, eve] = [await signUp("Ada"), await signUp("Eve")];
    const clone = await makeClone(ada.token, { visibility: "public" });
    const id = await openConversation(eve.token, { clone_id: clone.id });
    const status = async () => {
      const response = await ask(eve.token, id, { content: "Are you there?" });
      await response.text();
      return response.status;
    };
    vi.useFakeTimers({ toFake: ["Date"] });
    const setVisibility = async (visibility: string) => {
      await changeElsewhere(
        [`clone:${clone.id}`],
        "UPDATE clones SET visibility = ? WHERE id = ?",
        visibility,
        clone.id,
      );
      // Until here what was read is believed.
      vi.setSystemTime(Date.now() + 3_100);
    };
    expect(await status()).toBe(200);
    await setVisibility("private");
    expect(await status()).toBe(404);
    // What is remembered would refuse it: that is not believed.
    await setVisibility("public");
    expect(await status()).toBe(200);
  });
});
