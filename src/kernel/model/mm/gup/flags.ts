/** Flags of get_user_pages (include/linux/mm_types.h, mm/internal.h). */
export const FOLL_WRITE = 0x1;
export const FOLL_GET = 0x2;
/** As FOLL_GET, by somebody who will look into the page: an anonymous one must be the mm's own (pin_user_pages). */
export const FOLL_PIN = 0x8_0000;
/** What is not there is not faulted in. */
export const FOLL_NOFAULT = 0x80;
/** Goes around the protection of the VMA. */
export const FOLL_FORCE = 0x8;
/** The caller manages mmap_lock and lets it be dropped. */
export const FOLL_UNLOCKABLE = 0x20_0000;
/** MADV_POPULATE_READ and _WRITE: errors of their own for what cannot be populated. */
export const FOLL_MADV_POPULATE = 0x40_0000;

/**
 * What get_user_pages gives in C as a count and a flag behind a pointer (`*locked`): here one word, the count times two, plus one when
 * mmap_lock was dropped on the way. An error is negative; mmap_lock is held then.
 */
export function gupResult(pages: number, dropped: boolean): number {
  return pages * 2 + (dropped ? 1 : 0);
}
/** The count in a result of get_user_pages that is no error. */
export function gupPages(result: number): number {
  return result >> 1;
}
/** Whether a result says that mmap_lock was dropped. */
export function gupDropped(result: number): boolean {
  return result >= 0 && (result & 1) === 1;
}
