/** The index object of a clone. */
export function cloneIndex(env: Env, cloneId: string) {
  return env.CLONE_INDEX.get(env.CLONE_INDEX.idFromName(cloneId));
}
