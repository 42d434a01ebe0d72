import type { PersonalData } from "../platform/rooms/personal-data.ts";
import type { Runtime } from "../platform/runtime.ts";
import type { ZipEntry } from "../platform/zip-stream.ts";
import { findHead, removeLogs } from "./chain-queries.ts";
import { exportLog } from "./export-log.ts";
import type { AuditFilter } from "./queries.ts";

async function fileOf(runtime: Runtime, name: string, workspaceId: string, filter: AuditFilter): Promise<ZipEntry> {
  const { sealed: seq, hash } = (await findHead(runtime.db, workspaceId)) ?? { sealed: 0, hash: "" };
  const body = exportLog(runtime, workspaceId, { filter, format: "json", head: { seq, hash } });
  return { name, modifiedAt: runtime.clock.now(), body };
}

/** Logs: all that a workspace’s own tells, and of others’ what the person did. They go with their workspace, and with nobody. */
export const personalData: PersonalData = {
  ofPerson: {
    async *files(runtime, { userId, workspaces, home }) {
      for (const { id } of workspaces)
        yield fileOf(runtime, `audit/${id}.json`, id, id === home ? {} : { actorId: userId });
    },
  },
  ofWorkspace: {
    async *files(runtime, id) {
      yield fileOf(runtime, "audit.json", id, {});
    },
  },
  erasure: { workspaces: { remove: (db, { listed }, isFree) => removeLogs(db, listed("workspace"), isFree) } },
};
