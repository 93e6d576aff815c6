/* SPDX-License-Identifier: Apache-2.0
 *
 * One command on its way through the card, and what has been told to go wrong with it. */

#include "simulator.h"

#include <string.h>

void faults_clear(struct simulator *simulator)
{
    for (size_t at = 0; at < simulator->fault_count; at++) {
        bytes_free(&simulator->faults[at].answer);
    }
    simulator->fault_count = 0;
}

/* Whether the fault's turn has come with this command. */
static bool strikes(struct fault *fault, int instruction)
{
    if (fault->times == 0) return false;
    if (fault->instruction >= 0 && fault->instruction != instruction) return false;
    if (fault->skip > 0) {
        fault->skip--;
        return false;
    }
    fault->times--;
    return true;
}

static void drop_spent(struct simulator *simulator)
{
    size_t kept = 0;
    for (size_t at = 0; at < simulator->fault_count; at++) {
        struct fault *fault = &simulator->faults[at];
        if (fault->times > 0) {
            simulator->faults[kept++] = *fault;
        } else {
            bytes_free(&fault->answer);
        }
    }
    simulator->fault_count = kept;
}

static void vanish(struct simulator *simulator)
{
    log_event(simulator, "vanish");
    simulator_remove(simulator);
}

/* What of the faults that strike is left for after the command. */
struct outcome {
    bool answered, vanishes;
    size_t limit;
};

/* All that happens before the command is carried out. */
static void strike(struct simulator *simulator, struct fault *fault, struct outcome *outcome,
                   struct bytes *answer)
{
    struct session *session = &simulator->session;
    switch (fault->action) {
    case FAULT_VANISH_BEFORE: vanish(simulator); break;
    case FAULT_VANISH_AFTER: outcome->vanishes = true; break;
    case FAULT_STATUS:
        bytes_clear(answer);
        bytes_append_byte(answer, (uint8_t)(fault->number >> 8));
        bytes_append_byte(answer, (uint8_t)fault->number);
        outcome->answered = true;
        break;
    case FAULT_ANSWER:
        bytes_clear(answer);
        bytes_append(answer, fault->answer.data, fault->answer.count);
        outcome->answered = true;
        break;
    case FAULT_TRUNCATE: outcome->limit = fault->number; break;
    case FAULT_LOGOUT: session->pin_verified = session->pin_fresh = false; break;
    case FAULT_DESELECT: session_reset(session); break;
    case FAULT_DELAY: simulator_wait(simulator, fault->number); break;
    }
}

bool simulator_exchange(struct simulator *simulator, struct slice command,
                        struct bytes *answer)
{
    struct outcome outcome = {.limit = SIZE_MAX};
    uint8_t instruction = command.count > 1 ? command.data[1] : 0;
    log_append(simulator, '>', command);
    simulator->count++;
    simulator->counts[instruction]++;
    /* Faults that are told while one of them waits come after these. */
    size_t known = simulator->fault_count;
    for (size_t at = 0; at < known && at < simulator->fault_count; at++) {
        struct fault *fault = &simulator->faults[at];
        if (strikes(fault, instruction)) strike(simulator, fault, &outcome, answer);
        if (!simulator->inserted) break;
    }
    if (simulator->inserted && !outcome.answered) {
        struct context context = {.card = simulator->card,
                                  .session = &simulator->session,
                                  .quirks = &simulator->quirks,
                                  .touch = simulator_touch,
                                  .user = simulator};
        apdu_exchange(&context, command, answer);
    }
    drop_spent(simulator);
    if (simulator->inserted && outcome.vanishes) vanish(simulator);
    if (!simulator->inserted || simulator->link < 0) return false;
    if (answer->count > outcome.limit) answer->count = outcome.limit;
    log_append(simulator, '<', slice_of(answer));
    return true;
}
