import { useState } from "react";
import { problemOf } from "../../../client/api-problem.ts";
import { readApi } from "../../../client/call-api.ts";
import type { ModelList } from "../../../workers/models/contract.ts";

/** What can be chosen from, and who could not say what they have. */
export type Catalogue = ModelList;

/** The catalogue of models, read when it is first asked for; `load` after a failure tries again. */
export function useModels() {
  const [catalogue, setCatalogue] = useState<Catalogue | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const load = async () => {
    if (catalogue) return;
    setProblem(null);
    try {
      setCatalogue(await readApi<Catalogue>("/models"));
    } catch (error) {
      setProblem(problemOf(error).detail);
    }
  };
  return { catalogue, problem, load };
}
