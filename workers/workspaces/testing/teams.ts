import { call, jsonOf, signUp } from "../../testing/client.ts";

const v1 = "/api/v1";
type Person = Awaited<ReturnType<typeof signUp>>;

/** A shared workspace that `person` owns; its id. */
export async function makeWorkspace({ token }: Pick<Person, "token">, name = "Lab"): Promise<string> {
  const made = await call("POST", `${v1}/workspaces`, { token, json: { name } });
  return (await jsonOf<{ id: string }>(made, 201)).id;
}

/** The token in the link of a new invitation. */
export async function invited({ token }: Person, id: string, json: { email: string; role?: string }): Promise<string> {
  const made = await call("POST", `${v1}/workspaces/${id}/invitations`, { token, json });
  const { url } = await jsonOf<{ url: string }>(made, 201);
  return new URL(url).pathname.replace("/join/", "");
}

/** Accepts an invitation. */
export const join = ({ token }: Person, invitation: string) =>
  call("POST", `${v1}/invitations/${invitation}/accept`, { token });

/** Ada’s shared workspace, in which Ben has a role. */
export async function teamOf(role: "admin" | "member" | "viewer") {
  const [ada, ben] = [await signUp("Ada"), await signUp("Ben")];
  const id = await makeWorkspace(ada);
  await jsonOf(await join(ben, await invited(ada, id, { email: ben.email, role })), 200);
  return { ada, ben, id };
}
