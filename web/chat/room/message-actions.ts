/** Buttons beneath a message: quiet until the message is pointed at or reached by keyboard, always there on touch. */
export const actionsClass =
  "inline-flex items-center opacity-0 transition-opacity focus-within:opacity-100 group-hover:opacity-100 pointer-coarse:opacity-100";
