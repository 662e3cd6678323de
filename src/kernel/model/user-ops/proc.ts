import { PAGEMAP_SCAN_FLAGS } from '../uapi.ts';
import { address, type OpSpec, pages } from './spec.ts';

/** /proc/PID. */
export const PROC_OPS = {
  proc_maps: { does: 'reads /proc/self/maps to its end', params: [], returns: false },
  proc_smaps: { does: 'reads /proc/self/smaps to its end', params: [], returns: false },
  proc_pagemap: {
    does: 'reads the entries of pages from /proc/self/pagemap, in one read',
    params: [address, pages],
    returns: false,
  },
  proc_pagemap_scan: {
    does: 'asks /proc/self/pagemap which pages were written (PAGEMAP_SCAN), and can write-protect them',
    params: [
      address,
      pages,
      { name: 'flags', kind: 'names', names: PAGEMAP_SCAN_FLAGS, default: 0 },
    ],
    returns: false,
  },
  proc_clear_refs: {
    does: 'writes a number to /proc/self/clear_refs: 1, 2, 3, 4 or 5',
    params: [{ name: 'type', kind: 'integer', default: 1 }],
    returns: false,
  },
  proc_mem_read: {
    does: 'reads whole pages through /proc/self/mem',
    params: [address, pages],
    returns: false,
  },
  proc_mem_write: {
    does: 'writes whole pages through /proc/self/mem, of private mappings also where they may not be written',
    params: [address, pages],
    returns: false,
  },
  proc_cmdline: { does: 'reads /proc/self/cmdline to its end', params: [], returns: false },
  proc_environ: { does: 'reads /proc/self/environ to its end', params: [], returns: false },
  proc_numa_maps: { does: 'reads /proc/self/numa_maps to its end', params: [], returns: false },
  proc_smaps_rollup: {
    does: 'reads /proc/self/smaps_rollup to its end',
    params: [],
    returns: false,
  },
  proc_map_query: {
    does: 'asks for the mapping at or above a page (PROCMAP_QUERY)',
    params: [address],
    returns: false,
  },
} as const satisfies Readonly<Record<string, OpSpec>>;
