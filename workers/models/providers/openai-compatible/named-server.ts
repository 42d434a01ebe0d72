import type { NamedServer } from "../../../platform/config/config-models.ts";
import type { Provider } from "../../ports/provider.ts";
import { withoutSlash } from "../provider-fetch.ts";
import { laneOf, waitsFor } from "../waits.ts";
import { openaiWire } from "./provider.ts";

/** A server of OpenAI's wire that has a name here beside the usual one. */
export const namedServer = ({ name, address, apiKey }: NamedServer): Provider => ({
  name,
  takesOwnKeys: false,
  connect(config) {
    const at = withoutSlash(address);
    return {
      provider: name,
      address: at,
      apiKey,
      lane: laneOf(at),
      payer: "installation",
      waits: waitsFor(config, at),
    };
  },
  ...openaiWire,
});
