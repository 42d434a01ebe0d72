import { OAuthRefusal } from "./oauth-refusal.ts";
import type { OAuthSignedIn } from "./open-for.ts";

/** Where a sign-in ends that began nowhere. */
export const start = "/clones";

/** A sign-in that goes on at the provider: its address, and what only this browser may know. */
interface AtProvider {
  url: URL;
  browser: string;
}

/** A sign-in that came to nothing, and where its person wanted to go. */
export interface Refused {
  refusal: OAuthRefusal;
  returnTo: string;
}

/** What a step of a sign-in in a browser comes to; `returnTo` is where its person wanted to go. */
export type SignInStep = AtProvider | ({ returnTo: string } & OAuthSignedIn) | Refused;

/** What an answer comes to that belongs to no sign-in of the browser that brings it. */
export const expired = (): Refused => ({ returnTo: start, refusal: new OAuthRefusal("expired") });

/** Runs a step: a refusal in it is told to whoever looks after the provider, and is what the step comes to. */
export async function orRefused<T>(
  returnTo: string,
  tell: (refusal: OAuthRefusal) => Promise<void> | void,
  step: () => Promise<T>,
): Promise<T | Refused> {
  try {
    return await step();
  } catch (error) {
    if (!(error instanceof OAuthRefusal)) throw error;
    await tell(error);
    return { returnTo, refusal: error };
  }
}

/** The code in a provider's answer. Throws `OAuthRefusal` where there is none. */
export function requireCodeIn({ code, error }: { code?: string | undefined; error?: string | undefined }): string {
  if (code) return code;
  throw new OAuthRefusal(error === "access_denied" ? "cancelled" : "provider_failed");
}
