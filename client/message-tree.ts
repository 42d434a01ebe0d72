import type { Message } from "../workers/chat/contract.ts";

/** Messages that share a parent and a role: edits of a question, or answers to the same one. Oldest first. */
export function siblingsOf(messages: readonly Message[], message: Message): Message[] {
  return messages.filter(({ parent_id, role }) => parent_id === message.parent_id && role === message.role);
}

/** The answers that were given beside this one to be compared, itself among them; empty where it stands alone. */
export function besideOf(messages: readonly Message[], { compare_group }: Message): Message[] {
  return compare_group === null ? [] : messages.filter((message) => message.compare_group === compare_group);
}

/** The branch that ends at `head`, from the top. A broken link ends it early rather than in a loop. */
export function branchOf(messages: readonly Message[], head: string | null): Message[] {
  const byId = new Map(messages.map((message) => [message.id, message]));
  const branch: Message[] = [];
  for (let at = head ? byId.get(head) : undefined; at && !branch.includes(at); ) {
    branch.push(at);
    at = at.parent_id ? byId.get(at.parent_id) : undefined;
  }
  return branch.reverse();
}

/** The newest end of the branch that runs through `id`: where choosing a sibling leads. */
export function newestLeaf(messages: readonly Message[], id: string): string {
  let leaf = id;
  for (;;) {
    const child = messages.findLast(({ parent_id }) => parent_id === leaf);
    if (!child) return leaf;
    leaf = child.id;
  }
}

/** The branch to show: the one the server remembers, else the newest. */
export function headOf(messages: readonly Message[], remembered: string | null): string | null {
  const known = messages.find(({ id }) => id === remembered) ?? messages.at(-1);
  return known ? newestLeaf(messages, known.id) : null;
}
