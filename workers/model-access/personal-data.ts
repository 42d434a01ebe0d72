import { iso } from "../platform/clock.ts";
import type { PersonalData } from "../platform/rooms/personal-data.ts";
import type { Runtime } from "../platform/runtime.ts";
import { listProviderKeys } from "./queries.ts";

async function keysOf({ db }: Runtime, workspaceId: string | null) {
  const keys = workspaceId === null ? [] : await listProviderKeys(db, workspaceId);
  return {
    provider_keys: keys.map(({ provider, address, ending, createdAt }) => ({
      provider,
      base_url: address,
      ending,
      created_at: iso(createdAt),
    })),
  };
}

/** The keys and endpoints of providers, without their secrets. */
export const personalData: PersonalData = {
  ofPerson: { fields: async (runtime, { home }) => ({ "keys.json": await keysOf(runtime, home) }) },
  ofWorkspace: { fields: async (runtime, id) => ({ "keys.json": await keysOf(runtime, id) }) },
};
