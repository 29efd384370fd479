/* The terminal as a person sees it: a menu, line by line. */
#ifndef TERMINAL_MENU_H
#define TERMINAL_MENU_H

#include "vendgate.h"

/* Until the person quits or the input ends. */
void menu_run(const struct vendgate_options *gate);

#endif
