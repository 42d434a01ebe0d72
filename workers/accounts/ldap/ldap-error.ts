/** The directory cannot be asked, or its answer cannot be used: its fault or the settings', never the person's. */
export class DirectoryError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "DirectoryError";
  }
}
