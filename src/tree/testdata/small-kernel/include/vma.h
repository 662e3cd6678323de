#ifndef VMA_H
#define VMA_H

struct vma {
	unsigned long start;
	unsigned long end;
#ifdef CONFIG_PER_VMA_LOCK
	unsigned int lock_seq;
#endif
};

#ifdef CONFIG_PER_VMA_LOCK
struct vma *find_locked_vma(struct mm *mm, unsigned long address);

static inline bool vma_try_read(struct vma *vma)
{
	return take_shared(&vma->lock_seq);
}

static inline void vma_end_read(struct vma *vma)
{
	give_back(&vma->lock_seq);
}
#else
static inline struct vma *find_locked_vma(struct mm *mm, unsigned long address)
{
	return NULL;
}

static inline bool vma_try_read(struct vma *vma)
{
	return false;
}

static inline void vma_end_read(struct vma *vma)
{
}
#endif

#endif
