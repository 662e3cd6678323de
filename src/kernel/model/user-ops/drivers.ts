import { address, type OpSpec, pages } from './spec.ts';

/** Memory shared with drivers: TCP zerocopy and binder. */
export const DRIVER_OPS = {
  tcp_mmap: {
    does: 'maps a TCP socket for zerocopy receive',
    params: [pages],
    returns: true,
  },
  tcp_zerocopy_receive: {
    does: 'getsockopt(TCP_ZEROCOPY_RECEIVE) of pages into a range mapped by tcp_mmap',
    params: [address, pages],
    returns: false,
  },
  binder_mmap: {
    does: 'opens binder and maps its buffer, read-only',
    params: [pages],
    returns: true,
  },
  binder_insert: {
    does: 'a transaction whose data lie in one page of the binder buffer; installs the page if it is missing',
    params: [address],
    returns: false,
  },
  binder_free: {
    does: 'gives that page of the buffer back (BC_FREE_BUFFER): from now on it can be reclaimed',
    params: [address],
    returns: false,
  },
  drop_slab: {
    does: 'echo 2 > /proc/sys/vm/drop_caches: runs the shrinkers, of which binder has one',
    params: [],
    returns: false,
  },
} as const satisfies Readonly<Record<string, OpSpec>>;
