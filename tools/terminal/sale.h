/* One sale: ask the gate, then pretend to dispense or say why not. One line either way. */
#ifndef TERMINAL_SALE_H
#define TERMINAL_SALE_H

#include <stdbool.h>
#include <stdint.h>

#include "vendgate.h"

#define SALE_LINE_SIZE 1024

/* Whether a permission for this operation ends in a sale, with a receipt. */
bool sale_spends(const char *operation);

/* Fills `line` (without a newline) with what happened. */
enum vendgate_result sale_make(const struct vendgate_options *gate, const char *operation, int64_t amount_cents,
                               const char *reference, char line[SALE_LINE_SIZE]);

/* "unlocked, lease 3 min 59 s, connected" or what it is; returns what vendgate_state() returned. */
int sale_state_line(const struct vendgate_options *gate, char line[SALE_LINE_SIZE]);

/* Enters an offline code and says in one line what came of it; returns what vendgate_enter_code() returned. */
int sale_enter_code(const struct vendgate_options *gate, const char *code, char line[SALE_LINE_SIZE]);

#endif
