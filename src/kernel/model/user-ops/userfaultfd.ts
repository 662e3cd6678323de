import { UFFD_COPY_MODES, UFFD_FEATURES, UFFD_MODES } from '../uapi.ts';
import { address, type OpSpec, type ParamSpec, pages } from './spec.ts';

const fillModes = (...known: (keyof typeof UFFD_COPY_MODES)[]): ParamSpec => ({
  name: 'mode',
  kind: 'names',
  names: Object.fromEntries(known.map((n) => [n, UFFD_COPY_MODES[n]])),
  default: 0,
});

/** userfaultfd and its ioctls. */
export const USERFAULTFD_OPS = {
  userfaultfd: {
    does: 'makes the userfaultfd of the process and agrees on its features',
    params: [{ name: 'features', kind: 'names', names: UFFD_FEATURES, default: 0 }],
    returns: false,
  },
  uffd_register: {
    does: 'registers pages with the userfaultfd (UFFDIO_REGISTER)',
    params: [address, pages, { name: 'modes', kind: 'names', names: UFFD_MODES, default: 1 }],
    returns: false,
  },
  uffd_unregister: {
    does: 'ends the registration of pages (UFFDIO_UNREGISTER)',
    params: [address, pages],
    returns: false,
  },
  uffd_wait: {
    does: 'reads one fault or event of the userfaultfd, sleeping until there is one; gives its (first) page',
    params: [],
    returns: true,
  },
  uffd_copy: {
    does: 'fills missing pages with a copy (UFFDIO_COPY), from a private buffer or from pages given',
    params: [
      address,
      pages,
      fillModes('dontwake', 'wp'),
      { name: 'from', kind: 'address', default: 0 },
    ],
    returns: false,
  },
  uffd_zeropage: {
    does: 'fills missing pages with zeroes (UFFDIO_ZEROPAGE)',
    params: [address, pages, fillModes('dontwake')],
    returns: false,
  },
  uffd_continue: {
    does: 'maps pages that are in the file already (UFFDIO_CONTINUE)',
    params: [address, pages, fillModes('dontwake', 'wp')],
    returns: false,
  },
  uffd_poison: {
    does: 'makes missing pages raise SIGBUS (UFFDIO_POISON)',
    params: [address, pages, fillModes('dontwake')],
    returns: false,
  },
  uffd_move: {
    does: 'moves pages from another address (UFFDIO_MOVE)',
    params: [
      address,
      pages,
      fillModes('dontwake', 'allow_src_holes'),
      { name: 'from', kind: 'address' },
    ],
    returns: false,
  },
  uffd_wake: {
    does: 'wakes the threads whose faults lie in pages (UFFDIO_WAKE)',
    params: [address, pages],
    returns: false,
  },
  uffd_close: {
    does: 'closes the userfaultfd of the process, which ends all registrations',
    params: [],
    returns: false,
  },
  uffd_writeprotect: {
    does: 'write-protects pages for the userfaultfd, or with `wp: 0` lets them be written',
    params: [address, pages, { name: 'wp', kind: 'integer', default: 1 }, fillModes('dontwake')],
    returns: false,
  },
} as const satisfies Readonly<Record<string, OpSpec>>;
