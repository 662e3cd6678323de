import { byte, int } from './load';
import { nameOf } from './names';
import { CHOICE, YES } from './numbers';
import { setHashOrder, size, symbol, TRAITS, take } from './state';
import { endOf, startOf } from './text';

/** Size of the hash table of `conf`. */
const BUCKETS = 1 << 14;

/** FNV-1a over a name of ASCII characters. */
function bucketOf(id: i32): i32 {
  if (((load<u8>(symbol(id), TRAITS) as i32) & CHOICE) !== 0) return 0;
  const name = nameOf(id);
  let hash: i32 = 0x811c9dc5;
  for (let at = startOf(name); at < endOf(name); at++) hash = (hash ^ byte(at)) * 0x01000193;
  return hash & (BUCKETS - 1);
}

/** Find the order in which `conf` goes through all symbols, as menu/kconfig.ts does. */
export function findHashOrder(): void {
  const first = take((BUCKETS + 1) << 2);
  const buckets = take((size as usize) << 2);
  const order = take((size as usize) << 2);
  if (first === 0 || buckets === 0 || order === 0) return;
  for (let id: i32 = YES + 1; id < size; id++) {
    const bucket = bucketOf(id);
    store<i32>(buckets + (id << 2), bucket);
    const next = first + ((bucket + 1) << 2);
    store<i32>(next, int(next) + 1);
  }
  for (let at = first; at < first + (BUCKETS << 2); at += 4)
    store<i32>(at + 4, int(at) + int(at + 4));
  for (let id: i32 = size - 1; id > YES; id--) {
    const at = first + (int(buckets + (id << 2)) << 2);
    const place = int(at);
    store<i32>(order + (place << 2), id);
    store<i32>(at, place + 1);
  }
  setHashOrder(order, size - YES - 1);
}
