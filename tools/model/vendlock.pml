/*
 * The protocol between one terminal and its server: who may spend, and what the server may believe.
 *
 * Each step of the terminal has the name it has in Sources/AgentCore: an event of Event.swift comes in, the function of the same
 * name decides, an effect of Effect.swift goes out. README.md, beside this file, says what is left out and how to read a run.
 *
 * Compiled once for each property (P1 ... P6), each with only the parts it speaks of:
 *   TIME     leases that run out
 *   ACKS     what the server writes down of deliveries and acknowledgements
 *   CALM     from some moment on, the network delivers and nothing fails
 *   PROMPT   no answers from an old memory
 *   MENDED   an acknowledgement counts for a lock only below the revision of its release (README.md, "What it found")
 *   TRACES   the steps of the clocks that change nothing, for the traces
 */
#ifndef CHANGES
#define CHANGES 3                       /* how often staff change something */
#endif
#ifndef MEMORY
#define MEMORY 3                        /* how many of the terminal's requests the network remembers, the newest first */
#endif
#define TTL 2                           /* what a lease runs, in ticks from the sending of its request */
#define TOP (1 + CHANGES)               /* the highest revision there can be; the server begins at 1, a new terminal at 0 */

#define NIL 12                          /* no value */
#define UNCERTAIN_OPEN 13               /* LockMemory.Disk.uncertain(mayBeLocked: false) */
#define UNCERTAIN_LOCKED 14             /* LockMemory.Disk.uncertain(mayBeLocked: true) */
#define UNREADABLE 15
#define CONNECT 14                      /* in place of a poll's `after`: the request is a connection */

#define BIT(r) (1 << (r))
#define UPTO(r) ((2 << (r)) - 1)        /* the set of all revisions up to r */
#define MAX(a, b) ((a) > (b) -> (a) : (b))
/* A state is known by its revision: the server never gives one revision to two states. */
#define LOCKED(r) ((history >> (r)) & 1)

mtype = { off, connecting, polling, storing, waiting }

/* ---- the terminal: memory (lost at each kill) ---- */
mtype link = off;                       /* Link, without unenrolled and stopped */
bit session;                            /* Link.session: there is one */
bit proven;                             /* Link.Session.isProven */
bit refusedBefore;                      /* refusedSessions.failures > 0 */
bit paused;                             /* pause > 0 */
byte known = NIL;                       /* LockMemory.disk: a revision, UNCERTAIN_..., UNREADABLE */
byte enforced = NIL;                    /* LockMemory.enforced: a revision, NIL */
byte wanted = NIL;                      /* LockMemory.wanted */
byte highest;                           /* LockMemory.highest */
byte acknowledged;                      /* LockMemory.acknowledged */
byte storeRetryAt;                      /* 0: nil, 1: to come, 2: has come */
bit writing;                            /* the shell is performing storeState: no event comes in before its outcome */
/* ---- the terminal: flash (kept) ---- */
byte disk;                              /* a revision, UNREADABLE */

/* ---- the network: it keeps what was sent, and delivers any of it, at any time, as often as it likes, or never ---- */
byte asked[MEMORY] = NIL;               /* requests: a poll's `after`, CONNECT, NIL. The place is the nonce: 0 is the newest */
byte answers[MEMORY];                   /* to each nonce, the set of revisions that leases were signed for */

/* ---- the server: what is committed (kept) ---- */
byte revision = 1;
byte history;                           /* the set of revisions at which the terminal is locked */
byte standing;                          /* holds not released, each known by the revision that placed it */
byte changes;

#ifdef TIME
byte age[MEMORY];                       /* of each nonce: ticks since its request was sent, up to TTL */
byte lease;                             /* Lease.remaining, in ticks; 0: run out, or none */
#endif
#ifdef ACKS
byte placed, delivered, confirmed;      /* deliveries: all, with delivered_at, with enforced_at */
byte received;                          /* the set of nonces whose request the server has: parked, or being answered */
byte toDeliver, toConfirm;              /* writeLater: not committed, lost with the process */
#endif
#ifdef MENDED
byte releasedAt[TOP + 1];               /* of each hold the revision that released it, 0: it stands */
#endif
#ifdef CALM
bit calm;
#define TROUBLE (!calm)
#else
#define TROUBLE true
#endif
/* A walk at random would be all kills: in traces, what is rare in life waits for its turn. */
#ifdef TRACES
short step;
#define ATTIMES(n) (step % (n) == 0)
#else
#define ATTIMES(n) true
#endif

/* ---- what only the proof knows ---- */
#ifdef P1
byte left;                              /* ticks until TTL has passed since the request of the newest accepted lease was sent */
#endif
#ifdef P2
byte lockStored;                        /* the newest lock that the flash ever held; 0 after damage: then everything is refused */
byte lockTaken;                         /* the newest lock accepted since the start */
#endif
#ifdef P3
byte lockEver;                          /* the newest lock that the flash ever held */
#endif
#ifdef P5
bit lockedAtBoot;                       /* the flash held a lock at the start, or was unreadable, and nothing newer is stored yet */
#endif

/* Terminal+Gate.standing */
#define OPEN (link != off && enforced != NIL && !LOCKED(enforced))
#ifdef TIME
#define PERMITS (OPEN && lease > 0)
#else
#define PERMITS OPEN                    /* as if leases never ran out: what holds then, holds with them */
#endif

inline noteStored(r) {
#ifdef P2
    if :: LOCKED(r) -> lockStored = MAX(lockStored, r) :: else fi;
#endif
#ifdef P3
#ifdef STATES
#define COUNTS(r) true                  /* what the acknowledgement says by itself: a state of that revision or newer */
#else
#define COUNTS(r) LOCKED(r)
#endif
    if :: COUNTS(r) -> lockEver = MAX(lockEver, r) :: else fi;
#endif
    skip
}

/* After each step. */
inline check() {
#ifdef P1
    assert(!PERMITS || left > 0);
#endif
#ifdef P2
    assert(!PERMITS || (enforced >= lockStored && enforced >= lockTaken));
#endif
#ifdef P3
    assert((confirmed & ~UPTO(lockEver)) == 0);
#endif
#ifdef P5
    assert(!lockedAtBoot || !OPEN);
#endif
    skip
}

/* The end of a printed line: what the terminal has decided. */
inline shown() {
#ifdef TRACES
    step++;
#endif
    printf(" : %e ", link);
    if
    :: link == off -> printf("off")
    :: link != off && enforced == NIL -> printf("unreadable")
    :: link != off && enforced != NIL && LOCKED(enforced) -> printf("locked")
    :: PERMITS -> printf("permits")
    :: OPEN && !PERMITS -> printf("over")
    fi;
    printf(" %d %d\n", highest, acknowledged);
    check()
}

/* ---- effects ---- */

inline newNonce(what) {
    newer = MEMORY - 1;
    do
    :: newer > 0 ->
        asked[newer] = asked[newer - 1];
        answers[newer] = answers[newer - 1];
#ifdef TIME
        age[newer] = age[newer - 1];
#endif
        newer--
    :: else -> break
    od;
    asked[0] = what;
    answers[0] = 0;
#ifdef TIME
    age[0] = 0;
#endif
#ifdef ACKS
    received = (received << 1) & (UPTO(MEMORY - 1));
#endif
    newer = 0
}

inline storeState() {
    writing = 1;
    printf(" > storeState %d %d", wanted, LOCKED(wanted))
}

/* ---- Terminal+Link ---- */

inline connect() {
    session = 0;
    proven = 0;
    newNonce(CONNECT);
    link = connecting;
    printf(" > connect")
}

inline poll() {
    newNonce(acknowledged);
    link = polling;
    printf(" > poll %d", acknowledged)
}

inline proceed() {
    if
    :: session -> poll()
    :: else -> connect()
    fi
}

inline follow() {
    if
    :: paused -> paused = 0; link = waiting
    :: else -> proceed()
    fi
}

inline refuse() { link = waiting }

inline pollFailed() {
    if
    :: proven && !refusedBefore -> refusedBefore = 1; connect()
    :: else -> refusedBefore = 1; session = 0; proven = 0; link = waiting
    fi
}

/* ---- LockMemory ---- */

#define MAYBELOCKED (known == UNREADABLE || known == UNCERTAIN_LOCKED || (known <= TOP && LOCKED(known)))

inline accept(r) {
    highest = MAX(highest, r);
    if
    :: known == r -> enforced = r; wanted = NIL
    :: else ->
        wanted = r;
        if
        :: LOCKED(r) || !MAYBELOCKED -> enforced = r
        :: else
        fi
    fi
}

inline stored() {
    storeRetryAt = 0;
    if
    :: wanted != NIL ->
        known = wanted;
        enforced = wanted;
        acknowledged = MAX(acknowledged, wanted);
        wanted = NIL
    :: else
    fi
}

inline storeFailed() {
    if
    :: wanted != NIL -> known = (MAYBELOCKED || LOCKED(wanted) -> UNCERTAIN_LOCKED : UNCERTAIN_OPEN)
    :: else
    fi;
    storeRetryAt = 1
}

/* ---- Terminal+Lease ---- */

/* A lease of nonce n and revision r; `slow`: the pace asks for a pause. */
inline take(n, r, slow) {
    if
    :: n != 0 || r < highest -> refuse()
    :: else ->
        if
        :: link == polling -> proven = 1; refusedBefore = 0
        :: else -> session = 1
        fi;
#ifdef TIME
        lease = TTL - age[0];
#endif
#ifdef P1
        left = TTL - age[n];
#endif
#ifdef P2
        if :: LOCKED(r) -> lockTaken = MAX(lockTaken, r) :: else fi;
#endif
        paused = slow;
        accept(r);
        storeRetryAt = 0;
        if
        :: wanted != NIL -> link = storing; storeState()
        :: else -> follow()
        fi
    fi
}

/* settle, retryStore */
inline settle() {
    if
    :: storeRetryAt == 2 && wanted != NIL && link != storing -> storeRetryAt = 1; storeState()
    :: else
    fi
}

#define LISTENS (link != off && !writing)
#define ASKING (link == connecting || link == polling)

inline answered(n, r, slow) {
    if
    :: link == connecting -> printf("connectionAnswered %d %d %d %d", n, r, LOCKED(r), slow); take(n, r, slow)
    :: link == polling -> printf("pollAnswered %d %d %d %d", n, r, LOCKED(r), slow); take(n, r, slow)
    :: else -> printf("pollAnswered %d %d %d %d", n, r, LOCKED(r), slow)        /* late: changes nothing */
    fi;
    settle();
    shown()
}

/* ---- the terminal by itself ---- */

proctype Terminal() {
    byte newer;
    do
    :: d_step { link == off ->
        printf("started %d %d", disk, (disk == UNREADABLE -> 0 : LOCKED(disk)));
        if
        :: disk == UNREADABLE -> known = UNREADABLE; enforced = NIL; highest = 0
        :: else -> known = disk; enforced = disk; highest = disk
        fi;
        acknowledged = highest;
#ifdef P5
        lockedAtBoot = (disk == UNREADABLE || LOCKED(disk));
#endif
        connect();
        shown() }
    :: d_step { LISTENS && link == waiting ->
        printf("timerFired wait");
        proceed();
        settle();
        shown() }
    :: d_step { LISTENS && wanted != NIL && storeRetryAt == 1 ->
        printf("timerFired store");
        storeRetryAt = 2;
        settle();
        shown() }
    od
}

/* ---- its flash ---- */

inline outcome() {
    if
    :: link == storing -> follow()
    :: else
    fi;
    settle();
    shown()
}

proctype Flash() {
    byte newer;
    do
    :: d_step { writing ->
        printf("stateStored");
        writing = 0;
        disk = wanted;
        noteStored(disk);
#ifdef P5
        lockedAtBoot = 0;
#endif
        stored();
        outcome() }
    :: d_step { writing && TROUBLE && ATTIMES(3) ->   /* refused, and the file is as it was */
        printf("stateStoreFailed");
        writing = 0;
        storeFailed();
        outcome() }
    :: d_step { writing && TROUBLE && ATTIMES(3) ->   /* refused after the file was renamed: fsync of the directory */
        printf("stateStoreFailed");
        writing = 0;
        disk = wanted;
        noteStored(disk);
#ifdef P5
        lockedAtBoot = 0;
#endif
        storeFailed();
        outcome() }
    od
}

/* ---- kills and reboots, at any step; also between accepting and storing, and in the middle of a write ---- */

inline forget() {
    link = off;
    session = 0; proven = 0; refusedBefore = 0; paused = 0;
    known = NIL; enforced = NIL; wanted = NIL; highest = 0; acknowledged = 0;
    storeRetryAt = 0; writing = 0;
#ifdef TIME
    lease = 0;
#endif
#ifdef P2
    lockTaken = 0;
#endif
#ifdef P5
    lockedAtBoot = 0;
#endif
    shown()
}

proctype Power() {
    do
    :: d_step { link != off && TROUBLE && ATTIMES(19) -> /* the agent only: CLOCK_BOOTTIME goes on */
        printf("killed");
        forget() }
    :: d_step { link != off && TROUBLE && ATTIMES(17) -> /* CLOCK_BOOTTIME starts again at zero */
        printf("rebooted");
        forget() }
    :: d_step { writing && TROUBLE && ATTIMES(7) -> /* the write had come far enough */
        printf("killed");
        disk = wanted;
        noteStored(disk);
        forget() }
    :: d_step { disk != UNREADABLE && link == off && TROUBLE && ATTIMES(23) ->
        disk = UNREADABLE;
#ifdef P2
        lockStored = 0;
#endif
        printf("flash: damaged\n") }
    od
}

/* ---- the network ---- */

#define DELIVER(n, r) :: d_step { LISTENS && (answers[n] & BIT(r)) && (TROUBLE || n == 0 && ASKING) -> answered(n, r, 0) }
#define DELIVERSLOW(r) :: d_step { LISTENS && ASKING && (answers[0] & BIT(r)) && TROUBLE && UNAGED -> answered(0, r, 1) }
#ifdef TIME
#define UNAGED (age[0] == 0)            /* an answer that took its time is no reason for a pause */
#else
#define UNAGED true
#endif

proctype Network() {
    byte newer;
    do
    DELIVER(0, 1) DELIVER(0, 2) DELIVER(0, 3) DELIVER(0, 4)
    DELIVERSLOW(1) DELIVERSLOW(2) DELIVERSLOW(3) DELIVERSLOW(4)
#if MEMORY > 1
    DELIVER(1, 1) DELIVER(1, 2) DELIVER(1, 3) DELIVER(1, 4)
#endif
#if MEMORY > 2
    DELIVER(2, 1) DELIVER(2, 2) DELIVER(2, 3) DELIVER(2, 4)
#endif
    :: d_step { LISTENS && ASKING && TROUBLE && ATTIMES(5) ->
        printf("leaseRefused");
        refuse();
        settle();
        shown() }
    :: d_step { LISTENS && ASKING && TROUBLE && ATTIMES(5) ->
        printf("transferFailed network");
        link = waiting;
        settle();
        shown() }
    :: d_step { LISTENS && ASKING && TROUBLE && ATTIMES(7) ->
        printf("transferFailed unauthorized");
        if
        :: link == polling -> pollFailed()
        :: else -> link = waiting
        fi;
        settle();
        shown() }
    od
}

/* ---- the clocks ---- */

#ifdef TIME
proctype Clock() {
    byte place;
    do
    :: d_step { (TROUBLE || !ASKING || age[0] == 0) && ATTIMES(4) ->        /* in the calm, an answer comes within a tick */
        printf("tick");
        place = 0;
        do
        :: place < MEMORY -> age[place] = (age[place] < TTL -> age[place] + 1 : TTL); place++
        :: else -> break
        od;
        place = 0;
        lease = (lease > 0 -> lease - 1 : 0);
#ifdef P1
        left = (left > 0 -> left - 1 : 0);
#endif
        storeRetryAt = (storeRetryAt == 1 -> 2 : storeRetryAt);
        shown() }
#ifdef TRACES
    :: d_step { ATTIMES(11) -> printf("wallClockSet"); shown() }   /* nothing is decided by it */
#endif
    od
}
#endif

/* ---- the server ---- */

#ifdef ACKS
/* SQLiteTransaction+Deliveries: isUnderWay, with revision <= upTo */
#define UNDERWAY(upTo) (placed & ~confirmed & (delivered | standing) & UPTO(upTo))
#endif

/* A poll whose revision is known may be parked: that is a poll not answered yet. It is answered when it is woken or its wait ends. */
inline answer(n) {
#ifdef ACKS
    if
    :: asked[n] == CONNECT -> delivered = delivered | (LOCKED(revision) -> UNDERWAY(revision) : 0)  /* in its own transaction */
    :: asked[n] != CONNECT && LOCKED(revision) -> toDeliver = MAX(toDeliver, revision)
    :: else
    fi;
#endif
    answers[n] = answers[n] | BIT(revision);
    printf("server: answers nonce %d at revision %d %d\n", n, revision, LOCKED(revision))
}

#ifdef ACKS
/* Polls.answer, isFirst: confirms, confirm */
inline heard(n) {
    if
    :: asked[n] != CONNECT && asked[n] < revision || asked[n] == revision && LOCKED(revision) ->
        toConfirm = MAX(toConfirm, asked[n]);
        printf("server: hears after %d at revision %d %d\n", asked[n], revision, LOCKED(revision))
    :: else
    fi
}

/* markEnforced */
#ifdef MENDED
/* A hold that was released at or before `upTo` says nothing: the terminal may have passed over it. */
#define ENFORCEDAT(r, upTo) \
    if :: (placed & BIT(r)) && r <= upTo && (releasedAt[r] == 0 || upTo < releasedAt[r]) -> confirmed = confirmed | BIT(r) :: else fi
#endif
#endif

#ifdef ACKS
#define RECEIVED(n) (received & BIT(n))
#define RECEIVE(n) :: d_step { asked[n] != NIL && (TROUBLE || !RECEIVED(n)) -> received = received | BIT(n); heard(n) }
#else
#define RECEIVED(n) (asked[n] != NIL)
#endif
/* A connection's token is good for one answer (rememberOnce), a poll may be repeated. */
#define MAYANSWER(n) (RECEIVED(n) && (asked[n] != CONNECT || answers[n] == 0))
#define ANSWER(n) :: d_step { MAYANSWER(n) && !(answers[n] & BIT(revision)) -> answer(n) }
#define ANSWEROLD(n) :: d_step { MAYANSWER(n) && TROUBLE && revision > 1 -> \
    answers[n] = answers[n] | BIT(revision - 1); printf("server: answers nonce %d from its old memory, revision %d\n", n, revision - 1) }

proctype Server() {
    do
    ANSWER(0)
#if MEMORY > 1
    ANSWER(1)
#endif
#ifdef ACKS
    RECEIVE(0)
#if MEMORY > 1
    RECEIVE(1)
#endif
    /* The process is killed. What is committed stays; what is parked and what was to be written later does not. */
    :: d_step { TROUBLE && (received != 0 || toDeliver > 0 || toConfirm > 0) ->
        received = 0;
        toDeliver = 0;
        toConfirm = 0;
        printf("server: killed\n") }
#endif
#ifndef PROMPT
    /* From a memory that is one change old: a restored backup, a second server that lags. */
    ANSWEROLD(0)
#endif
    od
}

#ifdef ACKS
/* CommitLoop: everything that waits, with one fsync. */
proctype Writer() {
    do
    :: d_step { toDeliver > 0 || toConfirm > 0 ->
        delivered = delivered | UNDERWAY(toDeliver);
#ifdef MENDED
        ENFORCEDAT(2, toConfirm); ENFORCEDAT(3, toConfirm); ENFORCEDAT(4, toConfirm);
#else
        confirmed = confirmed | UNDERWAY(toConfirm);
#endif
        printf("server: has written down: delivered through %d, enforced through %d\n", toDeliver, toConfirm);
        toDeliver = 0;
        toConfirm = 0;
        check() }
    od
}
#endif

/* ---- staff ---- */

#define CHANGE(locked) revision++; changes++; history = history | ((locked) -> BIT(revision) : 0)
#ifdef ACKS
#define NOTEPLACED placed = placed | BIT(revision)
#else
#define NOTEPLACED skip
#endif
#ifdef MENDED
#define NOTERELEASED(r) releasedAt[r] = revision
#else
#define NOTERELEASED(r) skip
#endif
#define RELEASE(r) :: d_step { changes < CHANGES && (standing & BIT(r)) && ATTIMES(3) -> \
    standing = standing & ~BIT(r); CHANGE(standing != 0); NOTERELEASED(r); \
    printf("staff: release hold %d, revision %d %d\n", r, revision, LOCKED(revision)) }

proctype Staff() {
    do
    :: d_step { changes < CHANGES && ATTIMES(6) -> CHANGE(true); standing = standing | BIT(revision); NOTEPLACED;
        printf("staff: place hold %d\n", revision) }
    RELEASE(2) RELEASE(3) RELEASE(4)
    /* Something else that raises the revision: the device is moved, the account is corrected. */
    :: d_step { changes < CHANGES && ATTIMES(9) -> CHANGE(standing != 0); printf("staff: revision %d %d\n", revision, LOCKED(revision)) }
    od
}

#ifdef CALM
proctype Weather() { calm = 1 }
#endif

init {
    atomic {
        run Terminal(); run Flash(); run Power(); run Network(); run Server(); run Staff();
#ifdef ACKS
        run Writer();
#endif
#ifdef TIME
        run Clock();
#endif
#ifdef CALM
        run Weather();
#endif
    }
}

#ifdef P4
/* A lock that stands while the network delivers comes to be stored and in force, and the server comes to know. */
#define OBEYS (link != off && enforced == revision && known == revision && disk == revision)
ltl p4 { [] ((calm && changes == CHANGES && standing != 0) -> <> (OBEYS && (confirmed & standing) == standing)) }
#endif
#ifdef P6
/* A terminal that nothing locks trades again. */
ltl p6 { [] ((calm && changes == CHANGES && standing == 0) -> <> PERMITS) }
#endif
