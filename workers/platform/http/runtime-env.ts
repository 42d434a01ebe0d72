import type { Counted } from "../limits/rate-limit.ts";
import type { Runtime } from "../runtime.ts";
import type { Credential } from "./credential.ts";
import type { OperationRules } from "./operation-rules.ts";

/** What every route can read: the parsed runtime and the id that its response carries. */
export interface RuntimeVariables {
  runtime: Runtime;
  requestId: string;
  /** What the request says by whom it was sent; nothing else in it may be taken for that. */
  credential: Credential;
  /** What answers the request; undefined where nothing does. */
  operation: OperationRules | undefined;
  /** What the request was counted as; undefined where limits are off, or none was counted. */
  counted?: Counted;
}

export interface RuntimeEnv {
  Bindings: Env;
  Variables: RuntimeVariables;
}
