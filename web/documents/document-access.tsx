import { GlobeIcon, LockIcon, PeopleIcon } from "@primer/octicons-react";
import type { ReactNode } from "react";
import type { Document } from "../../workers/knowledge/contract.ts";

type Access = Document["access"];

/** For whom answers may be made from a document, in words. */
export const accesses: { value: Access; label: string; icon: ReactNode }[] = [
  { value: "public", label: "Everybody who may ask", icon: <GlobeIcon /> },
  { value: "members", label: "Workspace members", icon: <PeopleIcon /> },
  { value: "me", label: "Only me", icon: <LockIcon /> },
];

/** What a row says of a document that is not for everybody. */
export const restricted: Record<Access, string | null> = {
  public: null,
  members: "Members only",
  me: "Only you",
};
