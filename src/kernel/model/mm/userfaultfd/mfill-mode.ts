/** uffd_flags_t (include/linux/userfaultfd_k.h): what a page is filled with, */
export const MFILL_ATOMIC_COPY = 0;
export const MFILL_ATOMIC_ZEROPAGE = 1;
export const MFILL_ATOMIC_CONTINUE = 2;
export const MFILL_ATOMIC_POISON = 3;
export const MFILL_ATOMIC_MODE_MASK = 3;
/** and whether it is write-protected at once. */
export const MFILL_ATOMIC_WP = 4;
