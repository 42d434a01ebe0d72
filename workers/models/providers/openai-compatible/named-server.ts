import type { NamedServer } from "../../../platform/config/config-models.ts";
import type { Provider } from "../../ports/provider.ts";
import { atOwnAddress, hasAddress } from "../own-connection.ts";
import { withoutSlash } from "../provider-fetch.ts";
import { laneOf, waitsFor } from "../waits.ts";
import { openaiWire } from "./provider.ts";

/** A server of OpenAI's wire that has a name here beside the usual one. */
export const namedServer = ({ name, address, apiKey }: NamedServer): Provider => ({
  name,
  takesOwn: false,
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

/** A server of OpenAI's wire to which a workspace has given a name: it is that workspace's alone. */
export const ownServer = (name: string): Provider => ({
  name,
  takesOwn: true,
  connect: (config, _env, own) => (hasAddress(own) ? atOwnAddress(config, name, own) : null),
  ...openaiWire,
});
