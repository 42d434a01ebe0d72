import type { PersonalData } from "../platform/rooms/personal-data.ts";
import { clonesHeld, hasClones } from "./personal-data-queries.ts";

/** How clones go: with what they know, which takes their rows along. */
export const personalData: PersonalData = {
  erasure: {
    held: (of) => [{ kind: "clone", rows: clonesHeld(of) }],
    workspaces: { isLeft: hasClones },
  },
};
