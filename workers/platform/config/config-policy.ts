import type { z } from "zod";

interface PolicySettings {
  ENVIRONMENT: string;
  TERMS_URL?: string | undefined;
  PRIVACY_URL?: string | undefined;
  POLICY_VERSION?: string | undefined;
}

const addresses = ["TERMS_URL", "PRIVACY_URL"] as const;

/** Whoever agrees to a version must be able to read both parts of it. */
export function refinePolicy(value: PolicySettings, context: z.RefinementCtx): void {
  const issue = (path: string, message: string) => context.addIssue({ code: "custom", path: [path], message });
  for (const name of addresses) {
    const address = value[name];
    if (address === undefined && value.POLICY_VERSION !== undefined)
      issue(name, "is not set. POLICY_VERSION asks people to agree to TERMS_URL and PRIVACY_URL.");
    const protocol = address === undefined ? null : URL.parse(address)?.protocol;
    if (protocol && protocol !== "https:" && (protocol !== "http:" || value.ENVIRONMENT === "production"))
      issue(name, "must begin with https://, as people open it in their browser.");
  }
}
