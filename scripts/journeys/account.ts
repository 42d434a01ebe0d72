import type { Visit } from "./journey.ts";

let people = 0;

/** An e-mail address that nobody has had, in this run or another on the same data. */
export const newAddress = (name: string) =>
  `${name.toLowerCase()}.${process.pid}.${Date.now()}.${++people}@example.com`;

/** Signs a new person up through the page itself; ends on their list of clones. */
export async function signUp({ page, open }: Visit): Promise<void> {
  await open("/sign-up");
  await page.getByLabel("Your name").fill("Ada Lovelace");
  await page.getByLabel("E-mail").fill(newAddress("Ada"));
  await page.getByLabel("Password", { exact: true }).fill("the engine weaves patterns");
  await page.getByRole("button", { name: "Create account" }).click();
  await page.waitForURL("**/clones");
}

interface CloneFields {
  name: string;
  model?: string;
  visibility?: "private" | "unlisted" | "public";
  source_access?: "quotes" | "documents";
}

/** A clone of the signed-in person's, made through the API. */
export function makeClone({ call }: Visit, fields: CloneFields): Promise<{ id: string; slug: string }> {
  return call("POST", "/clones", fields);
}
