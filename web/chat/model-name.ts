/** What people call a model: its id says where it is, but the built-in reader is no model of anybody’s. */
export const modelName = (id: string) => (id.startsWith("offline/") ? "Offline reader" : id);
