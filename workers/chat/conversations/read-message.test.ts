import { expect, it } from "vitest";
import { call, jsonOf, signUp } from "../../testing/client.ts";
import { ask, messagesOf, openConversation, standIn } from "../testing/turns.ts";

it("reads one message of a conversation, as its tree has it", async () => {
  const { token } = await signUp();
  const id = await openConversation(token);
  await (await ask(token, id, { content: "Hello", model: standIn("reply=Hi there.") })).text();
  const messages = await messagesOf(token, id);
  expect(messages).toHaveLength(2);
  const read = (conversation: string, message: string) =>
    call("GET", `/api/v1/conversations/${conversation}/messages/${message}`, { token });
  for (const message of messages) expect(await jsonOf(await read(id, message.id), 200)).toEqual(message);
  const other = await openConversation(token);
  for (const [conversation, message] of [
    [other, messages[0]?.id ?? ""],
    [id, "msg_nowhere"],
    ["conv_nowhere", messages[0]?.id ?? ""],
  ] as const)
    expect((await read(conversation, message)).status).toBe(404);
});
