import { expect, it } from "vitest";
import { call, jsonOf, signUp } from "../../testing/client.ts";
import { openConversation } from "../testing/turns.ts";

const v1 = "/api/v1/conversations";

async function filed(token: string, title: string, filing: { folder?: string; tags?: string[]; archived?: boolean }) {
  const id = await openConversation(token, { title });
  await jsonOf(await call("PUT", `${v1}/${id}`, { token, json: filing }), 200);
}

async function titles(token: string, query: string) {
  const { data } = await jsonOf<{ data: { title: string }[] }>(await call("GET", `${v1}?${query}`, { token }), 200);
  return data.map(({ title }) => title).sort();
}

it("lists by folder, tag and archive, and says which there are", async () => {
  const { token } = await signUp();
  await filed(token, "Plan", { folder: "Work", tags: ["urgent", "50% off"] });
  await filed(token, "Budget", { folder: "Work", tags: ["urgent"] });
  await filed(token, "Recipe", { folder: "Home", archived: true });
  await openConversation(token, { title: "Loose" });
  expect(await titles(token, "folder=Work")).toEqual(["Budget", "Plan"]);
  expect(await titles(token, "tag=urgent")).toEqual(["Budget", "Plan"]);
  expect(await titles(token, `tag=${encodeURIComponent("50% off")}`)).toEqual(["Plan"]);
  expect(await titles(token, "tag=urg")).toEqual([]);
  expect(await titles(token, "archived=true&folder=Home")).toEqual(["Recipe"]);
  expect(await jsonOf(await call("GET", `${v1}/labels`, { token }), 200)).toEqual({
    folders: [
      { name: "Home", conversations: 1 },
      { name: "Work", conversations: 2 },
    ],
    tags: [
      { name: "50% off", conversations: 1 },
      { name: "urgent", conversations: 2 },
    ],
  });
});

it("shows nobody the folders of somebody else", async () => {
  const [one, other] = [await signUp("One"), await signUp("Other")];
  await filed(one.token, "Secret", { folder: "Secret", tags: ["secret"] });
  expect(await jsonOf(await call("GET", `${v1}/labels`, { token: other.token }), 200)).toEqual({
    folders: [],
    tags: [],
  });
  expect(await titles(other.token, "folder=Secret")).toEqual([]);
});

it("archives many at once and takes them out again, and passes over what is somebody else’s", async () => {
  const [one, other] = [await signUp("One"), await signUp("Other")];
  const ids: string[] = [];
  for (const title of ["A", "B", "C"]) ids.push(await openConversation(one.token, { title }));
  const foreign = await openConversation(other.token, { title: "Theirs" });
  const archive = async (json: { ids: string[]; archived?: boolean }, status = 200) =>
    jsonOf<unknown>(await call("POST", `${v1}/archive`, { token: one.token, json }), status);
  expect(await archive({ ids: [...ids.slice(0, 2), foreign, "conv_none"] })).toEqual({ changed: 2 });
  expect(await titles(one.token, "")).toEqual(["C"]);
  expect(await titles(one.token, "archived=true")).toEqual(["A", "B"]);
  expect(await titles(other.token, "")).toEqual(["Theirs"]);
  expect(await archive({ ids, archived: false })).toEqual({ changed: 3 });
  expect(await titles(one.token, "")).toEqual(["A", "B", "C"]);
  await archive({ ids: [] }, 422);
  await archive({ ids: Array.from({ length: 101 }, (_, at) => `conv_${at}`) }, 422);
});

it("says what a folder and tags may be", async () => {
  const { token } = await signUp();
  const id = await openConversation(token);
  const refusal = async (json: object) => {
    const refused = await call("PUT", `${v1}/${id}`, { token, json });
    return (await jsonOf<{ errors: { path: string; message: string }[] }>(refused, 422)).errors;
  };
  expect(await refusal({ folder: "x".repeat(81) })).toEqual([
    { path: "folder", message: "A folder’s name has at most 80 characters." },
  ]);
  expect(await refusal({ tags: ["fine", "x".repeat(41)] })).toEqual([
    { path: "tags.1", message: "A tag has at most 40 characters." },
  ]);
  expect(await refusal({ tags: Array.from({ length: 21 }, (_, at) => `t${at}`) })).toEqual([
    { path: "tags", message: "Use at most 20 tags." },
  ]);
});
