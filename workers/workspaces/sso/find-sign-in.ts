import { start } from "../../accounts/providers/sign-in-step.ts";
import { refusedField } from "../../platform/errors.ts";
import { openOperation } from "../../platform/open-operation.ts";
import { sameSitePath } from "../../platform/redirect-contract.ts";
import { ssoAnswer, ssoInput, tags } from "../sso-contract.ts";
import { signInUrl } from "./present.ts";
import { findConnectionFor } from "./queries.ts";
import { isReady } from "./settings.ts";
import { domainOf } from "./sign-in-by-connection.ts";

/** Throws `validation_failed` where the domain has none. */
export const findSignIn = openOperation({
  limit: "auth",
  summary: "Find the single sign-on of an address",
  description: "By the address’s domain; the answer is the same whether there is an account or not.",
  tags,
  input: ssoInput,
  output: ssoAnswer,
  async run(call, { body: { email, return_to } }) {
    const found = await findConnectionFor(call.db, domainOf(email));
    if (!found || !isReady(found)) {
      const message = `There is no single sign-on for ${domainOf(email)}. Check the address, or sign in another way.`;
      throw refusedField("email", message);
    }
    const query = new URLSearchParams({ return_to: sameSitePath(return_to, start) });
    return { url: `${signInUrl(call, found.id)}?${query}` };
  },
});
