import { describe, expect, it } from "vitest";
import { call, jsonOf, makeClone, signUp } from "../testing/client.ts";

describe("clones", () => {
  it("are created, read, changed, listed and deleted", async () => {
    const { token } = await signUp();
    const made = await makeClone(token, { name: "Grace Höpper!", starters: ["What is a compiler?"] });
    expect(made).toMatchObject({
      slug: "grace-hopper",
      visibility: "private",
      source_access: "quotes",
      document_count: 0,
    });
    const path = `/api/v1/clones/${made.id}`;
    const changed = await jsonOf(
      await call("PATCH", path, { token, json: { greeting: "Hello", visibility: "public" } }),
      200,
    );
    expect(changed).toMatchObject({ name: "Grace Höpper!", greeting: "Hello", visibility: "public" });
    expect(await jsonOf(await call("GET", path, { token }), 200)).toEqual(changed);
    expect((await call("DELETE", path, { token })).status).toBe(204);
    expect((await call("GET", path, { token })).status).toBe(404);
    expect(await jsonOf(await call("GET", "/api/v1/clones", { token }), 200)).toEqual({ data: [], next_cursor: null });
    expect(await makeClone(token, { slug: "grace-hopper" })).toMatchObject({ slug: "grace-hopper" });
  });

  it("page through a list without repeats or gaps", async () => {
    const { token } = await signUp();
    const ids: string[] = [];
    for (const name of ["A", "B", "C", "D", "E"]) ids.unshift((await makeClone(token, { name })).id);
    const seen: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const page: { data: { id: string }[]; next_cursor: string | null } = await jsonOf(
        await call("GET", `/api/v1/clones?limit=2${cursor && `&cursor=${encodeURIComponent(cursor)}`}`, { token }),
        200,
      );
      seen.push(...page.data.map(({ id }) => id));
      cursor = page.next_cursor;
    }
    expect(seen).toEqual(ids);
    expect((await call("GET", "/api/v1/clones?cursor=nonsense", { token })).status).toBe(422);
    expect((await call("GET", "/api/v1/clones?limit=1000", { token })).status).toBe(422);
  });

  it("give a taken name another address, but never a taken address twice", async () => {
    const [ada, bob] = [await signUp("Ada"), await signUp("Bob")];
    const first = await makeClone(ada.token);
    const second = await makeClone(bob.token);
    expect(second.slug).toMatch(/^mentor-[0-9a-f]{6}$/);
    const taken = await call("POST", "/api/v1/clones", { token: bob.token, json: { name: "X", slug: first.slug } });
    expect((await jsonOf(taken, 409)).detail).toContain("taken");
    const renamed = await call("PATCH", `/api/v1/clones/${second.id}`, {
      token: bob.token,
      json: { slug: first.slug },
    });
    expect(renamed.status).toBe(409);
  });

  it("look the same to others whether they exist or not", async () => {
    const [ada, bob] = [await signUp("Ada"), await signUp("Bob")];
    const { id } = await makeClone(ada.token, { visibility: "public" });
    const unknown = "clone_01ARZ3NDEKTSV4RRFFQ69G5FAV";
    for (const method of ["GET", "PATCH", "DELETE"]) {
      const options = { token: bob.token, ...(method === "PATCH" ? { json: { name: "Mine" } } : {}) };
      const foreign = await jsonOf(await call(method, `/api/v1/clones/${id}`, options), 404);
      const missing = await jsonOf(await call(method, `/api/v1/clones/${unknown}`, options), 404);
      expect({ ...foreign, request_id: "" }).toEqual({ ...missing, request_id: "" });
    }
  });

  it("refuse fields that are not the caller’s to set, by their names", async () => {
    const { token } = await signUp();
    const other = await signUp("Eve");
    const me = await jsonOf<{ workspaces: { id: string }[] }>(
      await call("GET", "/api/v1/me", { token: other.token }),
      200,
    );
    const foreign = me.workspaces[0]?.id;
    expect((await call("POST", "/api/v1/clones", { token, json: { name: "X", workspace_id: foreign } })).status).toBe(
      404,
    );
    const unknown = { id: "clone_mine", created_by: other.userId, created_at: "2001-01-01T00:00:00Z" };
    const refused = async (method: string, path: string, json: object) => {
      const { errors } = await jsonOf<{ errors: { path: string }[] }>(await call(method, path, { token, json }), 422);
      return errors.map(({ path }) => path);
    };
    expect(await refused("POST", "/api/v1/clones", { name: "X", ...unknown })).toEqual(Object.keys(unknown));
    const { id } = await makeClone(token);
    const moved = { workspace_id: foreign, id: "x" };
    expect(await refused("PATCH", `/api/v1/clones/${id}`, moved)).toEqual(Object.keys(moved));
    const listed = await call("GET", "/api/v1/clones?status=private", { token });
    expect(await jsonOf(listed, 422)).toMatchObject({ errors: [{ path: "status" }] });
  });
});

describe("public clones and their visitors", () => {
  it("show nothing of how they are made", async () => {
    const { token } = await signUp();
    const { slug } = await makeClone(token, { instructions: "Secret sauce", visibility: "unlisted" });
    const shown = await jsonOf(await call("GET", `/api/v1/public/clones/${slug}`), 200);
    expect(JSON.stringify(shown)).not.toMatch(/Secret sauce|ws_|instructions/);
    const visitor = await jsonOf(await call("POST", "/api/v1/visitors", { json: { clone: slug } }), 201);
    expect(visitor).toMatchObject({ expires_in: 2_592_000, clone: shown });
  });

  it("are hidden while private", async () => {
    const { token } = await signUp();
    const { slug } = await makeClone(token);
    expect((await call("GET", `/api/v1/public/clones/${slug}`)).status).toBe(404);
    expect((await call("POST", "/api/v1/visitors", { json: { clone: slug } })).status).toBe(404);
  });

  it("visitors may not do what people may", async () => {
    const { token } = await signUp();
    const { slug, id } = await makeClone(token, { visibility: "public" });
    const { visitor_token } = await jsonOf<{ visitor_token: string }>(
      await call("POST", "/api/v1/visitors", { json: { clone: slug } }),
      201,
    );
    for (const [method, path] of [
      ["GET", "/api/v1/me"],
      ["GET", "/api/v1/clones"],
      ["GET", `/api/v1/clones/${id}`],
      ["DELETE", `/api/v1/clones/${id}`],
    ] as const) {
      expect((await call(method, path, { token: visitor_token })).status).toBe(401);
    }
    const [head, payload] = visitor_token.split(".");
    expect((await call("GET", "/api/v1/conversations", { token: `${head}.${payload}.AAAA` })).status).toBe(401);
  });
});
