import { openConversation } from "../chat/testing/turns.ts";
import { call, jsonOf, makeClone, signUp, workspaceOf } from "./client.ts";

/** A person with one of everything that says who they are. */
async function someone(name: string) {
  const person = await signUp(name);
  const { email, password, token } = person;
  const signedIn = await call("POST", "/api/v1/auth/login", { json: { email, password } });
  const cookie = signedIn.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  const { key } = await jsonOf<{ key: string }>(
    await call("POST", "/api/v1/api-keys", { token, json: { name: "CI" } }),
    201,
  );
  const hidden = await makeClone(token, { name: `${name}’s own` });
  const clone = await makeClone(token, { name: `${name}’s`, visibility: "public" });
  const entered = await call("POST", "/api/v1/visitors", { json: { clone: clone.slug } });
  const { visitor_token: visitor } = await jsonOf<{ visitor_token: string }>(entered, 201);
  return {
    ...person,
    name,
    cookie,
    key,
    visitor,
    visitorCookie: `understudy_visitor=${visitor}`,
    slug: hidden.slug,
    workspace: await workspaceOf(token),
    conversation: await openConversation(token, { clone_id: hidden.id }),
    visited: await openConversation(visitor, { clone_id: clone.id }),
  };
}

export type Someone = Awaited<ReturnType<typeof someone>>;
export type HeaderFields = Record<string, string>;
/** Whom a call is to be answered as: a person (also through their key), a visitor, or nobody. */
export type Who = { name: string; kind: "person" | "key" | "visitor" } | null;

export interface World {
  ada: Someone;
  bob: Someone;
}

/** What of Ada's may come as a cookie, and as whom it counts by itself. */
export const cookies = ({ ada }: World): [string, string | null, Who][] => [
  ["no cookie", null, null],
  ["a session’s cookie", ada.cookie, { name: "Ada", kind: "person" }],
  ["a visitor’s cookie", ada.visitorCookie, { name: "Ada’s visitor", kind: "visitor" }],
];

/** What of Bob's may come as `Authorization`, and as whom it counts, whatever the cookie; undefined where it is no credential. */
export const authorizations = ({ bob }: World): [string | null, Who | undefined][] => {
  const session = decodeURIComponent(bob.cookie.split("=").slice(1).join("="));
  const person = { name: "Bob", kind: "person" } as const;
  return [
    [null, undefined],
    [`Bearer ${bob.token}`, person],
    [`bEARER   ${bob.token}`, person],
    [`Bearer ${session}`, person],
    [`Bearer ${bob.key}`, { name: "Bob", kind: "key" }],
    [`Bearer ${bob.visitor}`, { name: "Bob’s visitor", kind: "visitor" }],
    ["Bearer junk", null],
    ["Bearer usa_junk", null],
    ["Bearer usk_junk", null],
    ["Bearer a.b.c", null],
    ["Bearer", null],
    [`Bearer ${bob.token} ${bob.token}`, null],
    [`Bearer ${bob.token}, Basic Ym9iOmJvYg==`, null],
    [`Basic Ym9iOmJvYg==, Bearer ${bob.token}`, null],
    ["Basic Ym9iOmJvYg==", undefined],
    ['Digest username="bob", nonce="x"', undefined],
    [bob.token, undefined],
    ["junk", undefined],
  ];
};

/** Two people who have nothing in common. */
export const worldOf = async (): Promise<World> => ({ ada: await someone("Ada"), bob: await someone("Bob") });
