import { z } from "zod";

/** A variable that may be left out; an empty one is. */
export const optional = z
  .string()
  .trim()
  .transform((value) => (value === "" ? undefined : value))
  .optional();

export const address = optional.pipe(z.url("must be an address such as http://127.0.0.1:11434/v1").optional());

export const seconds = optional.transform((value, context) => {
  const number = Number(value);
  if (value === undefined || (number >= 1 && number <= 600)) return value === undefined ? undefined : number;
  context.addIssue({ code: "custom", message: `must be a number of seconds from 1 to 600, and “${value}” is none` });
  return z.NEVER;
});
