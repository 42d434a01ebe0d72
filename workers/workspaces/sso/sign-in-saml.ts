import { accountOperation } from "../../accounts/operation.ts";
import { browserOf } from "../../accounts/providers/oauth-http.ts";
import { OAuthRefusal } from "../../accounts/providers/oauth-refusal.ts";
import { isFrom, takeAnywhere } from "../../accounts/providers/oauth-state.ts";
import { expired, orRefused, type SignInStep, start } from "../../accounts/providers/sign-in-step.ts";
import { hold, takeAssertion, takeHeld } from "../../accounts/saml/held-identity.ts";
import { serviceMetadata } from "../../accounts/saml/saml-metadata.ts";
import { samlIdentity } from "../../accounts/saml/saml-sign-in.ts";
import { notFound } from "../../platform/errors.ts";
import { openOperation } from "../../platform/open-operation.ts";
import { finishQuery, samlAnswer, tags } from "../sso-contract.ts";
import { requireConnection, samlProvider } from "./provider.ts";
import { findOpenConnection } from "./queries.ts";
import { signInByConnection } from "./sign-in-by-connection.ts";
import { tellRefusal } from "./tell-refusal.ts";

/** A response with its signature and certificates is some ten thousand bytes. */
const longestAnswer = { bytes: 300_000 };

/**
 * Takes a provider's answer, which any page may have posted: it has to answer a request of ours, whose state nobody else has, and is taken once.
 * Comes to where it is finished, in the browser that began. Throws `not_found`.
 */
export const receiveSaml = accountOperation({
  postedFromElsewhere: true,
  bodyLimit: longestAnswer,
  summary: "Come back from a provider of SAML",
  description:
    "Where the provider’s page posts `SAMLResponse` and `RelayState`, as a form. It signs nobody in: the browser is led on to where its own cookie is looked at.",
  tags,
  audit: { nothing: "nobody is signed in by it; what came to nothing is told" },
  params: ["connection"],
  input: samlAnswer,
  async run(call, { params: { connection: id }, body: { SAMLResponse: response, RelayState: state } }) {
    const connection = await requireConnection(call, id);
    const provider = samlProvider(connection);
    const begun = state ? await takeAnywhere(call, state) : null;
    if (begun?.provider !== id) return expired();
    const { nonce, returnTo, browser } = begun;
    // Whoever posted this need not be who began: they are not told where that was to lead.
    return orRefused(start, tellRefusal(call, connection), async () => {
      const read = await samlIdentity(call, provider, { response, nonce });
      if (!(await takeAssertion(call, { provider: id, ...read })))
        throw new OAuthRefusal("provider_failed", new Error("the assertion was sent before"));
      const token = await hold(call, { provider: id, identity: read.identity, returnTo, browser });
      return { finish: `/api/v1/auth/sso/${id}/finish?${new URLSearchParams({ token })}` };
    });
  },
});

/** In the browser that began; any other is refused. Throws `not_found`. */
export const finishSaml = accountOperation({
  summary: "End a sign-in by SAML",
  description: "Opens a session in the browser that began, or leads to the form for the second factor.",
  tags,
  audit: ["session.started", "member.joined", "sso.refused"],
  params: ["connection"],
  query: finishQuery,
  done: "To where the sign-in began, or to the sign-in page with `problem`.",
  async run(call, { params: { connection: id }, query: { token } }): Promise<SignInStep> {
    const connection = await requireConnection(call, id);
    const held = token ? await takeHeld(call, token) : null;
    if (held?.provider !== id || !isFrom(held, browserOf(call))) return expired();
    const { identity, returnTo } = held;
    return orRefused(returnTo, tellRefusal(call, connection), async () => ({
      returnTo,
      ...(await signInByConnection(call, connection, identity)),
    }));
  },
});

export const readServiceMetadata = openOperation({
  summary: "What a provider of SAML has to know of this installation",
  tags,
  params: ["connection"],
  async run(call, { params: { connection: id } }) {
    const row = await findOpenConnection(call.db, id);
    if (row?.kind !== "saml") throw notFound("single sign-on");
    return serviceMetadata(call, row.id);
  },
});
