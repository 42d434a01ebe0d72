import type { LanguageModelV4FinishReason } from "@ai-sdk/provider";

type Unified = LanguageModelV4FinishReason["unified"];

/** How providers spell why an answer ended, without what stands between the words: the first that fits. */
const spellings: [Unified, RegExp][] = [
  ["tool-calls", /tool|function/],
  ["content-filter", /filter|safety|recitation|blocklist|prohibited|spii|refusal|guardrail|sensitive|moderation|toxic/],
  ["error", /error|fail|insufficient|abort|cancel|malformed/],
  ["length", /length|max|limit|exceed|truncat|incomplete/],
  ["stop", /stop|eos|endturn|endof|complete|done|finish|success/],
];

/** Why an answer ended, in whatever form its server says it; null where it says nothing. */
export function finishReasonOf(value: unknown): LanguageModelV4FinishReason | null {
  const named = typeof value === "object" && value !== null ? Object.values(value)[0] : value;
  if (typeof named !== "string" || named === "" || /^(?:null|none)$/i.test(named)) return null;
  const spelt = named
    .toLowerCase()
    .replace(/^finish_?reason[._]?/, "")
    .replace(/[^a-z]/g, "");
  const [unified] = spellings.find(([, words]) => words.test(spelt)) ?? ["other" as const];
  return { unified, raw: named };
}
