#include <vma.h>

int map_received(struct mm *mm, unsigned long address)
{
	struct vma *vma = NULL;

	if (IS_ENABLED(CONFIG_PER_VMA_LOCK))
		vma = find_locked_vma(mm, address);
	if (!vma) {
		mmap_read_lock(mm);
		vma = find_vma(mm, address);
	}
	return insert(vma, address);
}
