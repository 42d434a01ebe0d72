import {
  FileIcon,
  FileMovedIcon,
  KebabHorizontalIcon,
  LinkExternalIcon,
  LinkIcon,
  PencilIcon,
  StackIcon,
  TrashIcon,
} from "@primer/octicons-react";
import { useRef } from "react";
import { Link } from "react-router";
import { callApi, readApi } from "../../client/call-api.ts";
import type { Document } from "../../workers/knowledge/contract.ts";
import { acceptedEndings } from "../../workers/reading/formats.ts";
import { IconButton } from "../ui/button.tsx";
import { Menu, MenuChoice, MenuItem, MenuLabel, MenuSeparator } from "../ui/menu.tsx";
import { useMay } from "../workspaces/use-may.ts";
import { accesses } from "./document-access.tsx";

export type DocumentAction = "properties" | "details" | "delete";

interface DocumentMenuProps {
  document: Document;
  onAction: (action: DocumentAction, document: Document) => void;
  /** Runs a call that changes the document, and says where it failed. */
  change: (call: () => Promise<unknown>) => void;
}

/** Everything that can be done with a document. */
export function DocumentMenu({ document, onAction, change }: DocumentMenuProps) {
  const file = useRef<HTMLInputElement>(null);
  const { id, filename, status, access } = document;
  const ready = status === "indexed";
  const mayWrite = useMay("document.write");
  const copyLink = async () => {
    // The address is made while it is copied: Safari allows no pause between the click and the clipboard.
    const link = readApi<{ url: string }>(`/documents/${id}/download-link`, { method: "POST" });
    const text = link.then(({ url }) => new Blob([url], { type: "text/plain" }));
    await Promise.all([link, navigator.clipboard.write([new ClipboardItem({ "text/plain": text })])]);
  };
  return (
    <>
      <input
        ref={file}
        type="file"
        accept={acceptedEndings}
        className="hidden"
        aria-label={`New file for ${filename}`}
        onChange={(event) => {
          const [chosen] = event.target.files ?? [];
          event.target.value = "";
          if (chosen) change(() => callApi(`/documents/${id}/content`, { method: "PUT", file: chosen }));
        }}
      />
      <Menu
        trigger={
          <IconButton label={`More about ${filename}`}>
            <KebabHorizontalIcon />
          </IconButton>
        }
      >
        {ready && (
          <MenuItem asChild>
            <Link to={`/documents/${id}`}>
              <FileIcon /> Read the text
            </Link>
          </MenuItem>
        )}
        <MenuItem asChild>
          <a href={`/api/v1/documents/${id}/content`} target="_blank" rel="noopener">
            <LinkExternalIcon /> Open original
          </a>
        </MenuItem>
        <MenuItem onSelect={() => change(copyLink)}>
          <LinkIcon /> Copy a link for 5 minutes
        </MenuItem>
        <MenuItem onSelect={() => onAction("details", document)}>
          <StackIcon /> Passages and steps
        </MenuItem>
        {mayWrite && (
          <>
            <MenuSeparator />
            <MenuLabel>Answers from it are for</MenuLabel>
            <MenuChoice
              value={access}
              options={accesses}
              onChange={(chosen) =>
                change(() => callApi(`/documents/${id}`, { method: "PATCH", json: { access: chosen } }))
              }
            />
            <MenuSeparator />
            <MenuItem onSelect={() => onAction("properties", document)}>
              <PencilIcon /> Name and tags
            </MenuItem>
            <MenuItem onSelect={() => file.current?.click()}>
              <FileMovedIcon /> Replace the file
            </MenuItem>
            <MenuItem danger onSelect={() => onAction("delete", document)}>
              <TrashIcon /> Delete
            </MenuItem>
          </>
        )}
      </Menu>
    </>
  );
}
