import { conversationsIn } from "../chat/takeout/conversations-in.ts";
import { isProblem } from "../platform/errors.ts";
import type { Task } from "./index.ts";

export const convert: Task<"convert"> = async (_, bytes, answer) => {
  try {
    let place = 0;
    for (const conversation of conversationsIn(bytes)) await answer.json(String(place++), conversation);
    return { problem: null };
  } catch (error) {
    if (!isProblem(error)) throw error;
    const { code, message, errors } = error;
    return { problem: { code, message, errors } };
  }
};
