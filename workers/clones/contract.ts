import { z } from "zod";
import { parameters, privacy } from "../model-access/parameters-contract.ts";
import { pageOf } from "../platform/http/paging.ts";
import { singleLine } from "../platform/single-line.ts";
import { clonePrice } from "./price-contract.ts";

export const tags = ["Clones"];

export const visibility = z.enum(["private", "unlisted", "public"]);
export const sourceAccess = z
  .enum(["quotes", "documents"])
  .describe("What visitors see of a cited document: the quoted passage only, or the whole document.");

const name = singleLine({ most: 80, missing: "Give the clone a name." });
const slug = z
  .string()
  .trim()
  .toLowerCase()
  .regex(
    /^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?$/,
    "Use small letters, digits and hyphens, at most 60, not at the ends.",
  );
const starters = z
  .array(singleLine({ most: 200, missing: "A starter question cannot be empty." }))
  .max(6, "Use at most 6 starter questions.");

const fields = {
  description: z.string().trim().max(500, "Use at most 500 characters."),
  instructions: z.string().trim().max(8_000, "Use at most 8,000 characters."),
  greeting: z.string().trim().max(500, "Use at most 500 characters."),
  starters,
  model: z.string().trim().max(200).nullable().describe("A model id from /api/v1/models, or null for the default."),
  temperature: parameters.temperature
    .nullable()
    .describe("Where neither question nor conversation says, as are the next three; null: the provider’s."),
  top_p: parameters.top_p.nullable(),
  max_tokens: parameters.max_tokens.nullable(),
  reasoning_effort: parameters.reasoning_effort.nullable(),
  privacy: privacy.nullable(),
  visibility,
  source_access: sourceAccess,
};

export const createCloneInput = z.strictObject({
  workspace_id: z.string().optional(),
  name,
  slug: slug.optional(),
  description: fields.description.default(""),
  instructions: fields.instructions.default(""),
  greeting: fields.greeting.default(""),
  starters: starters.default([]),
  model: fields.model.default(null),
  temperature: fields.temperature.default(null),
  top_p: fields.top_p.default(null),
  max_tokens: fields.max_tokens.default(null),
  reasoning_effort: fields.reasoning_effort.default(null),
  privacy: fields.privacy.default(null),
  visibility: visibility.default("private"),
  source_access: sourceAccess.default("quotes"),
});

export const updateCloneInput = z.strictObject({ name, slug, ...fields }).partial();

/** A clone as its owners see it. */
export const clone = z.object({
  id: z.string(),
  workspace_id: z.string(),
  slug: z.string(),
  name: z.string(),
  description: z.string(),
  instructions: z.string(),
  greeting: z.string(),
  starters: z.array(z.string()),
  model: z.string().nullable(),
  temperature: fields.temperature,
  top_p: fields.top_p,
  max_tokens: fields.max_tokens,
  reasoning_effort: fields.reasoning_effort,
  privacy: fields.privacy,
  visibility,
  source_access: sourceAccess,
  document_count: z.number().int(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
});
export type Clone = z.output<typeof clone>;
export const clonePage = pageOf(clone);

/** A clone as anybody who may talk to it sees it: nothing of how it is made. */
export const publicClone = clone
  .pick({
    id: true,
    slug: true,
    name: true,
    description: true,
    greeting: true,
    starters: true,
    visibility: true,
    source_access: true,
  })
  .extend({
    price: clonePrice
      .pick({
        per_message: true,
        per_session: true,
        session_minutes: true,
        per_expert_minute: true,
        trial_messages: true,
      })
      .nullable()
      .describe("What whoever asks pays, besides what the model takes; null where they pay nothing."),
  });
export type PublicClone = z.output<typeof publicClone>;

export const visitorInput = z.strictObject({ clone: z.string().max(80).describe("The clone's slug.") });
export const visitorToken = z.object({
  visitor_token: z.string(),
  expires_in: z.number().int().describe("Seconds until the token ends."),
  clone: publicClone,
});
