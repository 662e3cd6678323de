#include <vma.h>

struct vma *find_locked_vma(struct mm *mm, unsigned long address)
{
	struct vma *vma = walk(mm, address);

	return vma && vma_try_read(vma) ? vma : NULL;
}

#ifdef CONFIG_PER_VMA_LOCK_STATS
void count_vma_lock(int event)
{
	counters[event]++;
}
#endif
