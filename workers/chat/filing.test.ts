import { expect, it } from "vitest";
import { call, jsonOf, signUp } from "../testing/client.ts";
import { openConversation } from "./testing-turns.ts";

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
