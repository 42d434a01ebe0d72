interface Node {
  id: string;
  parentId: string | null;
}

/** A message and everything below it. */
export function subtreeOf(nodes: readonly Node[], rootId: string): Set<string> {
  const childrenOf = Map.groupBy(nodes, ({ parentId }) => parentId);
  const found = new Set<string>();
  const next = [rootId];
  for (let id = next.pop(); id !== undefined; id = next.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    for (const child of childrenOf.get(id) ?? []) next.push(child.id);
  }
  return found;
}

/** The leaf to show when `gone`, all below `parentId`, is no more: down the newest of what is left there, else the parent itself. */
export function nearestLeaf(nodes: readonly Node[], gone: ReadonlySet<string>, parentId: string | null): string | null {
  const childrenOf = Map.groupBy(
    nodes.filter(({ id }) => !gone.has(id)),
    ({ parentId }) => parentId,
  );
  let leaf = parentId;
  for (;;) {
    const child = childrenOf.get(leaf)?.at(-1);
    if (!child) return leaf;
    leaf = child.id;
  }
}
