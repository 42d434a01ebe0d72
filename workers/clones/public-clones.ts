import { cookieLine } from "../accounts/cookies.ts";
import { accountOperation } from "../accounts/operation.ts";
import { notFound } from "../platform/errors.ts";
import { visitorCookie } from "../platform/http/credential.ts";
import { newId } from "../platform/ids.ts";
import { openOperation } from "../platform/open-operation.ts";
import type { Runtime } from "../platform/runtime.ts";
import { signVisitorToken, visitorLifetime } from "../workspaces/visitor-token.ts";
import { publicClone, visitorInput, visitorToken } from "./contract.ts";
import { getPublicClone } from "./get-public-clone.ts";
import { presentPublicClone } from "./present.ts";

const tags = ["Public clones"];

async function readPublic(runtime: Runtime, slug: string) {
  const { clone, price } = await getPublicClone(runtime, slug);
  return presentPublicClone(clone, price);
}

export const readDemoClone = openOperation({
  summary: "The demonstration clone",
  tags,
  output: publicClone,
  async run(runtime) {
    const slug = runtime.config.DEMO_CLONE_SLUG;
    if (!slug) throw notFound("demonstration clone");
    return readPublic(runtime, slug);
  },
});

export const readPublicClone = openOperation({
  summary: "A public or unlisted clone by its slug",
  tags,
  params: ["slug"],
  output: publicClone,
  run: (runtime, { params: { slug } }) => readPublic(runtime, slug),
});

export const becomeVisitor = accountOperation({
  limit: "visitor",
  summary: "Become an anonymous visitor of a public or unlisted clone",
  description: "The token is also set as a cookie, for pages.",
  tags,
  audit: { nothing: "a token is signed; nothing is stored" },
  input: visitorInput,
  output: visitorToken,
  async run(runtime, { body }) {
    const { config, clock } = runtime;
    const { clone, price } = await getPublicClone(runtime, body.clone);
    const visitor = { visitorId: newId("visitor"), cloneId: clone.id, workspaceId: clone.workspaceId };
    const token = await signVisitorToken(config, visitor, clock.now());
    return {
      body: { visitor_token: token, expires_in: visitorLifetime, clone: presentPublicClone(clone, price) },
      cookies: [cookieLine(config, visitorCookie, token, visitorLifetime)],
    };
  },
});
