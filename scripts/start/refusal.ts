/** Why the product cannot start or go on: one sentence, which says what to do. */
export class Refusal extends Error {
  override name = "Refusal";
}

const reasons: [RegExp, string][] = [
  [/\bENOSPC\b|SQLITE_FULL|disk is full/, "the disk is full. Free some space, and start again"],
  [/\bEDQUOT\b/, "this user's share of the disk is used up. Free some space, and start again"],
  [/\bEROFS\b|SQLITE_READONLY/, "the disk is read-only. Choose a folder that can be written to: STATE_DIR=… npm start"],
  [/\bEACCES\b|\bEPERM\b/, "this user may not. Change the owner of the folder, or start as the user who owns it"],
  [/\bENOTDIR\b|\bEEXIST\b/, "a file stands where a folder is needed. Move it away, or choose another folder"],
  [/\bEISDIR\b/, "a folder stands where a file is needed. Move it away"],
  [/\bENOENT\b/, "it does not exist and cannot be made there. Choose another folder"],
  [/\bEMFILE\b|\bENFILE\b/, "too many files are open. Raise the limit (ulimit -n), and start again"],
  [/\bENOMEM\b|\bEAGAIN\b/, "this machine has no memory or processes left. End something, and start again"],
  [/SQLITE_CORRUPT|SQLITE_NOTADB/, "the database is damaged. Put the state folder back from a backup"],
  [/SQLITE_CANTOPEN|SQLITE_IOERR/, "the database's file cannot be read or written. Look after the disk and its rights"],
];

/** The sentence for an error of the machine (disk, rights, memory), or null where the error is none of these. */
export function machineFault(error: unknown, doing: string): Refusal | null {
  const { code = "", path = "", message = "" } = (error ?? {}) as { code?: string; path?: string; message?: string };
  const reason = reasons.find(([pattern]) => pattern.test(String(code)) || pattern.test(message))?.[1];
  if (!reason) return null;
  return new Refusal(`${doing}${path ? ` (${path})` : ""} failed: ${reason}.`, { cause: error });
}

/** Does something to the machine; what it cannot do is thrown as a sentence. */
export function attempt<T>(doing: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw machineFault(error, doing) ?? error;
  }
}

/** Whatever went wrong in one line, for the terminal and the log. */
export function oneLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.trim().split("\n")[0] ?? "";
}
