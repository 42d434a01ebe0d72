import type { LanguageModelV4FilePart } from "@ai-sdk/provider";
import { z } from "zod";

const form = /^data:(image\/(?:png|jpeg|gif|webp));base64,([A-Za-z0-9+/]+={0,2})$/;

/** A picture’s address: its bytes themselves, as this server fetches nothing for a model. */
export const pictureUrl = z
  .string()
  .max(8_000_000, "A picture may have 6 MB.")
  .regex(
    form,
    "Send a picture as a data: URL of PNG, JPEG, GIF or WebP in base64; this server fetches none from an address.",
  );

/** A picture as models are given it. */
export function pictureOf(url: string): LanguageModelV4FilePart {
  const [, mediaType = "image/png", data = ""] = form.exec(url) ?? [];
  return { type: "file", mediaType, data: { type: "data", data } };
}
