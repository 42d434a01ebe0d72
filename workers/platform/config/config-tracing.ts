import { z } from "zod";
import { address, optional } from "./config-values.ts";

/** `name=value` pairs, parted by commas; values may be written as in URLs, as OpenTelemetry has it. */
const headers = optional.transform((value, context) =>
  (value?.split(",").filter((each) => each.trim() !== "") ?? []).flatMap((each): [string, string][] => {
    const [, name = "", text = ""] = /^\s*([\w-]+)\s*=\s*([\x20-\x7e]+?)\s*$/.exec(each) ?? [];
    const isWhole = name !== "" && !/%(?![0-9a-f]{2})/i.test(text);
    if (isWhole) return [[name, text.replace(/%[2-7][0-9a-f]/gi, decodeURIComponent)]];
    context.addIssue({
      code: "custom",
      message: "must list headers such as x-api-key=…, parted by commas, and one of them is none",
    });
    return [];
  }),
);

/** Whose questions and answers may be sent: nobody's, everybody's, or those that are paid by these workspaces. */
const content = optional.transform((value, context): "off" | "on" | string[] => {
  if (value === undefined || value === "off" || value === "on") return value ?? "off";
  const ids = value.split(/[\s,]+/).filter(Boolean);
  if (ids.every((id) => /^ws_\w+$/.test(id))) return ids;
  context.addIssue({ code: "custom", message: "must be “off”, “on”, or ids of workspaces (ws_…), parted by commas" });
  return z.NEVER;
});

/** Where traces are sent, and what of them. */
export const tracingShape = { OTLP_ENDPOINT: address, OTLP_HEADERS: headers, OTLP_CONTENT: content };

type TracingSettings = z.output<z.ZodObject<typeof tracingShape>>;

export function refineTracing(value: TracingSettings, context: z.RefinementCtx): void {
  const missing = (of: string) =>
    context.addIssue({
      code: "custom",
      path: ["OTLP_ENDPOINT"],
      message: `is not set. ${of} is of no use without it.`,
    });
  const { OTLP_ENDPOINT, OTLP_HEADERS, OTLP_CONTENT } = value;
  if (OTLP_ENDPOINT !== undefined) {
    if (!/^https?:$/.test(new URL(OTLP_ENDPOINT).protocol))
      context.addIssue({ code: "custom", path: ["OTLP_ENDPOINT"], message: "must begin with http:// or https://" });
    return;
  }
  if (OTLP_HEADERS.length > 0) missing("OTLP_HEADERS");
  if (OTLP_CONTENT !== "off") missing("OTLP_CONTENT");
}
