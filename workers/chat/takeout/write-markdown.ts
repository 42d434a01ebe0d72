import { placeOf, readableTime, type Transcript } from "../transcript.ts";
import { inertWriter } from "./inert-markdown.ts";

/** Plain text as one line of Markdown that shows exactly it: a file's name must not become a link. */
function plain(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .trim()
    .replace(/[\\`*_{}[\]<>#|!~&]/g, "\\$&");
}

/** A conversation as Markdown; answers stand as they were written but load nothing, their sources numbered below each. */
export function writeMarkdown({ title, createdAt, model, entries }: Transcript): string {
  const about = [readableTime(createdAt), model && `answered by ${plain(model)}`].filter(Boolean).join(" · ");
  const inert = inertWriter();
  const parts = entries.map(({ name, at, text, note, sources }) => {
    const listed = sources.map((source) => `${source.index}. ${plain(placeOf(source))}: “${plain(source.quote)}”`);
    return [
      `---\n\n**${plain(name)}** · ${readableTime(at)}`,
      inert(text),
      note && `*${note}*`,
      listed.length > 0 && `Sources:\n\n${listed.join("\n")}`,
    ]
      .filter(Boolean)
      .join("\n\n");
  });
  return `${[`# ${plain(title)}`, about, ...parts].join("\n\n")}\n`;
}
