/* What the programs that are counted share. */
#include <stdint.h>

/* The time stamp counter counts instructions under qemu's -icount shift=0. */
static inline uint64_t counted(void)
{
	uint32_t low, high;

	__asm__ volatile("lfence; rdtsc" : "=a"(low), "=d"(high)::"memory");
	return (uint64_t)high << 32 | low;
}

/* Says what failed, and stops the machine. */
__attribute__((noreturn)) void fail(const char *what);

/* Prints a line for each workload: how many instructions all of it took, in each round. */
void run_workloads(void);
