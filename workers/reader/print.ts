import type { Transcript } from "../chat/transcript.ts";
import { writePdf } from "../chat/write-pdf.ts";
import type { Task } from "./index.ts";

export const print: Task<"print"> = async (_, bytes, answer) => {
  const transcript = JSON.parse(new TextDecoder().decode(bytes)) as Transcript;
  await answer.file("pdf", await writePdf(transcript));
  return null;
};
