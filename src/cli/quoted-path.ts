/** A name with a line break must not look like two. */
export function quotedPath(path: string): string {
  return /[\n\r]/.test(path) ? JSON.stringify(path) : path;
}
