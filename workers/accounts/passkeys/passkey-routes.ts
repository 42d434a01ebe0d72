import { type Context, Hono } from "hono";
import { describe, type RuntimeEnv, validate } from "../../platform/http/http.ts";
import { callOf } from "../../platform/open-operation.ts";
import { fromOf } from "../audit-person.ts";
import { sessionToken } from "../contract.ts";
import { answer, cookieIn, cookieLine } from "../cookies.ts";
import {
  addPasskeyInput,
  creationOptions,
  passkey,
  passkeyList,
  passkeyOptionsInput,
  passkeySignInInput,
  renamePasskeyInput,
  requestOptions,
} from "../passkey-contract.ts";
import { requireSession } from "../read-session.ts";
import { newSecret } from "../secrets.ts";
import { addPasskey, passkeyOptions } from "./add-passkey.ts";
import { patience } from "./passkey-challenges.ts";
import { passkeyRequest, signInWithPasskey } from "./passkey-sign-in.ts";
import { listPasskeys, removePasskey, renamePasskey } from "./passkeys.ts";

const tags = ["Accounts"];

/** The cookie that tells a browser which signs in with a passkey, among others that might answer in its place. */
const browserCookie = "understudy_passkey";
const browserOf = (c: Context<RuntimeEnv>) => cookieIn(c.var.runtime.config, c.req.raw.headers, browserCookie);

const ownRoutes = new Hono<RuntimeEnv>()
  .get(
    "/auth/passkeys",
    describe({ summary: "List your passkeys", tags, responses: { 200: passkeyList } }),
    async (c) => {
      const { runtime } = c.var;
      const session = await requireSession(runtime, c.var.credential);
      return c.json({ data: await listPasskeys(runtime, session), next_cursor: null }, 200);
    },
  )
  .post(
    "/auth/passkeys/options",
    describe({
      limit: "auth",
      summary: "Begin to add a passkey",
      description:
        "For `navigator.credentials.create()`. The challenge counts once, for five minutes, in this session.",
      tags,
      responses: { 200: creationOptions },
    }),
    validate("json", passkeyOptionsInput),
    async (c) => {
      const { runtime } = c.var;
      const session = await requireSession(runtime, c.var.credential);
      c.header("Cache-Control", "no-store");
      return c.json(await passkeyOptions(runtime, session, c.req.valid("json")), 200);
    },
  )
  .post(
    "/auth/passkeys",
    describe({ limit: "auth", summary: "Add a passkey", tags, responses: { 201: passkey } }),
    validate("json", addPasskeyInput),
    async (c) => {
      const { runtime } = c.var;
      const session = await requireSession(runtime, c.var.credential);
      const whence = { from: fromOf(callOf(c)), userAgent: c.req.header("User-Agent") ?? null };
      return c.json(await addPasskey(runtime, session, c.req.valid("json"), whence), 201);
    },
  )
  .patch(
    "/auth/passkeys/:id",
    describe({ summary: "Rename a passkey", tags, responses: { 200: passkey } }),
    validate("json", renamePasskeyInput),
    async (c) => {
      const { runtime } = c.var;
      const session = await requireSession(runtime, c.var.credential);
      const { name } = c.req.valid("json");
      return c.json(await renamePasskey(runtime, session, { id: c.req.param("id"), name }, fromOf(callOf(c))), 200);
    },
  )
  .delete(
    "/auth/passkeys/:id",
    describe({
      summary: "Remove a passkey",
      description: "Refused where nothing else lets you in.",
      tags,
      responses: { 204: "It opens nothing any more." },
    }),
    async (c) => {
      const { runtime } = c.var;
      const session = await requireSession(runtime, c.var.credential);
      await removePasskey(runtime, session, c.req.param("id"), fromOf(callOf(c)));
      return c.body(null, 204);
    },
  );

const signInRoutes = new Hono<RuntimeEnv>()
  .post(
    "/auth/passkeys/sign-in/options",
    describe({
      limit: "passkey",
      summary: "Begin to sign in with a passkey",
      description:
        "For `navigator.credentials.get()`. The challenge counts once, for five minutes, in the browser that gets the cookie.",
      tags,
      open: true,
      responses: { 200: requestOptions },
    }),
    async (c) => {
      const { runtime } = c.var;
      const known = browserOf(c);
      // A browser with several of these pages open has one cookie for all of them.
      const browser = /^[\w-]{43}$/.test(known) ? known : newSecret();
      const cookie = cookieLine(runtime.config, browserCookie, browser, patience / 1000);
      return answer({ body: await passkeyRequest(runtime, browser), cookies: [cookie] }, 200);
    },
  )
  .post(
    "/auth/passkeys/sign-in",
    describe({
      limit: "auth",
      summary: "Sign in with a passkey",
      description: "It counts as both factors: no code is asked for.",
      tags,
      open: true,
      responses: { 200: sessionToken },
    }),
    validate("json", passkeySignInInput),
    async (c) => {
      const { runtime } = c.var;
      const whence = { request: c.req.raw.headers, from: fromOf(callOf(c)) };
      return answer(await signInWithPasskey(runtime, c.req.valid("json"), browserOf(c), whence), 200);
    },
  );

export const passkeyRoutes = new Hono<RuntimeEnv>().route("/", ownRoutes).route("/", signInRoutes);
