/*
 * Workloads of the model, run by a real kernel: how many instructions all of one takes. Each is src/kernel/workloads/NAME.yaml, what it sets up
 * outside of what is counted.
 */
#define _GNU_SOURCE
#include "init.h"
#include <fcntl.h>
#include <linux/futex.h>
#include <linux/userfaultfd.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096, ROUNDS = 5, READ_WRITE = PROT_READ | PROT_WRITE, PAUSE_US = 5000 };

/* Page tables of an area are its own, and nothing lies next to it. */
static const size_t TABLE = 2 << 20;

static char *hole;
static size_t hole_length;
static uint64_t begin;

static char *room(size_t pages)
{
	char *at;

	hole_length = pages * PAGE + 3 * TABLE;
	hole = mmap(0, hole_length, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (hole == MAP_FAILED)
		fail("mmap");
	at = (char *)(((uintptr_t)hole + TABLE) & ~(TABLE - 1));
	munmap(hole, pages * PAGE + TABLE);
	return at;
}

static char *map(size_t pages, int flags, int file)
{
	char *at = mmap(room(pages), pages * PAGE, READ_WRITE, flags | MAP_FIXED, file, 0);

	if (at == MAP_FAILED)
		fail("mmap");
	return at;
}

static char *anonymous(size_t pages)
{
	return map(pages, MAP_PRIVATE | MAP_ANONYMOUS, -1);
}

static void write_pages(char *at, size_t pages)
{
	for (size_t i = 0; i < pages; i++)
		*(volatile char *)(at + i * PAGE) = 1;
}

static void read_pages(char *at, size_t pages)
{
	for (size_t i = 0; i < pages; i++)
		(void)*(volatile char *)(at + i * PAGE);
}

static char *written(size_t pages)
{
	char *at = anonymous(pages);

	write_pages(at, pages);
	return at;
}

static int file_of(size_t pages, int filled)
{
	static const char zero[PAGE];
	int file = memfd_create("file", 0);

	if (file < 0 || ftruncate(file, pages * PAGE))
		fail("memfd_create");
	for (size_t i = 0; filled && i < pages; i++)
		if (pwrite(file, zero, PAGE, i * PAGE) != PAGE)
			fail("pwrite");
	return file;
}

static void start(void)
{
	begin = counted();
}

static uint64_t taken(void)
{
	return counted() - begin;
}

static uint64_t end(uint64_t took)
{
	munmap(hole, hole_length);
	return took;
}

static uint64_t anon_r_fresh_1000(void)
{
	char *at = anonymous(1000);

	start();
	read_pages(at, 1000);
	return end(taken());
}

static uint64_t anon_w_fresh_1000(void)
{
	char *at = anonymous(1000);

	start();
	write_pages(at, 1000);
	return end(taken());
}

static uint64_t anon_w_after_read_1000(void)
{
	char *at = anonymous(1000);

	read_pages(at, 1000);
	start();
	write_pages(at, 1000);
	return end(taken());
}

static uint64_t mremap_move_pingpong_100(void)
{
	char *at = written(128), *from = hole, *to;
	size_t length = hole_length;
	uint64_t took;

	to = room(128);
	start();
	for (int i = 0; i < 50; i++) {
		mremap(at, 128 * PAGE, 128 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, to);
		mremap(to, 128 * PAGE, 128 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, at);
	}
	took = end(taken());
	munmap(from, length);
	return took;
}

static uint64_t mlock_munlock_1000(void)
{
	char *at = anonymous(1000);

	start();
	if (mlock(at, 1000 * PAGE))
		fail("mlock");
	munlock(at, 1000 * PAGE);
	return end(taken());
}

static uint64_t munmap_whole_1000(void)
{
	char *at = written(1000);

	start();
	munmap(at, 1000 * PAGE);
	return end(taken());
}

static uint64_t mmap_populate_1000(void)
{
	char *at = room(1000);

	start();
	mmap(at, 1000 * PAGE, READ_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE | MAP_POPULATE, -1, 0);
	return end(taken());
}

/* glibc's fork does more than the system call. */
static uint64_t fork_child_cow_256(void)
{
	char *at = written(256);
	pid_t child;

	start();
	child = syscall(SYS_fork);
	if (!child) {
		write_pages(at, 256);
		syscall(SYS_exit_group, 0);
	}
	syscall(SYS_wait4, child, 0, 0, 0);
	return end(taken());
}

static uint64_t fork_parent_cow_256(void)
{
	char *at = written(256);
	uint64_t took;
	int stop[2];
	char byte;
	pid_t child;

	if (pipe(stop))
		fail("pipe");
	child = fork();
	if (!child) {
		close(stop[1]);
		_exit(read(stop[0], &byte, 1));
	}
	start();
	write_pages(at, 256);
	took = taken();
	close(stop[0]);
	close(stop[1]);
	waitpid(child, 0, 0);
	return end(took);
}

static uint64_t fork_parent_reuse_256(void)
{
	char *at = written(256);
	pid_t child = fork();

	if (!child)
		_exit(0);
	waitpid(child, 0, 0);
	start();
	write_pages(at, 256);
	return end(taken());
}

static uint64_t of_file(int flags, int filled, int reads_before, int writes)
{
	int file = file_of(1000, filled);
	char *at = map(1000, flags, file);
	uint64_t took;

	if (reads_before)
		read_pages(at, 1000);
	start();
	if (writes)
		write_pages(at, 1000);
	else
		read_pages(at, 1000);
	took = end(taken());
	close(file);
	return took;
}

static uint64_t memfd_shared_write_hole_1000(void)
{
	return of_file(MAP_SHARED, 0, 0, 1);
}

static uint64_t memfd_shared_write_1000(void)
{
	return of_file(MAP_SHARED, 1, 0, 1);
}

static uint64_t memfd_priv_read_1000(void)
{
	return of_file(MAP_PRIVATE, 1, 0, 0);
}

static uint64_t memfd_priv_write_1000(void)
{
	return of_file(MAP_PRIVATE, 1, 0, 1);
}

static uint64_t memfd_priv_write_after_read_1000(void)
{
	return of_file(MAP_PRIVATE, 1, 1, 1);
}

static uint64_t mincore_100(void)
{
	static unsigned char there[1000];
	char *at = anonymous(1000);

	start();
	for (int i = 0; i < 100; i++)
		mincore(at, 1000 * PAGE, there);
	return end(taken());
}

static uint64_t mremap_grow_fault(void)
{
	char *at = anonymous(128), *grown;
	uint64_t took;

	write_pages(at, 64);
	start();
	grown = mremap(at, 128 * PAGE, 256 * PAGE, MREMAP_MAYMOVE);
	write_pages(grown, 256);
	took = taken();
	munmap(grown, 256 * PAGE);
	return end(took);
}

static uint64_t futex_wakes(int operation)
{
	char *at = anonymous(256);

	start();
	for (int i = 0; i < 256; i++)
		syscall(SYS_futex, at + i * PAGE, operation, 1, 0, 0, 0);
	return end(taken());
}

static uint64_t futex_private_fresh_256(void)
{
	return futex_wakes(FUTEX_WAKE_PRIVATE);
}

static uint64_t futex_shared_fresh_256(void)
{
	return futex_wakes(FUTEX_WAKE);
}

static uint64_t madv_willneed_100(void)
{
	char *at = written(1000);

	start();
	for (int i = 0; i < 100; i++)
		madvise(at, 1000 * PAGE, MADV_WILLNEED);
	return end(taken());
}

static uint64_t madv_free_rewrite_1000(void)
{
	char *at = written(1000);

	start();
	madvise(at, 1000 * PAGE, MADV_FREE);
	write_pages(at, 1000);
	return end(taken());
}

static uint64_t madv_populate_read_1000(void)
{
	char *at = anonymous(1000);

	start();
	madvise(at, 1000 * PAGE, MADV_POPULATE_READ);
	return end(taken());
}

/* A descriptor that watches an area, of which there may be none yet. */
static int watched(char *at, size_t pages)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register area = {
		.range = { (uintptr_t)at, pages * PAGE },
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};
	int uffd = syscall(SYS_userfaultfd, O_CLOEXEC | UFFD_USER_MODE_ONLY);

	if (uffd < 0 || ioctl(uffd, UFFDIO_API, &api) || (pages && ioctl(uffd, UFFDIO_REGISTER, &area)))
		fail("userfaultfd");
	return uffd;
}

static uint64_t uffd_zeropage_prefill_64(void)
{
	char *at = anonymous(64);
	int uffd = watched(at, 64);

	start();
	for (int i = 0; i < 64; i++) {
		struct uffdio_zeropage page = { .range = { (uintptr_t)at + i * PAGE, PAGE } };

		ioctl(uffd, UFFDIO_ZEROPAGE, &page);
	}
	uint64_t took = taken();
	close(uffd);
	return end(took);
}

static uint64_t uffd_copy_prefill_64(void)
{
	static char from[PAGE] __attribute__((aligned(PAGE))) = { 1 };
	char *at = anonymous(64);
	int uffd = watched(at, 64);

	start();
	for (int i = 0; i < 64; i++) {
		struct uffdio_copy page = { .dst = (uintptr_t)at + i * PAGE, .src = (uintptr_t)from, .len = PAGE };

		ioctl(uffd, UFFDIO_COPY, &page);
	}
	uint64_t took = taken();
	close(uffd);
	return end(took);
}

static uint64_t uffd_register_unregister_100(void)
{
	char *at = anonymous(4);
	int uffd = watched(at, 0);

	start();
	for (int i = 0; i < 100; i++) {
		struct uffdio_register area = {
			.range = { (uintptr_t)at, 4 * PAGE },
			.mode = UFFDIO_REGISTER_MODE_MISSING,
		};

		ioctl(uffd, UFFDIO_REGISTER, &area);
		ioctl(uffd, UFFDIO_UNREGISTER, &area.range);
	}
	uint64_t took = taken();
	close(uffd);
	return end(took);
}

static uint64_t mmap_adjacent_touch_100(void)
{
	char *at = room(100);

	start();
	for (int i = 0; i < 100; i++) {
		mmap(at + i * PAGE, PAGE, READ_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
		*(volatile char *)(at + i * PAGE) = 1;
	}
	return end(taken());
}

static uint64_t munmap_punch_100(void)
{
	char *at = written(1000);

	start();
	for (int i = 0; i < 100; i++)
		munmap(at + (4 * i + 2) * PAGE, PAGE);
	write_pages(at, 2);
	return end(taken());
}

static uint64_t shm_attach_64(void)
{
	char *at;
	int segment;

	start();
	segment = shmget(IPC_PRIVATE, 64 * PAGE, 0600 | IPC_CREAT);
	at = shmat(segment, 0, 0);
	write_pages(at, 64);
	shmdt(at);
	shmctl(segment, IPC_RMID, 0);
	return taken();
}

static uint64_t membarrier_100(void)
{
	start();
	syscall(SYS_membarrier, 1 << 4, 0, 0);
	for (int i = 0; i < 100; i++)
		syscall(SYS_membarrier, 1 << 3, 0, 0);
	return taken();
}

static uint64_t brk_grow_64(void)
{
	char *old;
	uint64_t took;

	old = sbrk(PAGE);
	*(volatile char *)old = 1;
	start();
	for (int i = 0; i < 64; i++)
		*(volatile char *)sbrk(PAGE) = 1;
	took = taken();
	brk(old);
	return took;
}

#define WORKLOAD(name) { #name, name }

static const struct {
	const char *name;
	uint64_t (*run)(void);
} workloads[] = {
	WORKLOAD(anon_r_fresh_1000),
	WORKLOAD(anon_w_fresh_1000),
	WORKLOAD(anon_w_after_read_1000),
	WORKLOAD(mremap_move_pingpong_100),
	WORKLOAD(mlock_munlock_1000),
	WORKLOAD(munmap_whole_1000),
	WORKLOAD(mmap_populate_1000),
	WORKLOAD(fork_child_cow_256),
	WORKLOAD(fork_parent_cow_256),
	WORKLOAD(fork_parent_reuse_256),
	WORKLOAD(memfd_shared_write_hole_1000),
	WORKLOAD(memfd_shared_write_1000),
	WORKLOAD(memfd_priv_read_1000),
	WORKLOAD(memfd_priv_write_1000),
	WORKLOAD(memfd_priv_write_after_read_1000),
	WORKLOAD(mincore_100),
	WORKLOAD(mremap_grow_fault),
	WORKLOAD(futex_private_fresh_256),
	WORKLOAD(futex_shared_fresh_256),
	WORKLOAD(madv_willneed_100),
	WORKLOAD(madv_free_rewrite_1000),
	WORKLOAD(madv_populate_read_1000),
	WORKLOAD(uffd_zeropage_prefill_64),
	WORKLOAD(uffd_copy_prefill_64),
	WORKLOAD(uffd_register_unregister_100),
	WORKLOAD(mmap_adjacent_touch_100),
	WORKLOAD(munmap_punch_100),
	WORKLOAD(shm_attach_64),
	WORKLOAD(membarrier_100),
	WORKLOAD(brk_grow_64),
};

void run_workloads(void)
{
	for (size_t i = 0; i < sizeof workloads / sizeof *workloads; i++) {
		workloads[i].run();
		printf("PASS %s", workloads[i].name);
		for (int round = 0; round < ROUNDS; round++) {
			usleep(PAUSE_US);
			printf(" %llu", (unsigned long long)workloads[i].run());
		}
		printf("\n");
	}
}
