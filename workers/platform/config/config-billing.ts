import { z } from "zod";
import { optional } from "./config-values.ts";

const percent = (usual: number) =>
  z.coerce.number("must be a whole number from 0 to 100").int().min(0).max(100).default(usual);

/** Whether anybody pays for anything, and what is the same for all of them. */
export const billingShape = {
  /** `off` meters and shows, and refuses nobody. */
  BILLING: optional.pipe(z.enum(["off", "on"], "must be “on” or “off”").default("off")),
  /** Whole credits that each workspace is given for a calendar month. */
  FREE_MONTHLY_CREDITS: z.coerce.number("must be a whole number of credits").int().min(0).max(1_000_000).default(0),
  /** What of a clone's price its creator gets; the rest is the platform's. */
  CREATOR_SHARE_PERCENT: percent(80),
};
