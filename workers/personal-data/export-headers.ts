/** Of a ZIP that is downloaded, and kept by no cache. */
export const archiveHeaders = (name: string, now: number) => ({
  "Content-Type": "application/zip",
  "Content-Disposition": `attachment; filename="${name}-${new Date(now).toISOString().slice(0, 10)}.zip"`,
  "Cache-Control": "private, no-store",
});
