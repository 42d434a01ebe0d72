import { z } from "zod";
import { attached, bold, fenced, type Words } from "./chatgpt-words.ts";

const text = z.string().nullable().catch(null);

const artifact = z.object({ title: text, type: text, language: text, content: text, new_str: text }).catch({
  title: null,
  type: null,
  language: null,
  content: null,
  new_str: null,
});

const piece = z.object({ type: text, text, name: text, input: artifact });

export const claudeMessage = z.object({
  uuid: z.string().min(1).max(200),
  parent_message_uuid: text,
  sender: z.string(),
  text,
  content: z.array(piece.nullable().catch(null)).catch([]),
  attachments: z.array(z.unknown()).catch([]),
  files: z.array(z.unknown()).catch([]),
  created_at: z.iso
    .datetime({ offset: true })
    .transform((at) => Date.parse(at))
    .nullable()
    .catch(null),
});
type ClaudeMessage = z.output<typeof claudeMessage>;
type Artifact = z.output<typeof artifact>;

/** An artifact as it was shown: its title, and its text, which is code unless it is Markdown. */
function ofArtifact({ title, type, language, content, new_str }: Artifact): string {
  const written = content ?? new_str ?? "";
  const isProse = type === "text/markdown" || type === "text/plain";
  const shown =
    written.trim() === "" || isProse ? written : fenced(written, language ?? /(\w+)$/.exec(type ?? "")?.[1]);
  return [...(title ? [bold(title)] : []), shown].filter(Boolean).join("\n\n");
}

/** Artifacts and thoughts in texts of older exports. None spans another's beginning, so that each character is looked at once. */
const tags = /<(antArtifact|antThinking)\b([^<>]*)>((?:(?!<ant(?:Artifact|Thinking)\b)[\s\S])*?)<\/\1>/g;

const withoutTags = (of: string) =>
  of.replace(tags, (_, tag: string, fields: string, content: string) => {
    if (tag === "antThinking") return "";
    const field = (name: string) => new RegExp(` ${name}="([^"]*)"`).exec(fields)?.[1] ?? null;
    const [title, type, language] = [field("title"), field("type"), field("language")];
    return `\n\n${ofArtifact({ title, type, language, content: content.trim(), new_str: null })}\n\n`;
  });

/** What a person read of a message of Claude's export, as Markdown; and what of it was left out. */
export function claudeWordsOf({ sender, content, text: plain, attachments, files }: ClaudeMessage): Words {
  if (sender !== "human" && sender !== "assistant") return { text: null, leftOut: ["instructions that nobody saw"] };
  const leftOut: Words["leftOut"] = [];
  const said: string[] = [];
  for (const each of content) {
    if (each?.type === "thinking" || each?.type === "redacted_thinking") leftOut.push("thoughts");
    else if (each?.type === "tool_use" && each.name === "artifacts") said.push(ofArtifact(each.input));
    else if (each?.type === "tool_use") leftOut.push("work of tools");
    else if (each?.type === "image" || each?.type === "document") leftOut.push("pictures and files");
    else if (each?.type !== "tool_result" && each?.text) said.push(withoutTags(each.text));
  }
  // What has no pieces is an older export's, whose text is all.
  if (content.length === 0 && plain) said.push(withoutTags(plain));
  if (attachments.length + files.length > 0) leftOut.push("pictures and files");
  const whole = said
    .map((each) => each.trim())
    .filter(Boolean)
    .join("\n\n");
  return { text: whole === "" && leftOut.includes("pictures and files") ? attached : whole, leftOut };
}
