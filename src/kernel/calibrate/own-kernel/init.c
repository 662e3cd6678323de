/*
 * The only process of a kernel booted to be counted: runs operations whose cost the per-VMA lock may change, and prints for each round
 * how many instructions one of them took.
 *
 * Arguments on the kernel's command line: kmatrix.seed=N moves what comes between passes, kmatrix.passes=N, of which none runs workloads instead.
 */
#define _GNU_SOURCE
#include "init.h"
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

enum { PAGE = 4096, PAGES = 128, THREADS = 10, TRIPS = 40, CALLS = 1000, ROUNDS = 9, PAUSE_US = 20000 };

/* Page tables of an area are its own: one that others fill costs no fault of it. */
static const size_t TABLE = 2 << 20;

/* What the console has not sent yet is lost otherwise. */
__attribute__((noreturn)) static void leave(void)
{
	tcdrain(STDOUT_FILENO);
	reboot(RB_AUTOBOOT);
	for (;;)
		pause();
}

void fail(const char *what)
{
	printf("FAIL %s\n", what);
	leave();
}

static volatile char *area(char **base)
{
	size_t length = 2 * TABLE;
	char *begin;

	*base = mmap(0, length, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (*base == MAP_FAILED)
		fail("mmap");
	begin = (char *)(((uintptr_t)*base + TABLE - 1) & ~(TABLE - 1));
	return mmap(begin, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
}

static void touch(volatile char *at, int writes)
{
	for (int i = 0; i < PAGES; i++) {
		if (writes)
			at[(size_t)i * PAGE] = 1;
		else
			(void)at[(size_t)i * PAGE];
	}
}

/* The first access of each page of a new area, or the first write after a read. */
static double faults(int reads_before, int writes)
{
	char *base;
	volatile char *at = area(&base);
	uint64_t begin;
	uint64_t end;

	if (reads_before)
		touch(at, 0);
	begin = counted();
	touch(at, writes);
	end = counted();
	munmap(base, 2 * TABLE);
	return (double)(end - begin) / PAGES;
}

static double anon_read_fault_zeropage(void)
{
	return faults(0, 0);
}

static double anon_write_fault(void)
{
	return faults(0, 1);
}

static double anon_write_after_read(void)
{
	return faults(1, 1);
}

/* The same of a file whose pages are there. */
static double file_faults(int flags)
{
	static int file;
	char *base;
	volatile char *at = area(&base);
	uint64_t begin;
	uint64_t end;

	if (!file) {
		file = memfd_create("file", 0);
		if (file < 0 || ftruncate(file, PAGES * PAGE))
			fail("memfd_create");
		at = mmap((void *)at, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, file, 0);
		touch(at, 1);
	}
	at = mmap((void *)at, PAGES * PAGE, PROT_READ | PROT_WRITE, flags | MAP_FIXED, file, 0);
	begin = counted();
	touch(at, 1);
	end = counted();
	munmap(base, 2 * TABLE);
	return (double)(end - begin) / PAGES;
}

static double memfd_private_write_fault(void)
{
	return file_faults(MAP_PRIVATE);
}

static double memfd_shared_write_fault(void)
{
	return file_faults(MAP_SHARED);
}

static double getppid_calls(void)
{
	uint64_t begin = counted();

	for (int i = 0; i < CALLS; i++)
		syscall(SYS_getppid);
	return (double)(counted() - begin) / CALLS;
}

static void *nothing(void *argument)
{
	return argument;
}

static void thread(void)
{
	pthread_t made;

	if (pthread_create(&made, 0, nothing, 0) || pthread_join(made, 0))
		fail("pthread_create");
}

static double pthread_create_join(void)
{
	uint64_t begin;

	thread();
	begin = counted();
	for (int i = 0; i < THREADS; i++)
		thread();
	return (double)(counted() - begin) / THREADS;
}

static int there[2], back[2];

static void trip(void)
{
	char byte = 1;

	if (write(there[1], &byte, 1) != 1 || read(back[0], &byte, 1) != 1)
		fail("pipe");
}

static double pipe_pingpong_roundtrip(void)
{
	uint64_t begin;

	trip();
	begin = counted();
	for (int i = 0; i < TRIPS; i++)
		trip();
	return (double)(counted() - begin) / TRIPS;
}

static void echo(void)
{
	char byte;

	if (fork() != 0)
		return;
	while (read(there[0], &byte, 1) == 1 && write(back[1], &byte, 1) == 1)
		;
	_exit(0);
}

static const struct {
	const char *name;
	double (*run)(void);
} operations[] = {
	{ "anon_read_fault_zeropage", anon_read_fault_zeropage },
	{ "anon_write_fault", anon_write_fault },
	{ "anon_write_after_read", anon_write_after_read },
	{ "memfd_private_write_fault", memfd_private_write_fault },
	{ "memfd_shared_write_fault", memfd_shared_write_fault },
	{ "getppid", getppid_calls },
	{ "pthread_create_join", pthread_create_join },
	{ "pipe_pingpong_roundtrip", pipe_pingpong_roundtrip },
};
enum { OPERATIONS = sizeof operations / sizeof *operations, MOST_PASSES = 100 };

static double taken[OPERATIONS][MOST_PASSES][ROUNDS];

static long argument(const char *line, const char *name, long otherwise)
{
	const char *at = strstr(line, name);

	return at ? atol(at + strlen(name)) : otherwise;
}

int main(void)
{
	char line[4096] = "";
	int passes, file;
	unsigned seed;

	setvbuf(stdout, 0, _IONBF, 0);
	mkdir("/proc", 0755);
	mount("proc", "/proc", "proc", 0, 0);
	file = open("/proc/cmdline", O_RDONLY);
	if (file < 0 || read(file, line, sizeof line - 1) <= 0)
		fail("/proc/cmdline");
	seed = argument(line, "kmatrix.seed=", 1);
	passes = argument(line, "kmatrix.passes=", 20);
	if (passes > MOST_PASSES || pipe(there) || pipe(back))
		fail("arguments or pipes");
	if (passes == 0) {
		run_workloads();
		printf("DONE\n");
		leave();
	}
	srandom(seed);
	echo();
	for (int pass = -1; pass < passes; pass++) {
		for (int o = 0; o < OPERATIONS; o++) {
			/* Ticks and what RCU puts off fall elsewhere in each pass, and are done with before it. */
			for (long n = random() % 400; n > 0; n--)
				syscall(SYS_getpid);
			usleep(PAUSE_US);
			for (int round = 0; round < ROUNDS; round++) {
				double one = operations[o].run();

				if (pass >= 0)
					taken[o][pass][round] = one;
			}
		}
	}
	for (int o = 0; o < OPERATIONS; o++)
		for (int pass = 0; pass < passes; pass++) {
			printf("PASS %s", operations[o].name);
			for (int round = 0; round < ROUNDS; round++)
				printf(" %.3f", taken[o][pass][round]);
			printf("\n");
		}
	printf("DONE\n");
	leave();
}
