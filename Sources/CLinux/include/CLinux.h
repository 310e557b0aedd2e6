// What Swift's Glibc module does not show: calls and constants behind _GNU_SOURCE; and SHA-256 by the processor.
// Every function answers 0 (or a count) on success and -errno on failure, so that no caller reads a stale errno.
#ifndef KINOSPOOL_CLINUX_H
#define KINOSPOOL_CLINUX_H

#include <stddef.h>
#include <stdint.h>

// renameat2(2). The flags below are the kernel's.
#define SP_RENAME_NOREPLACE 1u
#define SP_RENAME_EXCHANGE 2u
int sp_renameat2(int old_dir, const char *old_name, int new_dir, const char *new_name, unsigned flags);

// Sets the modification time of a name without following a symbolic link, and leaves the access time alone.
int sp_set_mtime(int dir, const char *name, int64_t seconds, long nanoseconds);

// One getdents64(2) call; answers the bytes filled. The records are read by the caller.
long sp_getdents(int fd, void *buffer, size_t size);

// pipe2(2) with O_CLOEXEC and O_NONBLOCK.
int sp_pipe(int ends[2]);

// copy_file_range(2) at the files' own positions; answers the bytes copied, 0 at the end.
long sp_copy_file_range(int input, int output, size_t size);

// sync_file_range(2) over the whole file with SYNC_FILE_RANGE_WRITE: starts writing, waits for nothing, promises
// nothing.
int sp_start_writing(int fd);

// Starts a detached thread; answers 0 or an errno. Source: pthread_create(3).
int sp_start_thread(void *(*body)(void *), void *argument);

// Names the calling thread, for top(1) and debuggers; at most 15 bytes count.
void sp_name_thread(const char *name);

// malloc_trim(3): gives the machine what was freed.
void sp_give_back_memory(void);

// The f_type of statfs(2): the kind of file system behind a descriptor.
int64_t sp_file_system_magic(int fd);

// Nanoseconds since boot, suspend included: the clock by which staleness is observed.
int64_t sp_boottime_ns(void);

// Nanoseconds since boot, suspend left out.
int64_t sp_monotonic_ns(void);

// 1 while something keeps the wall clock right, as the kernel knows from whoever does: adjtimex(2); else 0.
int sp_clock_is_kept(void);

// Takes whole blocks of 64 bytes into the eight words of a SHA-256 (FIPS 180-4, 6.2.2) by instructions of the processor;
// constants: the 64 words of 4.2.2. Answers 1, or 0 where the processor has none: nothing is done then.
int sp_sha256_blocks(uint32_t *state, const void *blocks, long count, const uint32_t *constants);

#endif
