import { useState } from "react";
import { problemOf } from "../../../client/api-problem.ts";
import { readApi } from "../../../client/call-api.ts";
import type { Model } from "../../../workers/models/contract.ts";

/** The catalogue of models, read when it is first asked for; `load` after a failure tries again. */
export function useModels() {
  const [models, setModels] = useState<readonly Model[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const load = async () => {
    if (models) return;
    setProblem(null);
    try {
      setModels((await readApi<{ data: Model[] }>("/models")).data);
    } catch (error) {
      setProblem(problemOf(error).detail);
    }
  };
  return { models, problem, load };
}
