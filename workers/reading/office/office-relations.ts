import { entryOf, foldedName, type ZipArchive } from "../archive/zip-archive.ts";
import type { ReadingBudget } from "../budget.ts";
import { localName } from "../markup/read-xml.ts";
import { readOfficeXml } from "./office-xml.ts";

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
  const steps = target.replaceAll("\\", "/");
  const folder = steps.startsWith("/") ? [] : part.split("/").slice(0, -1);
  const path: string[] = [];
  for (const step of [...folder, ...steps.split("/")]) {
    if (step === "..") path.pop();
    else if (step !== "." && step !== "") path.push(step);
  }
  return path.join("/");
}

/** The parts that a part of an Office document refers to, in order, and the addresses outside of it by their ids. */
export class Relations {
  readonly parts: Relation[] = [];
  readonly #members = new Map<string, string>();
  readonly #addresses = new Map<string, string>();

  constructor(archive: ZipArchive, part: string, budget: ReadingBudget) {
    const at = part.lastIndexOf("/") + 1;
    readOfficeXml(archive, `${part.slice(0, at)}_rels/${part.slice(at)}.rels`, budget, {
      open: (name, { Id, Type, Target, TargetMode }) => {
        if (localName(name) !== "Relationship" || !Id || !Target) return;
        budget.keep();
        if (TargetMode === "External") {
          this.#addresses.set(Id, Target);
          return;
        }
        const relation = { id: Id, type: Type?.split("/").at(-1) ?? "", member: memberOf(part, Target) };
        this.parts.push(relation);
        this.#members.set(Id, relation.member);
      },
      close() {},
      text() {},
    });
  }

  /** The member that `id` refers to. */
  member(id: string | undefined): string | null {
    return (id !== undefined && this.#members.get(id)) || null;
  }

  /** The address outside of the file that `id` refers to. */
  address(id: string | undefined): string | null {
    return (id !== undefined && this.#addresses.get(id)) || null;
  }

  get hasAddresses(): boolean {
    return this.#addresses.size > 0;
  }

  /** The members of a type. */
  ofType(type: string): string[] {
    return this.parts.filter((part) => part.type === type).map(({ member }) => member);
  }
}

/** The value of an attribute that names a relation, whatever its prefix. */
export function relationId(attributes: Record<string, string>): string | undefined {
  return attributes["r:id"] ?? Object.entries(attributes).find(([key]) => key.endsWith(":id"))?.[1] ?? attributes.id;
}

/** The part that an Office document begins with: the one that it says, or that has the usual name; null where there is none. */
export function mainPart(archive: ZipArchive, usual: RegExp, budget: ReadingBudget): string | null {
  const [said] = new Relations(archive, "", budget).ofType("officeDocument");
  if (said !== undefined && entryOf(archive, said)) return said;
  return [...archive.entries.keys()].map(foldedName).find((name) => usual.test(name)) ?? null;
}
