import { describe, expect, it } from "vitest";
import { conversationsIn } from "./conversations-in.ts";

const said = (uuid: string, sender: string, text: string, more: Record<string, unknown> = {}) => ({
  uuid,
  sender,
  text,
  content: [{ type: "text", text, citations: [] }],
  created_at: "2025-03-01T10:00:00.123456Z",
  attachments: [],
  files: [],
  ...more,
});
const read = (messages: unknown[], more: Record<string, unknown> = {}) => {
  const conversation = {
    uuid: "c",
    name: "Roses",
    created_at: "2025-03-01T09:59:00Z",
    chat_messages: messages,
    ...more,
  };
  const [first] = conversationsIn(new TextEncoder().encode(JSON.stringify([conversation])));
  return first;
};
const treeOf = (messages: unknown[]) =>
  read(messages)?.nodes.map(({ id, parentId, role, text }) => [id, parentId, role, text]);

describe("Claude’s conversations.json", () => {
  it("is read with its title, times, and its messages in their order", () => {
    const read_ = read([said("q", "human", "Which?"), said("a", "assistant", "Old ones.")]);
    expect(read_).toMatchObject({
      title: "Roses",
      headId: "a",
      createdAt: Date.parse("2025-03-01T09:59:00Z"),
      leftOut: [],
    });
    expect(read_?.nodes).toMatchObject([
      { id: "q", parentId: null, role: "user", text: "Which?", createdAt: Date.parse("2025-03-01T10:00:00.123Z") },
      { id: "a", parentId: "q", role: "assistant", text: "Old ones." },
    ]);
  });

  it("keeps its branches, where it has some", () => {
    const root = { parent_message_uuid: "00000000-0000-4000-8000-000000000000" };
    const tree = [
      said("q1", "human", "Which?", root),
      said("a1", "assistant", "Old.", { parent_message_uuid: "q1" }),
      said("q2", "human", "Which ones?", root),
      said("a2", "assistant", "New.", { parent_message_uuid: "q2" }),
    ];
    expect(treeOf(tree)?.map(([id, parent]) => [id, parent])).toEqual([
      ["q1", null],
      ["q2", null],
      ["a1", "q1"],
      ["a2", "q2"],
    ]);
  });

  it("leaves out what nobody saw, and says so; what an artifact shows is kept", () => {
    const input = {
      command: "create",
      title: "sum.py",
      type: "application/vnd.ant.code",
      language: "python",
      content: "1+1",
    };
    const content = [
      { type: "thinking", thinking: "Hm" },
      { type: "text", text: "Here:" },
      { type: "tool_use", name: "artifacts", input },
      { type: "tool_result", name: "artifacts", content: [{ type: "text", text: "OK" }] },
      { type: "tool_use", name: "web_search", input: { query: "x" } },
      null,
    ];
    const answer = read([said("q", "human", "Add"), said("a", "assistant", "x", { content })]);
    expect(answer?.nodes[1]?.text).toBe("Here:\n\n**sum.py**\n\n```python\n1+1\n```");
    expect(answer?.leftOut).toEqual([
      { what: "thoughts", count: 1 },
      { what: "work of tools", count: 1 },
    ]);
  });

  it("is read in older forms: text alone, with its tags", () => {
    const old =
      'Yes.<antThinking>Hm</antThinking><antArtifact identifier="a" type="text/markdown" title="T"># Hi</antArtifact>';
    const content = { content: undefined };
    expect(treeOf([said("q", "human", "Q", content), said("a", "assistant", old, content)])?.[1]?.[3]).toBe(
      "Yes.\n\n**T**\n\n# Hi",
    );
    const piece = "<antArtifact><antThinking></antArtifact>";
    const many = piece.repeat(10_000);
    expect(treeOf([said("q", "human", many, content)])?.[0]?.[3]).toBe(many);
  });

  it("names files, joins answers, and takes messages without a word for none", () => {
    const file = { attachments: [{ file_name: "a.txt", extracted_content: "A" }] };
    const answer = read([
      said("q", "human", "", file),
      said("a", "assistant", "One."),
      said("e", "human", ""),
      said("b", "assistant", "Two."),
    ]);
    expect(answer?.nodes.map(({ text }) => text)).toEqual(["(attachment)", "One.\n\nTwo."]);
    expect(answer?.leftOut).toEqual([{ what: "pictures and files", count: 1 }]);
    expect(read([])?.nodes).toEqual([]);
  });

  it("refuses one message that is too long alone", () => {
    const long = read([said("q", "human", "x".repeat(400_001)), said("a", "assistant", "Yes.")]);
    expect(long?.nodes.map(({ text }) => text.slice(0, 10))).toEqual(["(A message", "Yes."]);
    expect(long?.leftOut).toEqual([{ what: "messages of more than 400,000 characters", count: 1 }]);
  });
});
