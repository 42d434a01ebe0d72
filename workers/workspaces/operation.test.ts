import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { newId } from "../platform/ids.ts";
import { createRuntime } from "../platform/runtime.ts";
import { type Caller, jobContext, type UserActor } from "./context.ts";
import { operation } from "./operation.ts";

const user: UserActor = {
  kind: "user",
  userId: "user_x",
  workspaceId: "ws_x",
  role: "member",
  keyId: null,
  isSuperAdmin: false,
};

const callerAs = (actor: Caller["actor"], more: Partial<Caller> = {}): Caller => ({
  ...jobContext(createRuntime({ ...env, RATE_LIMITS: "invitation=1/minute" } as Env), "test"),
  actor,
  ...more,
});

const invite = operation({
  summary: "Invite",
  tags: [],
  action: "conversation.write",
  limit: "invitation",
  audit: { nothing: "it is a test" },
  input: z.strictObject({ word: z.string() }),
  output: z.string(),
  run: ({ actor }, { body }) => `${actor.kind} ${body.word}`,
});

const refusal = (caller: Caller, of: typeof invite | typeof remove = invite) =>
  of.begin(caller, {} as never).then(
    () => null,
    (error) => error.code,
  );

const remove = operation({
  summary: "Remove",
  tags: [],
  action: "member.remove",
  inPerson: true,
  audit: "member.removed",
  run: () => {},
});

describe("an operation, by whatever door it is called,", () => {
  it("lets in whom its action allows, and those alone", async () => {
    const visitor = { kind: "visitor", visitorId: "vis_x", workspaceId: "ws_x", cloneId: "clone_x" } as const;
    const work = await invite.begin(callerAs(visitor), {} as never);
    expect(await work({ query: {}, body: () => ({ word: "hello" }) })).toBe("visitor hello");
    expect(await refusal(callerAs({ ...user, role: "viewer" }))).toBe("forbidden");
    expect(await refusal(callerAs({ kind: "job", job: "test" }))).toBe("unauthenticated");
    expect(await refusal(callerAs(user), remove)).toBe("forbidden");
    expect(await refusal(callerAs({ ...user, role: "owner" }), remove)).toBeNull();
    expect(await refusal(callerAs({ ...user, role: "owner", keyId: "key_x" }), remove)).toBe("forbidden");
  });

  it("asks a key for its scope: by default for what changes something", async () => {
    const withKey = (scopes: string[]) => callerAs({ ...user, keyId: "key_x" }, { scopes });
    expect(await refusal(withKey(["read", "chat"]))).toBe("forbidden");
    expect(await refusal(withKey(["write"]))).toBeNull();
  });

  it("checks what came with the call, its query before the body is read", async () => {
    const paths = async (query: object, body: () => unknown) => {
      const work = await invite.begin(callerAs(user), {} as never);
      return work({ query, body }).then(
        () => [],
        (problem) => problem.errors.map(({ path }: { path: string }) => path),
      );
    };
    expect(await paths({}, () => ({ word: 7, role: "owner" }))).toEqual(["word", "role"]);
    expect(await paths({}, () => null)).toEqual([""]);
    const unread = () => {
      throw new Error("It was read.");
    };
    expect(await paths({ page: 2 }, unread)).toEqual(["page"]);
  });

  it("counts, where the call came in for another", async () => {
    const subject = `account:${newId("user")}`;
    const by = () => [subject];
    const within = callerAs(user, { counted: { as: remove, by, isApp: false } });
    expect(await refusal(within)).toBeNull();
    expect(await refusal(within)).toBe("rate_limited");
    // Its own door has counted it before.
    const byItsDoor = callerAs(user, { counted: { as: invite, by, isApp: false } });
    expect(await refusal(byItsDoor)).toBeNull();
  });

  it("waits until its caller is confirmed, where it does not do that beside its work", async () => {
    const demoted = callerAs({ ...user, role: "viewer" });
    // As somebody is remembered who is a viewer by now.
    const remembered = callerAs(user, {
      relied: [{ subjects: ["user:user_x"], asOf: 1 }],
      confirmed: async () => demoted,
      foundAnew: async () => demoted,
    });
    expect(await refusal(remembered)).toBe("forbidden");
    const beside = operation({
      summary: "Ask",
      tags: [],
      action: "conversation.write",
      confirms: "beside",
      audit: { nothing: "it is a test" },
      run: async (ctx) => [ctx.relied.length, await ctx.confirmAnew().catch(({ code }) => code)],
    });
    const ask = async (caller: Caller) => (await beside.begin(caller, {} as never))({ query: {}, body: () => ({}) });
    expect(await ask(remembered)).toEqual([1, "forbidden"]);
    const found = { ...remembered, foundAnew: async () => callerAs({ ...user, role: "admin" }) };
    expect(await ask(found)).toEqual([1, expect.objectContaining({ actor: { ...user, role: "admin" }, relied: [] })]);
  });
});
