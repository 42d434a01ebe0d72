import type { LanguageModelV4CallOptions, LanguageModelV4FunctionTool } from "@ai-sdk/provider";
import { z } from "zod";

const toolName = z.string().regex(/^[\w-]{1,64}$/, "A tool’s name has at most 64 letters, digits, _ and -.");
const jsonSchema = z.record(z.string(), z.unknown(), "Send a JSON Schema, as an object.");

/** A function that a model may call, without what stands around it on the wire. */
const toolFunction = z.looseObject({
  name: toolName,
  description: z.string().max(20_000).nullish(),
  parameters: jsonSchema.nullish(),
  strict: z.boolean().nullish(),
});
type ToolFunction = z.output<typeof toolFunction>;

const onlyFunctions = z.literal("function", "This server passes tools of the type “function” on, and no others.");
const mostTools = 128;
const tooMany = `Send at most ${mostTools} tools.`;
export const chatTools = z
  .array(z.looseObject({ type: onlyFunctions, function: toolFunction }))
  .max(mostTools, tooMany)
  .nullish();
export const responseTools = z
  .array(z.looseObject({ type: onlyFunctions, ...toolFunction.shape }))
  .max(mostTools, tooMany)
  .nullish();

const choiceWords = z.enum(["none", "auto", "required"]);
const choices = "Choose “none”, “auto”, “required”, or one function by its name.";
export const chatToolChoice = z
  .union(
    [choiceWords, z.looseObject({ type: z.literal("function"), function: z.looseObject({ name: toolName }) })],
    choices,
  )
  .nullish();
export const responseToolChoice = z
  .union([choiceWords, z.looseObject({ type: z.literal("function"), name: toolName })], choices)
  .nullish();

const formName = z.string().regex(/^[\w-]{1,64}$/, "The name has at most 64 letters, digits, _ and -.");
/** A schema that an answer is to fit, without what stands around it on the wire. */
export const schemaForm = z.looseObject({
  name: formName,
  description: z.string().nullish(),
  schema: jsonSchema.nullish(),
});
type SchemaForm = z.output<typeof schemaForm>;
export const formTypes = "The form of an answer is “text”, “json_object” or “json_schema”.";

/** A tool as models are given it. */
export const toolOf = ({ name, description, parameters, strict }: ToolFunction): LanguageModelV4FunctionTool => ({
  type: "function",
  name,
  inputSchema: parameters ?? { type: "object", properties: {} },
  ...(description ? { description } : {}),
  ...(typeof strict === "boolean" ? { strict } : {}),
});

/** Which tool is to be called, as models are told it. */
export function toolChoiceOf(
  choice: z.output<typeof choiceWords> | { name: string } | null | undefined,
): LanguageModelV4CallOptions["toolChoice"] {
  if (!choice) return undefined;
  return typeof choice === "string" ? { type: choice } : { type: "tool", toolName: choice.name };
}

/** The form of an answer, as models are told it. */
export function formOf(type: string | undefined, form?: SchemaForm): LanguageModelV4CallOptions["responseFormat"] {
  if (type === "json_object") return { type: "json" };
  if (type !== "json_schema" || !form) return undefined;
  const { name, description, schema } = form;
  return { type: "json", name, ...(schema ? { schema } : {}), ...(description ? { description } : {}) };
}
