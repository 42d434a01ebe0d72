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

/** Host names without scheme or port, as a URL writes them; parted by commas or spaces. */
export const hosts = optional.transform((value, context) =>
  (value?.split(/[\s,]+/).filter(Boolean) ?? []).flatMap((each) => {
    const url = URL.parse(`http://${each}`);
    if (url && /^[\w.-]+$|^\[[\da-f:]+\]$/.test(url.hostname) && url.href === `http://${url.hostname}/`)
      return [url.hostname];
    context.addIssue({
      code: "custom",
      message: `must list host names such as chat.example.com, and “${each}” is none`,
    });
    return [];
  }),
);
