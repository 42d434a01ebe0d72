import { warmModel } from "../../models/box.ts";
import { refusedField } from "../../platform/errors.ts";
import { operation } from "../../workspaces/operation.ts";
import { loadedModel, namedModel } from "../box-contract.ts";
import { presentLoaded } from "./list-loaded-models.ts";
import { boxToChange } from "./reach-box.ts";

export const warmBoxModel = operation({
  summary: "Have the box load a model",
  description:
    "For whoever runs the installation. Answers once it is loaded, which may take minutes; the next question need not wait for that.",
  tags: ["Models"],
  action: "box.write",
  audit: { nothing: "It changes nothing that lasts: the model would be loaded by the next question." },
  input: namedModel,
  output: loadedModel,
  async run(ctx, { body: { model } }) {
    const box = await boxToChange(ctx);
    const loaded = await warmModel(box, ctx.env, model);
    if (!loaded) throw refusedField("model", "The box loads no such model: it passes it on, or unloads it at once.");
    return presentLoaded(loaded, ctx.clock.now());
  },
});
