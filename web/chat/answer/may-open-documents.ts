import { createContext } from "react";

/** False where this reader may see the quoted passages but not the documents. */
export const MayOpenDocuments = createContext(true);
