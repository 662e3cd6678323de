import { MBIND_FLAGS, MEMPOLICY_FLAGS, MPOL } from '../uapi.ts';
import { address, type OpSpec, pages } from './spec.ts';

/** Memory policies, on a machine of one node. */
export const POLICY_OPS = {
  mbind: {
    does: 'gives pages a memory policy, for the one node there is',
    params: [
      address,
      pages,
      { name: 'mode', kind: 'choice', names: MPOL, default: MPOL.bind },
      { name: 'flags', kind: 'names', names: MBIND_FLAGS, default: 0 },
    ],
    returns: false,
  },
  set_mempolicy: {
    does: 'gives the thread a memory policy, which takes no lock of its memory',
    params: [{ name: 'mode', kind: 'choice', names: MPOL, default: MPOL.bind }],
    returns: false,
  },
  get_mempolicy: {
    does: 'asks for the memory policy of a page, with `node` for its node, or of the thread',
    params: [
      { ...address, default: 0 },
      { name: 'flags', kind: 'names', names: MEMPOLICY_FLAGS, default: MEMPOLICY_FLAGS.addr },
    ],
    returns: false,
  },
  set_mempolicy_home_node: {
    does: 'gives the policy of pages a home node',
    params: [address, pages],
    returns: false,
  },
  move_pages: {
    does: 'moves pages to the node they are on, or with `query: 1` only asks for it',
    params: [address, pages, { name: 'query', kind: 'integer', default: 0 }],
    returns: false,
  },
  migrate_pages: {
    does: 'moves all pages of the process from the one node to itself',
    params: [],
    returns: false,
  },
} as const satisfies Readonly<Record<string, OpSpec>>;
