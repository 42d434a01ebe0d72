import type { z } from "zod";

/** What the settings say of the providers that people sign in by. */
interface SignInSettings {
  ENVIRONMENT: string;
  GOOGLE_CLIENT_ID?: string | undefined;
  GOOGLE_CLIENT_SECRET?: string | undefined;
  GOOGLE_ISSUER: string;
  GITHUB_CLIENT_ID?: string | undefined;
  GITHUB_CLIENT_SECRET?: string | undefined;
  GITHUB_URL: string;
  GITHUB_API_URL: string;
  OIDC_ISSUER?: string | undefined;
  OIDC_CLIENT_ID?: string | undefined;
  OIDC_CLIENT_SECRET?: string | undefined;
}

const together = [
  ["GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET"],
  ["GITHUB_CLIENT_ID", "GITHUB_CLIENT_SECRET"],
  ["OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"],
] as const;
const addresses = ["GOOGLE_ISSUER", "GITHUB_URL", "GITHUB_API_URL", "OIDC_ISSUER"] as const;

/** A provider is set up as a whole, and in production nobody between can read or change what it says. */
export function refineSignIn(value: SignInSettings, context: z.RefinementCtx): void {
  const issue = (path: string, message: string) => context.addIssue({ code: "custom", path: [path], message });
  for (const group of together) {
    const missing = group.filter((name) => value[name] === undefined);
    if (missing.length === 0 || missing.length === group.length) continue;
    for (const name of missing)
      issue(name, `is not set. It belongs to ${group.filter((each) => each !== name).join(", ")}.`);
  }
  if (value.ENVIRONMENT !== "production") return;
  for (const name of addresses) {
    const address = value[name];
    if (address !== undefined && URL.parse(address)?.protocol !== "https:")
      issue(name, "must begin with https:// in production.");
  }
}
