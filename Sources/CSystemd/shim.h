#pragma once
#include <dlfcn.h>
#include <errno.h>
#include <stdint.h>
#include <systemd/sd-bus.h>

// sd-bus is looked up when it is needed, not linked: its library and the five that it needs would cost the agent, which never calls them
// itself, memory at rest, and a terminal without systemd would have no agent. The types are those of the header.
struct vendlock_bus_library {
    __typeof__(&sd_bus_open_system) open_system;
    __typeof__(&sd_bus_process) process;
    __typeof__(&sd_bus_wait) wait;
    __typeof__(&sd_bus_is_ready) is_ready;
    __typeof__(&sd_bus_close_unref) close;
    __typeof__(&sd_bus_call) call;
    __typeof__(&sd_bus_error_free) error_free;
    __typeof__(&sd_bus_message_new_method_call) new_call;
    __typeof__(&sd_bus_message_set_auto_start) set_auto_start;
    __typeof__(&sd_bus_message_append_basic) append;
    __typeof__(&sd_bus_message_unref) unref;
    __typeof__(&sd_bus_message_peek_type) peek;
    __typeof__(&sd_bus_message_read_basic) read;
    __typeof__(&sd_bus_message_enter_container) enter;
    __typeof__(&sd_bus_message_exit_container) leave;
    __typeof__(&sd_bus_message_skip) skip;
};

// Function pointers cannot be cast to `void **` in Swift. 0, or -1 when the library or one of these is missing.
static inline int vendlock_bus_load(struct vendlock_bus_library *bus) {
    void *library = dlopen("libsystemd.so.0", RTLD_NOW | RTLD_LOCAL);
    if (!library) return -1;
    const struct { void **place; const char *name; } functions[] = {
        {(void **)&bus->open_system, "sd_bus_open_system"},
        {(void **)&bus->process, "sd_bus_process"},
        {(void **)&bus->wait, "sd_bus_wait"},
        {(void **)&bus->is_ready, "sd_bus_is_ready"},
        {(void **)&bus->close, "sd_bus_close_unref"},
        {(void **)&bus->call, "sd_bus_call"},
        {(void **)&bus->error_free, "sd_bus_error_free"},
        {(void **)&bus->new_call, "sd_bus_message_new_method_call"},
        {(void **)&bus->set_auto_start, "sd_bus_message_set_auto_start"},
        {(void **)&bus->append, "sd_bus_message_append_basic"},
        {(void **)&bus->unref, "sd_bus_message_unref"},
        {(void **)&bus->peek, "sd_bus_message_peek_type"},
        {(void **)&bus->read, "sd_bus_message_read_basic"},
        {(void **)&bus->enter, "sd_bus_message_enter_container"},
        {(void **)&bus->leave, "sd_bus_message_exit_container"},
        {(void **)&bus->skip, "sd_bus_message_skip"},
    };
    for (unsigned long i = 0; i < sizeof functions / sizeof *functions; i++)
        if (!(*functions[i].place = dlsym(library, functions[i].name))) return -1;
    return 0;
}

static inline int vendlock_bus_open(const struct vendlock_bus_library *library, sd_bus **bus) { return library->open_system(bus); }
static inline int vendlock_bus_process(const struct vendlock_bus_library *library, sd_bus *bus) { return library->process(bus, NULL); }
static inline int vendlock_bus_wait(const struct vendlock_bus_library *library, sd_bus *bus, uint64_t usec) { return library->wait(bus, usec); }
static inline int vendlock_bus_is_ready(const struct vendlock_bus_library *library, sd_bus *bus) { return library->is_ready(bus); }
static inline void vendlock_bus_close(const struct vendlock_bus_library *library, sd_bus *bus) { library->close(bus); }

// A call that does not start its service, ready for arguments.
static inline int vendlock_bus_new_call(const struct vendlock_bus_library *library, sd_bus *bus, sd_bus_message **call, const char *service,
                                        const char *path, const char *interface, const char *member) {
    int result = library->new_call(bus, call, service, path, interface, member);
    return result < 0 ? result : library->set_auto_start(*call, 0);
}
static inline int vendlock_bus_append(const struct vendlock_bus_library *library, sd_bus_message *call, char type, const void *value) {
    return library->append(call, type, value);
}
// The error's name, at most `size` bytes with its NUL, when the service answered with one.
static inline int vendlock_bus_call(const struct vendlock_bus_library *library, sd_bus *bus, sd_bus_message *call, uint64_t usec,
                                    char *name, unsigned long size, sd_bus_message **reply) {
    sd_bus_error error = SD_BUS_ERROR_NULL;
    int result = library->call(bus, call, usec, &error, reply);
    if (size) name[0] = 0;
    for (unsigned long i = 0; error.name && i + 1 < size; i++) {
        name[i] = error.name[i];
        name[i + 1] = 0;
        if (!error.name[i]) break;
    }
    library->error_free(&error);
    return result;
}
static inline void vendlock_bus_unref(const struct vendlock_bus_library *library, sd_bus_message *message) { library->unref(message); }
static inline int vendlock_bus_peek(const struct vendlock_bus_library *library, sd_bus_message *message, char *type, const char **contents) {
    return library->peek(message, type, contents);
}
static inline int vendlock_bus_read(const struct vendlock_bus_library *library, sd_bus_message *message, char type, void *value) {
    return library->read(message, type, value);
}
static inline int vendlock_bus_enter(const struct vendlock_bus_library *library, sd_bus_message *message, char type, const char *contents) {
    return library->enter(message, type, contents);
}
static inline int vendlock_bus_leave(const struct vendlock_bus_library *library, sd_bus_message *message) { return library->leave(message); }
static inline int vendlock_bus_skip(const struct vendlock_bus_library *library, sd_bus_message *message, const char *types) {
    return library->skip(message, types);
}
