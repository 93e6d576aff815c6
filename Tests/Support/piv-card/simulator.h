/* SPDX-License-Identifier: Apache-2.0
 *
 * The card in its surroundings: a reader it is put into (link.c), those who control it (control.c),
 * and the user's finger. One thread; whoever waits lets the control sockets be served meanwhile. */

#ifndef PIV_CARD_SIMULATOR_H
#define PIV_CARD_SIMULATOR_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* accept4 */
#endif

#include "application.h"

#include <netinet/in.h>

enum {
    CLIENT_LIMIT = 16,
    FAULT_LIMIT = 32,
    LOG_LIMIT = 8192, /* entries; older ones go */
    LINE_LIMIT = 65536,
};

enum fault_action {
    FAULT_VANISH_BEFORE, /* the card is out before it has done anything */
    FAULT_VANISH_AFTER,  /* the card does it, and is out before it answers */
    FAULT_STATUS,        /* a status word instead of doing it */
    FAULT_ANSWER,        /* any bytes instead of doing it */
    FAULT_TRUNCATE,      /* does it, and answers the first bytes alone */
    FAULT_LOGOUT,        /* the PIN is no longer verified */
    FAULT_DESELECT,      /* another application has been selected */
    FAULT_DELAY,         /* milliseconds before it is done */
};

/* What is to go wrong with a command that is yet to come. */
struct fault {
    enum fault_action action;
    int instruction; /* -1: any */
    unsigned skip;   /* commands that match and pass before the first one */
    unsigned times;  /* how often; 0: no more */
    unsigned number; /* status word, bytes, milliseconds */
    struct bytes answer;
};

enum awaited { AWAIT_NOTHING, AWAIT_SEEN, AWAIT_TOUCH, AWAIT_COUNT };

struct client {
    int socket; /* -1: free */
    struct bytes line;
    enum awaited awaited;
    int instruction; /* of AWAIT_COUNT; -1: all */
    unsigned long count;
};

struct entry {
    char kind; /* > from the reader, < to it, * what happened */
    struct bytes bytes;
};

enum touch_mode { TOUCH_BY_COMMAND, TOUCH_BY_ITSELF, TOUCH_NOT_AT_ALL };

struct simulator {
    struct card *card;
    struct session session;
    struct quirks quirks;
    char *authority; /* NULL: beside each card's file */
    struct version firmware; /* of cards that are made, and their serial number; 0: random */
    uint32_t serial;

    int listener; /* -1: the card connects to vpcd */
    struct sockaddr_in vpcd;
    int link; /* -1: no reader */
    bool connecting;
    struct bytes inbox;
    int64_t next_attempt;
    bool inserted, insertion_wanted;
    char *next_path; /* of the card that is inserted next; NULL: the same */
    bool powered;    /* the reader has switched the card on … */
    int64_t seen_at; /* … asked for the ATR, and must have told of the card by then; 0: not yet */

    enum touch_mode touch_mode;
    int touch_delay, touch_limit; /* milliseconds */
    bool touch_awaited, touched;

    struct fault faults[FAULT_LIMIT];
    size_t fault_count;
    unsigned long count, counts[256]; /* commands, all and by instruction */

    int control;
    struct client clients[CLIENT_LIMIT];
    struct entry log[LOG_LIMIT];
    size_t log_start, log_count;
};

/* link.c */
/* Serves what comes, for so many milliseconds at most; without the reader where it isn't wanted. */
void simulator_turn(struct simulator *simulator, int64_t wait, bool with_reader);
void simulator_remove(struct simulator *simulator);
void simulator_insert(struct simulator *simulator);
/* Opens a card's file in place of what is there. */
bool simulator_open_card(struct simulator *simulator, const char *path);
/* Waits for a touch as it is set; the `touch` of a context. */
bool simulator_touch(void *user);
void simulator_wait(struct simulator *simulator, int64_t milliseconds);

/* faults.c: carries out a command, with what is to go wrong. False: there is no answer. */
bool simulator_exchange(struct simulator *simulator, struct slice command,
                        struct bytes *answer);
void faults_clear(struct simulator *simulator);

/* control.c */
bool control_listen(struct simulator *simulator, const char *path);
void control_accept(struct simulator *simulator);
void control_serve(struct simulator *simulator, struct client *client);
/* Answers those whose waiting is over. */
void control_notify(struct simulator *simulator);

/* log.c */
void log_append(struct simulator *simulator, char kind, struct slice bytes);
void log_event(struct simulator *simulator, const char *text);
void log_clear(struct simulator *simulator);

/* commands.c: carries out a line of the control language, and appends the answer's text. */
void control_line(struct simulator *simulator, struct client *client, char *line,
                  struct bytes *reply);
/* quirks.c: false where there is no such quirk or value. */
bool quirk_set(struct quirks *quirks, const char *name, const char *value);

#endif
