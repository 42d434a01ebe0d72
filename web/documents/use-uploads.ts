import { useCallback, useRef, useState } from "react";
import { type ApiProblem, offlineProblem, readProblem } from "../../client/api-problem.ts";

/** A file on its way up. Once the server has it, its document takes over and the upload goes. */
export interface Upload {
  key: string;
  filename: string;
  /** 0 to 1 of its bytes; 1 means that the server is looking at it. */
  progress: number;
  problem: ApiProblem | null;
}

/** Sends one file. XMLHttpRequest, because fetch does not tell how much has gone up. Resolves to what went wrong, or null. */
function send(cloneId: string, file: File, onProgress: (progress: number) => void): Promise<ApiProblem | null> {
  return new Promise((resolve) => {
    const body = new FormData();
    body.set("clone_id", cloneId);
    body.append("file", file);
    const request = new XMLHttpRequest();
    request.open("POST", "/api/v1/documents/upload");
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
    request.onerror = () => resolve(offlineProblem);
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) return resolve(null);
      const headers = { "Content-Type": request.getResponseHeader("Content-Type") ?? "" };
      resolve(readProblem(new Response(request.responseText, { status: request.status, headers })));
    };
    request.send(body);
  });
}

/** Uploads files one after another, each with its own progress and its own failure. `onStored` runs after each stored file. */
export function useUploads(cloneId: string, onStored: () => void) {
  const [uploads, setUploads] = useState<readonly Upload[]>([]);
  const queue = useRef(Promise.resolve());
  const files = useRef(new Map<string, File>());

  const change = useCallback((key: string, fields: Partial<Upload>) => {
    setUploads((all) => all.map((upload) => (upload.key === key ? { ...upload, ...fields } : upload)));
  }, []);

  const dismiss = useCallback((key: string) => {
    files.current.delete(key);
    setUploads((all) => all.filter((upload) => upload.key !== key));
  }, []);

  const run = useCallback(
    (key: string) => {
      queue.current = queue.current.then(async () => {
        const file = files.current.get(key);
        if (!file) return;
        const problem = await send(cloneId, file, (progress) => change(key, { progress }));
        if (problem) return change(key, { problem });
        onStored();
        dismiss(key);
      });
    },
    [cloneId, onStored, change, dismiss],
  );

  const add = useCallback(
    (chosen: readonly File[]) => {
      for (const file of chosen) {
        const key = crypto.randomUUID();
        files.current.set(key, file);
        setUploads((all) => [...all, { key, filename: file.name, progress: 0, problem: null }]);
        run(key);
      }
    },
    [run],
  );

  const retry = useCallback(
    (key: string) => {
      change(key, { problem: null, progress: 0 });
      run(key);
    },
    [change, run],
  );

  return { uploads, add, retry, dismiss };
}
