import type { X86Fault } from '../arch/x86/fault.ts';
import type { KernelBuilder } from '../kernel-builder.ts';
import { type Routine, routine, TASK, W } from '../machine/index.ts';
import { FAULT_FLAG_WRITE } from '../mm/fault-flags.ts';
import { EFAULT } from '../mm/mm-core.ts';
import type { PageTables } from '../mm/page-table.ts';
import { ptePermits } from '../mm/page-table.ts';

/**
 * `(address) -> 0 or -EFAULT`: the kernel stores to a user page on its own account: put_user in arch/x86/lib/putuser.S, or under `name`
 * another that does.
 */
export function putUser(
  b: KernelBuilder,
  pt: PageTables,
  x86: X86Fault,
  name = 'put_user',
): Routine {
  return b.add(
    routine(name, ['address'], (v) => ({
      mov(k) {
        const pte = pt.walk(k, k.peek(k.task + TASK.at.mm), k.get(v.address));
        if (ptePermits(pte, true)) {
          k.work(W.user_access);
          return k.ret(0);
        }
      },
      asm_exc_page_fault(k) {
        k.work(W.exception_entry);
        const mm = k.peek(k.task + TASK.at.mm);
        return k.call(x86.do_user_addr_fault, mm, k.get(v.address), FAULT_FLAG_WRITE);
      },
      ex_handler_uaccess: (k) => (k.result() === 0 ? 'mov' : k.ret(-EFAULT)),
    })),
  );
}
