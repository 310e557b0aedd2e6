/* The life of one job, as a model that spin explores completely.

   One job, five folders, two workers, a cancel, a monitor and a person with `mv`. Every statement between two
   semicolons is one step; between any two steps anybody else may act, and a worker may die. What the model claims is at
   the end. Tests/EndToEndTests/Torture/ModelCampaign.swift runs it:

       spin -a -DMAXATT=2 spool.pml && gcc -O2 -DSAFETY -o pan pan.c && ./pan -E -m100000

   It must find no error. With one of these four faults built in it must find one, or it proves nothing:

       -DBUG_REPLACE    a worker writes its result into running/ by a rename that replaces, not by an exchange
       -DBUG_NOLOCK     a worker holds no lock
       -DBUG_LOCKLATE   a worker takes the lock after the rename that claims, not before
       -DBUG_LINK       a worker claims by link and unlink instead of one rename                                    */

#ifndef MAXATT
#define MAXATT 3
#endif

/* The folders. */
#define QUEUED   0
#define RUNNING  1
#define DONE     2
#define FAILED   3
#define CANCELED 4

bool has[5];              /* whether the token lies in a folder                                                     */
byte result[5];           /* the attempt whose result the file in that folder tells of; 0: none                     */
byte lock = 0;            /* who holds work/<id>/beat: 0 nobody, else the worker's number + 1                       */
byte attempt = 0;         /* the counter in run.json                                                                */
byte live = 0;            /* workers that believe that the job is theirs                                            */
bool cancelAck = false;   /* a cancel has answered, and nobody has put the job back since                           */
bool expired[MAXATT + 2]; /* attempts that were declared dead: canceled, failed by the monitor, or put back         */

#define COUNT (has[QUEUED] + has[RUNNING] + has[DONE] + has[FAILED] + has[CANCELED])

/* renameat2(RENAME_NOREPLACE): one step, and of several who try, one wins. */
inline move(from, to, ok) {
  atomic {
    if
    :: has[from] && !has[to] -> has[from] = false; has[to] = true; result[to] = result[from]; result[from] = 0; ok = true
    :: else -> ok = false
    fi
  }
}

/* The same by somebody who thereby declares the running attempt dead. */
inline moveAndExpire(from, to, ok) {
  atomic {
    if
    :: has[from] && !has[to] ->
       has[from] = false; has[to] = true; result[to] = result[from]; result[from] = 0; ok = true; expired[attempt] = true
    :: else -> ok = false
    fi
  }
}

/* SpoolFolder+Claim and +Finish. */
proctype worker(byte me) {
  bool ok; byte my; byte deaths = 0;
again:
  do
  :: has[QUEUED] ->
#if !defined(BUG_NOLOCK) && !defined(BUG_LOCKLATE)
     atomic { if :: lock == 0 -> lock = me + 1 :: else -> skip; goto idle fi };
#endif
#ifdef BUG_LINK
     atomic { if :: has[QUEUED] && !has[RUNNING] -> has[RUNNING] = true; result[RUNNING] = result[QUEUED]; ok = true
                 :: else -> ok = false fi };
     if :: ok -> atomic { has[QUEUED] = false; result[QUEUED] = 0 } :: else -> skip fi;
#else
     move(QUEUED, RUNNING, ok);
#endif
#ifdef BUG_LOCKLATE
     if :: ok -> atomic { if :: lock == 0 -> lock = me + 1 :: else -> skip; goto idle fi } :: else -> skip fi;
#endif
     if :: !ok -> goto release :: else -> skip fi;
     if :: attempt >= MAXATT -> goto release :: else -> skip fi;
     atomic { attempt++; my = attempt; live++ };           /* run.json, the first heartbeat; now the work begins     */
     if :: deaths < 1 -> deaths++; goto died :: skip fi;   /* it may die while it works                              */
     if
     :: skip;                                              /* the film is made                                       */
#ifdef BUG_REPLACE
        atomic { has[RUNNING] = true; result[RUNNING] = my };
#else
        atomic { if :: has[RUNNING] -> result[RUNNING] = my :: else -> skip; goto lost fi };   /* the exchange       */
#endif
        if :: deaths < 1 -> deaths++; goto died :: skip fi;
        move(RUNNING, DONE, ok);                           /* the commit                                             */
        if :: ok -> assert(result[DONE] == my); assert(!expired[my]) :: else -> skip fi;
        atomic { live--; goto release }
     :: skip;                                              /* it failed                                              */
        move(RUNNING, FAILED, ok);
        atomic { live--; goto release }
     fi;
lost: atomic { live--; goto release };
died: atomic { live--; if :: lock == me + 1 -> lock = 0 :: else -> skip fi };   /* the kernel frees the lock         */
     goto again;
release: atomic { if :: lock == me + 1 -> lock = 0 :: else -> skip fi };
     goto again;
idle: skip;
     goto again
  :: has[DONE] || has[FAILED] || has[CANCELED] || (has[RUNNING] && lock == 0) || attempt >= MAXATT -> break
  od
}

/* SpoolFolder+Cancel: no lock, and it never waits for one. */
proctype cancel() {
  bool ok; byte tries = 0;
  do
  :: tries < 4 -> tries++;
     moveAndExpire(QUEUED, CANCELED, ok); if :: ok -> cancelAck = true; break :: else -> skip fi;
     moveAndExpire(RUNNING, CANCELED, ok); if :: ok -> cancelAck = true; break :: else -> skip fi;
     if :: has[DONE] || has[FAILED] || has[CANCELED] -> break :: else -> skip fi
  :: tries >= 4 -> break
  od
}

/* SpoolFolder.failSilent; it may err: the worker was only slow. */
proctype monitor() {
  bool ok; byte tries = 0;
  do
  :: tries < 2 && has[RUNNING] -> tries++; moveAndExpire(RUNNING, FAILED, ok)
  :: tries >= 2 || has[DONE] || has[CANCELED] || has[FAILED] -> break
  od
}

/* A person's mv. A result counts in done/ only, so the retried file's old one is as good as none. */
proctype person() {
  byte tries = 0;
  do
  :: tries < 2 -> tries++;
     if
     :: atomic { has[FAILED] && !has[QUEUED] ->
          cancelAck = false; has[FAILED] = false; has[QUEUED] = true; result[QUEUED] = 0; result[FAILED] = 0 }
     :: atomic { has[RUNNING] && !has[QUEUED] ->
          has[RUNNING] = false; has[QUEUED] = true; result[QUEUED] = 0; result[RUNNING] = 0; expired[attempt] = true }
     :: has[DONE] || has[CANCELED] -> skip
     fi
  :: tries >= 2 || has[DONE] || has[CANCELED] -> break
  od
}

/* What holds at every moment. */
active proctype oneFolder()     { COUNT > 0; atomic { COUNT != 1 -> assert(false) } }
active proctype noLateOutput()  { atomic { cancelAck && has[DONE] -> assert(false) } }
active proctype oneWorker()     { atomic { live > 1 -> assert(false) } }
active proctype doneHasResult() { atomic { has[DONE] && result[DONE] == 0 -> assert(false) } }

init { atomic { has[QUEUED] = true; run worker(0); run worker(1); run cancel(); run monitor(); run person() } }
