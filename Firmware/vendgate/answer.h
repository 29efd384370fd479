/* What a reply of the gate says. Pure: text in, result out. */
#ifndef VENDGATE_ANSWER_H
#define VENDGATE_ANSWER_H

#include "vendgate.h"

/* `out` holds no permission on entry; on any result but VENDGATE_PERMITTED it holds none on return. */
enum vendgate_result vg_read_decision(const char *reply, size_t length, struct vendgate_decision *out);

/* 0, VENDGATE_USAGE or VENDGATE_NO_ANSWER. After a failure `out` may be half filled: the caller clears it. */
int vg_read_state(const char *reply, size_t length, struct vendgate_state *out);

/*
 * 0 when the code was accepted, VENDGATE_REFUSED, VENDGATE_USAGE or VENDGATE_NO_ANSWER. After the last two `out` may be
 * half filled: the caller clears it.
 */
int vg_read_code_answer(const char *reply, size_t length, struct vendgate_code_answer *out);

#endif
