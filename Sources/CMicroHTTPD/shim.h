#pragma once
#include <microhttpd.h>
#include <stdio.h>

// Where MHD's diagnostics go: formatted here, because Swift cannot take a va_list callback.
struct vendlock_mhd_sink {
    void (*write)(void *context, const char *line);
    void *context;
};

static inline void vendlock_mhd_log(void *sink, const char *format, va_list arguments) {
    char line[512];
    vsnprintf(line, sizeof line, format, arguments);
    struct vendlock_mhd_sink *to = (struct vendlock_mhd_sink *)sink;
    to->write(to->context, line);
}

// The logger as the option array wants it: an integer.
static inline intptr_t vendlock_mhd_logger(void) { return (intptr_t)&vendlock_mhd_log; }

// MHD_start_daemon is variadic, which Swift cannot call; everything travels in the option array.
static inline struct MHD_Daemon *vendlock_mhd_start(unsigned int flags, MHD_AcceptPolicyCallback accept, void *accept_context,
                                                    MHD_AccessHandlerCallback handle, void *handle_context,
                                                    struct MHD_OptionItem *options) {
    return MHD_start_daemon(flags, 0, accept, accept_context, handle, handle_context, MHD_OPTION_ARRAY, options, MHD_OPTION_END);
}

// MHD_get_connection_info is variadic: one wrapper for each thing asked.
static inline int vendlock_mhd_socket(struct MHD_Connection *connection) {
    return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
}

static inline const struct sockaddr *vendlock_mhd_address(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    return info == NULL ? NULL : info->client_addr;
}

static inline void *vendlock_mhd_context(struct MHD_Connection *connection) {
    return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
}
