import { z } from "zod";

// Seconds, with fractions.
export const time = z
  .number()
  .transform((seconds) => Math.round(seconds * 1000))
  .nullable()
  .catch(null);

const text = z.string().nullable().catch(null);

export const nodeMessage = z.object({
  author: z.object({ role: z.string(), name: text }),
  create_time: time,
  content: z.object({
    content_type: z.string(),
    parts: z.array(z.unknown()).catch([]),
    text,
    language: text,
    result: text,
  }),
  status: text,
  recipient: text,
  metadata: z
    .object({
      is_visually_hidden_from_conversation: z.boolean().catch(false),
      attachments: z.array(z.unknown()).catch([]),
    })
    .nullable()
    .catch(null),
});
export type NodeMessage = z.output<typeof nodeMessage>;

/** What of a conversation is not brought in, as it is told. */
export type LeftOut = "pictures and files" | "instructions that nobody saw" | "thoughts" | "work of tools";

/** What a person read of a message, as Markdown, with its marks; and what of it was left out. */
export interface Words {
  text: string | null;
  leftOut: LeftOut[];
}

/** What stands for a message that was nothing but pictures or files. */
export const attached = "(attachment)";

/** A text in a fence that nothing in it ends. */
export function fenced(code: string, language = ""): string {
  const longest = Math.max(2, ...[...code.matchAll(/^ *(`{3,})/gm)].map(([, mark = ""]) => mark.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language.replace(/[^\w+#-]/g, "")}\n${code}\n${fence}`;
}

/** A name as Markdown that stands out. */
export const bold = (name: string) => `**${name.replace(/[*_\\]/g, "\\$&")}**`;

const part = z.object({ content_type: text, text });
const isSound = (type: string | null) => type !== null && /^(?:audio|real_time_user_audio_video)/.test(type);

/** The parts of a message: texts, what was said aloud, and pictures and files, which the file does not hold. */
function ofParts({ content, metadata }: NodeMessage): Words {
  const texts: string[] = [];
  let files = metadata?.attachments.length ?? 0;
  let sounds = 0;
  for (const each of content.parts) {
    const read = part.safeParse(each);
    if (typeof each === "string") texts.push(each);
    else if (read.data?.text) texts.push(read.data.text);
    else if (read.data && isSound(read.data.content_type)) sounds++;
    else if (each !== null) files++;
  }
  const said = texts.join("\n");
  // What was said aloud is its transcript.
  if (said.trim() !== "" || files + sounds === 0)
    return { text: said, leftOut: files > 0 ? ["pictures and files"] : [] };
  return { text: attached, leftOut: ["pictures and files"] };
}

const canvas = z.object({
  name: text,
  type: text,
  content: text,
  updates: z.array(z.object({ replacement: text })).catch([]),
  comments: z.array(z.object({ comment: text })).catch([]),
});

/** What a call of the canvas wrote: a document, what was put into it, or comments on it. */
function ofCanvas(call: string): string | null {
  let read: z.output<typeof canvas>;
  try {
    read = canvas.parse(JSON.parse(call));
  } catch {
    return null;
  }
  const { name, type, content, updates, comments } = read;
  const written = [content, ...updates.map(({ replacement }) => replacement)].filter((each) => each !== null);
  const [, language] = /^code\/(.*)$/.exec(type ?? "") ?? [];
  const shown = written.map((each) => (language === undefined ? each : fenced(each, language)));
  const said = comments.flatMap(({ comment }) => (comment ? [`- ${comment}`] : []));
  return [...(name ? [bold(name)] : []), ...shown, ...said].join("\n\n") || null;
}

const nothing = (...leftOut: LeftOut[]): Words => ({ text: null, leftOut });

/** A call that the assistant made of a tool: of these the canvas’s and the interpreter’s were shown. */
function ofCall({ content, recipient }: NodeMessage): Words {
  const call = content.text ?? content.parts.filter((each) => typeof each === "string").join("\n");
  if (recipient?.startsWith("canmore.")) {
    const written = ofCanvas(call);
    return written === null ? nothing("work of tools") : { text: written, leftOut: [] };
  }
  if (recipient === "python" && call.trim() !== "") return { text: fenced(call, "python"), leftOut: [] };
  return nothing("work of tools");
}

/** What a tool answered: what the interpreter printed was shown, and the pictures that others made. */
function ofTool(message: NodeMessage): Words {
  const { content, author } = message;
  if (content.content_type === "execution_output" && content.text?.trim())
    return { text: fenced(content.text), leftOut: [] };
  const isPicture = content.content_type === "multimodal_text" && !author.name?.startsWith("file_search");
  if (isPicture && ofParts(message).text === attached) return { text: attached, leftOut: ["pictures and files"] };
  return nothing("work of tools");
}

/** What a person read of a message; nothing of what they never saw: instructions, thoughts, most of the work of tools. */
export function wordsOf(message: NodeMessage | null): Words {
  if (!message) return nothing();
  const { author, content, recipient, metadata } = message;
  if (metadata?.is_visually_hidden_from_conversation || author.role === "system") {
    const isEmpty = content.parts.every((each) => each === "") && !content.text;
    return isEmpty ? nothing() : nothing("instructions that nobody saw");
  }
  if (author.role === "tool") return ofTool(message);
  if (author.role !== "user" && author.role !== "assistant") return nothing("work of tools");
  if (recipient !== null && recipient !== "all") return ofCall(message);
  switch (content.content_type) {
    case "text":
    case "multimodal_text":
      return ofParts(message);
    case "code":
      return content.text ? { text: fenced(content.text, content.language ?? ""), leftOut: [] } : nothing();
    case "execution_output":
      return content.text ? { text: fenced(content.text), leftOut: [] } : nothing();
    case "tether_quote":
      return content.text ? { text: content.text.replace(/^/gm, "> "), leftOut: [] } : nothing();
    case "thoughts":
    case "reasoning_recap":
      return nothing("thoughts");
    case "user_editable_context":
    case "model_editable_context":
      return nothing("instructions that nobody saw");
    default:
      return content.text ? { text: content.text, leftOut: [] } : nothing("work of tools");
  }
}
