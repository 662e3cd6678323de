#include <vma.h>

int handle_fault(struct mm *mm, unsigned long address)
{
	struct vma *vma = find_locked_vma(mm, address);
	int done;

	if (vma) {
		done = fault_in(vma, address);
		vma_end_read(vma);
		return done;
	}
	mmap_read_lock(mm);
	done = fault_in(find_vma(mm, address), address);
	mmap_read_unlock(mm);
	return done;
}
