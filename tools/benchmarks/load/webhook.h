// A webhook as WhatsApp sends it: one text, signed with the app's secret.
#ifndef VENDLOCK_BENCH_WEBHOOK_H
#define VENDLOCK_BENCH_WEBHOOK_H

#include <stddef.h>

enum { WEBHOOK = 2048 };

/// Writes the whole HTTP request of "Stop `account`" from `number` (digits without `+`) with a message id of its own, signed with `secret`.
/// Returns its length; `out` has room for WEBHOOK bytes.
size_t webhook_stop(char *out, int port, const char *secret, const char *number, const char *account);

#endif
