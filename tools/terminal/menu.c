#define _POSIX_C_SOURCE 200809L

#include "menu.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "rand.h"
#include "sale.h"

static const char *const bold = "\033[1m", *const green = "\033[32m", *const red = "\033[31m";

/* Colour only where it is a screen that shows it. */
static void print_line(const char *colour, const char *text) {
    if (isatty(STDOUT_FILENO))
        printf("%s%s\033[0m\n", colour, text);
    else
        printf("%s\n", text);
}

/* False when the input has ended. A line too long for `size` is read to its end and counts as its beginning. */
static bool ask(const char *question, char *answer, size_t size) {
    printf("%s", question);
    fflush(stdout);
    if (fgets(answer, (int)size, stdin) == NULL) {
        printf("\n");
        return false;
    }
    size_t length = strcspn(answer, "\r\n");
    if (answer[length] == '\0')
        for (int c = getchar(); c != EOF && c != '\n';) c = getchar();
    answer[length] = '\0';
    return true;
}

/* False when the input has ended; an empty line cancels and leaves *cents at 0. */
static bool ask_amount(int64_t *cents) {
    char answer[64];
    *cents = 0;
    for (;;) {
        if (!ask("Amount in rand (nothing to cancel): ", answer, sizeof answer)) return false;
        if (answer[0] == '\0') {
            printf("Cancelled.\n");
            return true;
        }
        if (rand_read(answer, cents)) return true;
        printf("That is not an amount. Type rand such as 50 or 29.95, at most 100000.\n");
    }
}

static void sell(const struct vendgate_options *gate, const char *operation, int64_t cents) {
    char line[SALE_LINE_SIZE];
    enum vendgate_result result = sale_make(gate, operation, cents, NULL, line);
    print_line(result == VENDGATE_PERMITTED ? green : red, line);
    if (result == VENDGATE_PERMITTED && !sale_spends(operation)) printf("Balance: R1234.50 (a pretend balance)\n");
}

/* False when the input has ended. */
static bool enter_code(const struct vendgate_options *gate) {
    char code[VENDGATE_TYPED_MAX + 2], line[SALE_LINE_SIZE];
    if (!ask("Code that support reads out (nothing to cancel): ", code, sizeof code)) return false;
    if (code[0] == '\0')
        printf("Cancelled.\n");
    else
        print_line(sale_enter_code(gate, code, line) == 0 ? green : red, line);
    return true;
}

void menu_run(const struct vendgate_options *gate) {
    char line[SALE_LINE_SIZE], choice[16];
    for (;;) {
        bool known = sale_state_line(gate, line) == 0;
        printf("\n");
        print_line(known && strncmp(line, "unlocked", 8) == 0 ? green : red, line);
        print_line(bold, "1 Airtime   2 Deposit advance   3 Balance   4 Offline code   q Quit");
        if (!ask("> ", choice, sizeof choice)) return;
        int64_t cents;
        if (strcmp(choice, "1") == 0 || strcmp(choice, "2") == 0) {
            if (!ask_amount(&cents)) return;
            if (cents > 0) sell(gate, choice[0] == '1' ? "airtime_vend" : "deposit_advance", cents);
        } else if (strcmp(choice, "3") == 0) {
            sell(gate, "balance_enquiry", VENDGATE_NO_AMOUNT);
        } else if (strcmp(choice, "4") == 0) {
            if (!enter_code(gate)) return;
        } else if (strcmp(choice, "q") == 0 || strcmp(choice, "Q") == 0) {
            return;
        } else if (choice[0] != '\0') {
            printf("Type 1, 2, 3, 4 or q.\n");
        }
    }
}
