import { address, type OpSpec } from './spec.ts';

/** Futexes. */
export const FUTEX_OPS = {
  futex_wake: {
    does: 'FUTEX_WAKE on a futex nobody waits for, shared between processes',
    params: [address],
    returns: false,
  },
  futex_wake_private: {
    does: 'FUTEX_WAKE_PRIVATE on a futex nobody waits for',
    params: [address],
    returns: false,
  },
  futex_wait: {
    does: 'FUTEX_WAIT for a value the futex, shared between processes, does not have',
    params: [address],
    returns: false,
  },
  futex_wait_private: {
    does: 'FUTEX_WAIT_PRIVATE for a value the futex does not have',
    params: [address],
    returns: false,
  },
  futex_wake_op: {
    does: 'FUTEX_WAKE_OP: changes a futex nobody waits for, shared between processes',
    params: [address],
    returns: false,
  },
  futex_wake_op_private: {
    does: 'FUTEX_WAKE_OP_PRIVATE on a futex nobody waits for',
    params: [address],
    returns: false,
  },
  futex_lock_pi: {
    does: 'FUTEX_LOCK_PI: takes a futex that is free, shared between processes',
    params: [address],
    returns: false,
  },
  futex_lock_pi_private: {
    does: 'FUTEX_LOCK_PI_PRIVATE of a futex that is free',
    params: [address],
    returns: false,
  },
  futex_unlock_pi: {
    does: 'FUTEX_UNLOCK_PI: gives back a futex nobody waits for, shared between processes',
    params: [address],
    returns: false,
  },
  futex_unlock_pi_private: {
    does: 'FUTEX_UNLOCK_PI_PRIVATE of a futex nobody waits for',
    params: [address],
    returns: false,
  },
  futex_wake_mpol: {
    does: 'futex_wake with FUTEX2_PRIVATE and FUTEX2_MPOL: the futex has the node of the policy of its memory',
    params: [address],
    returns: false,
  },
} as const satisfies Readonly<Record<string, OpSpec>>;
