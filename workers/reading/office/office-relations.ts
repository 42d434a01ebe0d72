import type { ZipArchive } from "../archive/zip-archive.ts";
import type { ReadingBudget } from "../budget.ts";
import { readXml } from "../markup/read-xml.ts";

/** What a part of an Office document refers to. */
export interface Relation {
  id: string;
  /** The last word of its type, such as `worksheet`. */
  type: string;
  /** The member's name in the archive. */
  member: string;
}

/** A target as a member's name: relative to the part's folder, or to the root where it begins with a slash. */
export function memberOf(part: string, target: string): string {
  const folder = target.startsWith("/") ? [] : part.split("/").slice(0, -1);
  const path: string[] = [];
  for (const step of [...folder, ...target.split("/")]) {
    if (step === "..") path.pop();
    else if (step !== "." && step !== "") path.push(step);
  }
  return path.join("/");
}

/** The members that a part of an Office document refers to, in order. What lies outside the file is left out. */
export function readRelations(archive: ZipArchive, part: string, budget: ReadingBudget): Relation[] {
  const relations: Relation[] = [];
  const at = part.lastIndexOf("/") + 1;
  readXml(archive, `${part.slice(0, at)}_rels/${part.slice(at)}.rels`, budget, {
    open(name, { Id, Type, Target, TargetMode }) {
      if (!name.endsWith("Relationship") || !Id || !Target || TargetMode === "External") return;
      budget.keep();
      relations.push({ id: Id, type: Type?.split("/").at(-1) ?? "", member: memberOf(part, Target) });
    },
    close() {},
    text() {},
  });
  return relations;
}
