import type { OAuthRefusalReason } from "../oauth-contract.ts";

/** Ends a sign-in by a provider; the browser is sent back to the sign-in page with the reason. */
export class OAuthRefusal extends Error {
  readonly reason: OAuthRefusalReason;

  constructor(reason: OAuthRefusalReason, cause?: unknown) {
    super(reason, { cause });
    this.name = "OAuthRefusal";
    this.reason = reason;
  }
}
