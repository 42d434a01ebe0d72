import { DurableObject } from "cloudflare:workers";

export class CloneIndexObject extends DurableObject<Env> {}
