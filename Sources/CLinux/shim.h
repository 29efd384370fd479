#pragma once
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <malloc.h>
#include <pthread.h>
#include <grp.h>
#include <locale.h>
#include <netinet/in.h>
#include <poll.h>
#include <pwd.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/types.h>
#include <sys/un.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

// `errno` is a macro over a function call, which Swift does not import.
static inline int vendlock_errno(void) { return errno; }

// strerror_r(3) has two forms, chosen by _GNU_SOURCE; strerror_l(3) has one and is as safe between threads.
static inline void vendlock_strerror(int code, char *buffer, size_t size) {
    locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    const char *text = plain ? strerror_l(code, plain) : "unknown error";
    strncpy(buffer, text, size - 1);
    buffer[size - 1] = 0;
    if (plain) freelocale(plain);
}

// open(2) is variadic, which Swift does not import.
static inline int vendlock_open(const char *path, int flags, unsigned int mode) {
    return open(path, flags, (mode_t)mode);
}

// S_ISSOCK is a function-like macro.
static inline int vendlock_is_socket(const struct stat *status) { return S_ISSOCK(status->st_mode); }

// S_ISDIR is a function-like macro.
static inline int vendlock_is_directory(const struct stat *status) { return S_ISDIR(status->st_mode); }

// The type of `f_type` differs between architectures. The numbers are those of linux/magic.h. -1 when the file cannot be looked at.
static inline int vendlock_is_in_memory(const char *path) {
    struct statfs status;
    if (statfs(path, &status) != 0) return -1;
    return (unsigned int)status.f_type == 0x01021994u /* TMPFS_MAGIC */ || (unsigned int)status.f_type == 0x858458f6u /* RAMFS_MAGIC */;
}

// `sun_path` is a fixed array, a tuple of 108 in Swift. Returns -1 when the path does not fit.
static inline int vendlock_unix_address(struct sockaddr_un *address, const char *path) {
    size_t length = strlen(path);
    if (length == 0 || length >= sizeof address->sun_path) return -1;
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    memcpy(address->sun_path, path, length);
    return 0;
}

// connect(2) and bind(2) take `struct sockaddr *`; the cast is shorter here than in Swift.
static inline int vendlock_unix_connect(int fd, const struct sockaddr_un *address) {
    return connect(fd, (const struct sockaddr *)address, sizeof *address);
}
static inline int vendlock_unix_bind(int fd, const struct sockaddr_un *address) {
    return bind(fd, (const struct sockaddr *)address, sizeof *address);
}

// `struct ucred` and accept4(2) are hidden unless _GNU_SOURCE is defined, which depends on the importer.
struct vendlock_peer { int pid; unsigned int uid; unsigned int gid; };
static inline int vendlock_peer_credentials(int fd, struct vendlock_peer *peer) {
    socklen_t length = sizeof *peer;
    return getsockopt(fd, SOL_SOCKET, 17 /* SO_PEERCRED, asm-generic/socket.h */, peer, &length);
}

// `struct epoll_event` is packed and holds a union: two plain numbers each way.
static inline int vendlock_epoll_ctl(int poller, int operation, int fd, unsigned int events, unsigned long long token) {
    struct epoll_event event;
    event.events = events;
    event.data.u64 = token;
    return epoll_ctl(poller, operation, fd, &event);
}
static inline unsigned int vendlock_epoll_events(const struct epoll_event *event) { return event->events; }
static inline unsigned long long vendlock_epoll_token(const struct epoll_event *event) { return event->data.u64; }

// The EPOLL flags are an enum whose imported type differs between Glibc versions.
enum { VENDLOCK_EPOLLIN = EPOLLIN, VENDLOCK_EPOLLOUT = EPOLLOUT, VENDLOCK_EPOLLHUP = EPOLLHUP, VENDLOCK_EPOLLERR = EPOLLERR };

// The flags of these are enums too: one call each, always close-on-exec and non-blocking.
static inline int vendlock_epoll(void) { return epoll_create1(EPOLL_CLOEXEC); }
static inline int vendlock_eventfd(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }
static inline int vendlock_signalfd(const sigset_t *signals) { return signalfd(-1, signals, SFD_CLOEXEC | SFD_NONBLOCK); }
static inline int vendlock_timerfd(void) { return timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK); }
static inline int vendlock_timerfd_at(int fd, long long seconds, long nanoseconds) {
    struct itimerspec when = {.it_value = {.tv_sec = seconds, .tv_nsec = nanoseconds}};
    return timerfd_settime(fd, TFD_TIMER_ABSTIME, &when, NULL);
}

// Unix stream sockets, close-on-exec; SOCK_STREAM is an enum.
static inline int vendlock_unix_socket(int nonblocking) {
    return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | (nonblocking ? SOCK_NONBLOCK : 0), 0);
}
static inline int vendlock_unix_pair(int pair[2]) {
    return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair);
}
// The datagram socket of sd_notify(3): an address that begins with '@' is abstract, its first byte NUL, and as long as its name. Never waits
// for room. Returns what connect(2) does, ENAMETOOLONG and EAFNOSUPPORT as the manual has them.
static inline int vendlock_notify_socket(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t length = strlen(path);
    if (path[0] != '/' && path[0] != '@') { errno = EAFNOSUPPORT; return -1; }
    if (length < 2 || length >= sizeof address.sun_path) { errno = ENAMETOOLONG; return -1; }
    memcpy(address.sun_path, path, length);
    if (path[0] == '@') address.sun_path[0] = 0;
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return -1;
    if (connect(fd, (const struct sockaddr *)&address, offsetof(struct sockaddr_un, sun_path) + length) == 0) return fd;
    int saved = errno;
    close(fd);
    errno = saved;
    return -1;
}
// prctl(2) is variadic, and the resources of setrlimit(2) are an enum.
static inline int vendlock_not_dumpable(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }
static inline int vendlock_no_core(void) {
    const struct rlimit none = {0, 0};
    return setrlimit(RLIMIT_CORE, &none);
}
// TCP: the addresses of both families are cast to `struct sockaddr *`, and the socket types are enums. Begins to connect to a numeric
// address without waiting; -1 when that fails at once.
static inline int vendlock_tcp_connect(const char *host, unsigned short port) {
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(port)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
    int is_v4 = inet_pton(AF_INET, host, &v4.sin_addr) == 1;
    if (!is_v4 && inet_pton(AF_INET6, host, &v6.sin6_addr) != 1) {
        errno = EINVAL;
        return -1;
    }
    int fd = socket(is_v4 ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return -1;
    int result = is_v4 ? connect(fd, (const struct sockaddr *)&v4, sizeof v4)
                          : connect(fd, (const struct sockaddr *)&v6, sizeof v6);
    if (result == 0 || errno == EINPROGRESS) return fd;
    int saved = errno;
    close(fd);
    errno = saved;
    return -1;
}
// What became of a connect that did not wait.
static inline int vendlock_socket_error(int fd, int *code) {
    socklen_t length = sizeof *code;
    return getsockopt(fd, SOL_SOCKET, SO_ERROR, code, &length);
}
static inline int vendlock_accept(int fd) {
    int stream = accept(fd, NULL, NULL);
    if (stream < 0) return -1;
    if (fcntl(stream, F_SETFD, FD_CLOEXEC) < 0 || fcntl(stream, F_SETFL, O_NONBLOCK) < 0) {
        int saved = errno;
        close(stream);
        errno = saved;
        return -1;
    }
    return stream;
}

/// sched_getaffinity(2) and CPU_COUNT are hidden unless _GNU_SOURCE is defined, so the system call is made itself: it gives the length of
/// its mask in bytes. 0 when it fails (more than 1024 cores).
static inline int vendlock_usable_cores(void) {
    unsigned long mask[16] = {0};
    long length = syscall(SYS_sched_getaffinity, 0, sizeof mask, mask);
    int cores = 0;
    for (long word = 0; word < length / (long)sizeof *mask; word++) cores += __builtin_popcountl(mask[word]);
    return cores;
}

// A netlink socket for changes of links, addresses and routes. `struct sockaddr_nl` needs a cast, as other addresses do.
static inline int vendlock_netlink_watch(void) {
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
    if (fd < 0) return -1;
    struct sockaddr_nl address;
    memset(&address, 0, sizeof address);
    address.nl_family = AF_NETLINK;
    address.nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR | RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE;
    if (bind(fd, (struct sockaddr *)&address, sizeof address) == 0) return fd;
    int error = errno;
    close(fd);
    errno = error;
    return -1;
}
// The next datagram of the kernel; one of another process (its port is not 0) counts as empty.
static inline ssize_t vendlock_netlink_read(int fd, void *bytes, size_t size) {
    struct sockaddr_nl sender;
    socklen_t length = sizeof sender;
    ssize_t count = recvfrom(fd, bytes, size, 0, (struct sockaddr *)&sender, &length);
    return count > 0 && sender.nl_pid != 0 ? 0 : count;
}

// A serial port as a terminal without any processing: 8 bits, no parity, 115200, no wait for a carrier, nobody else may open it. The speed and
// the flags are macros, and ioctl(2) is variadic. -1 when it is no terminal, or somebody has it.
static inline int vendlock_serial(const char *path) {
    int fd = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) return -1;
    struct termios settings;
    if (tcgetattr(fd, &settings) == 0 && ioctl(fd, TIOCEXCL) == 0) {
        cfmakeraw(&settings);
        settings.c_cflag |= CLOCAL | CREAD;
        settings.c_cflag &= ~(tcflag_t)(CSTOPB | CRTSCTS | HUPCL);
        settings.c_cc[VMIN] = 1;
        settings.c_cc[VTIME] = 0;
        if (cfsetspeed(&settings, B115200) == 0 && tcsetattr(fd, TCSANOW, &settings) == 0 && tcflush(fd, TCIOFLUSH) == 0) return fd;
    }
    int saved = errno;
    close(fd);
    errno = saved;
    return -1;
}

// Starts a program with `output` as its standard output, nothing to read, our standard error and no signal blocked. The types of posix_spawn(3)
// are opaque in Swift. 0, or an error number.
static inline int vendlock_spawn(const char *path, char *const words[], char *const environment[], int output, int *child) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none;
    sigemptyset(&none);
    int code = posix_spawn_file_actions_init(&actions);
    if (code) return code;
    code = posix_spawnattr_init(&attributes);
    if (!code) {
        code = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
        if (!code) code = posix_spawn_file_actions_adddup2(&actions, output, 1);
        if (!code) code = posix_spawnattr_setsigmask(&attributes, &none);
        if (!code) code = posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
        pid_t process = -1;
        if (!code) code = posix_spawn(&process, path, &actions, &attributes, words, environment);
        *child = process;
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&actions);
    return code;
}

// `environ` is a mutable global, which Swift 6 does not let be read.
static inline char *const *vendlock_environment(void) { extern char **environ; return environ; }
