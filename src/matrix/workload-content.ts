/** The workload's content, so that an edited file is another workload; places in the file do not count. */
export function workloadContent(workload: unknown): string {
  return JSON.stringify(workload, (key, value) =>
    key === 'span' || key === 'file' ? undefined : value,
  );
}
