import { SWAP_DEVICES } from '../uapi.ts';
import { type OpSpec, pages } from './spec.ts';

/** Swap. */
export const SWAP_OPS = {
  swapon: {
    does: 'turns swap on, so that MADV_PAGEOUT takes anonymous pages out of memory',
    params: [
      pages,
      { name: 'device', kind: 'names', names: SWAP_DEVICES, default: SWAP_DEVICES.zram },
    ],
    returns: false,
  },
  swapoff: {
    does: 'turns swap off, and brings all pages back that are in it',
    params: [],
    returns: false,
  },
} as const satisfies Readonly<Record<string, OpSpec>>;
