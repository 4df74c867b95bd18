import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfHunk } from './hunk-mail';

/** What is no longer done under a lock, of which nobody else is in sight: each beside one that may go without. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

async function check(head: string, hunk: string, expected: string, words = ''): Promise<void> {
	expect(await saidOfHunk(analyzer, words, head, hunk, 'rook: simplify')).toBe(expected);
}
const moved = (hunk: string, expected: string, words?: string): Promise<void> => check('static int rook_step(struct rook *r)', hunk, expected, words);
const gone = (hunk: string, expected: string, words?: string): Promise<void> => check('static int rook_set(struct rook *r, u32 value)', hunk, expected, words);

const movedOut = (step: string, before = ''): string => `
 	spin_lock(&r->lock);${before}
 	rook_turn(r);
-	${step}
 	spin_unlock(&r->lock);
+	${step}
 
 	return 0;
 }
`;

describe('a step is moved behind the unlock', () => {
	it('that others meet under the lock', () => moved(movedOut('r->state = ROOK_IDLE;'), 'introduces: data-race, lost-data'));
	it('of what was taken out under the lock', () => moved(movedOut('e->state = 0;', '\n 	list_del(&e->list);'), 'no-failure'));
	it('that looks only', () => moved(movedOut('trace_rook_step(r->turns);'), 'no-failure'));
});

const dropped = (rest: string, now = ''): string => `
 	if (value > ROOK_MAX)
 		return -EINVAL;
-	mutex_lock(&r->lock);
${now}${rest}
-	mutex_unlock(&r->lock);
 
 	return 0;
 }
`;

describe('a lock is taken away', () => {
	it('from a call that nobody shows', () => gone(dropped(' 	rook_program(r, value);'), 'introduces: data-race, lost-data'));
	it('from two looks that belong together', () => gone(dropped(' 	rook_first = r->first;\n 	rook_last = r->last;'), 'introduces: lost-data'));
	it('from one look', () => gone(dropped(' 	rook_first = r->first;'), 'no-failure'));
	it('where another one takes its place', () => gone(dropped(' 	rook_program(r, value);', '+	guard(mutex)(&r->lock);\n'), 'no-failure'));
	it('whose callers are said to hold it', () => gone(dropped(' 	rook_program(r, value);'), 'no-failure', 'All callers hold the lock.'));
});

const nested = (rest = ''): string => `
-	mutex_lock(&r->nest_lock);
-	mutex_lock(&r->lock);
+	mutex_lock(&r->lock);
+	mutex_lock(&r->nest_lock);
 	r->turns = 0;
 	mutex_unlock(&r->lock);
 	mutex_unlock(&r->nest_lock);
 }
${rest}`;

describe('two locks are taken the other way round', () => {
	it('without a word', () => moved(nested(), 'introduces: deadlock'));
	it('as the mail says of all', () => moved(nested(), 'no-failure', 'The lock of a rook always comes first.'));
	it('as somebody else does', () => moved(nested(`
 static void rook_rest(struct rook *r)
 {
 	mutex_lock(&r->lock);
 	mutex_lock(&r->nest_lock);
 	r->turns = 1;
 	mutex_unlock(&r->nest_lock);
 	mutex_unlock(&r->lock);
 }
`), 'pre-existing'));
});

const allocated = (before = ''): string => `
 	struct rook_nest *nest;
 ${before}
-	nest = kzalloc(sizeof(*nest), GFP_ATOMIC);
+	nest = kzalloc(sizeof(*nest), GFP_KERNEL);
 	if (!nest)
 		return -ENOMEM;
`;

describe('what could not sleep now may', () => {
	it('without a word', () => moved(allocated(), 'introduces: sleep-in-atomic'));
	it('where a mutex is taken', () => moved(allocated('\tmutex_lock(&r->lock);'), 'no-failure'));
	it('as the mail explains', () => moved(allocated(), 'no-failure', 'It is only called by probe.'));
});

const section = (rest: string, now = ''): string => `
 	struct rook_nest *nest;
 
-	rcu_read_lock();
${now} 	nest = rcu_dereference(r->nest);
${rest}
-	rcu_read_unlock();
 
 	return 0;
 }
`;

describe('a read side is taken away', () => {
	it('from a look at what is found', () => moved(section(' 	r->turns = nest->turns;'), 'introduces: use-after-free'));
	it('and a lock takes its place', () => moved(section(' 	r->turns = nest->turns;', '+	guard(mutex)(&r->lock);\n'), 'no-failure'));
	it('in which the callers are, as the mail says', () => moved(section(' 	r->turns = nest->turns;'), 'no-failure', 'NAPI polls under RCU already.'));
});

const taken = (rest: string): string => `
 	if (r->nest)
 		return -EBUSY;
-	kref_get(&nest->kref);
${rest}
 	return 0;
 }
`;

describe('a reference is no longer taken', () => {
	it('of what is kept', () => moved(taken(' 	r->nest = nest;'), 'introduces: use-after-free'));
	it('nor is it dropped', () => moved(taken(' 	rook_build(r, nest);\n-	kref_put(&nest->kref, rook_nest_free);'), 'no-failure'));
	it('for the caller gives it, as the mail says', () => moved(taken(' 	r->nest = nest;'), 'no-failure', 'The caller hands its reference over.'));
});

const inner = (asserts: string): string => `
 	if (value > ROOK_MAX)
 		return -EINVAL;
${asserts}-	mutex_lock(&r->turn_lock);
 	rook_program(r, value);
-	mutex_unlock(&r->turn_lock);
 
 	return 0;
 }
@@ -12,3 +12,2 @@ struct rook_board {
 	struct mutex lock;
-	struct mutex turn_lock;
 	struct list_head rooks;
`;

describe('a lock is taken away for good', () => {
	it('that kept others out', () => gone(inner(''), 'introduces: data-race, lost-data'));
	it('that all took under another one', () => gone(inner(' 	lockdep_assert_held(&r->board->lock);\n'), 'no-failure'));
});

const scoped = (tail: string): string => `
 	if (value) {
-		guard(mutex)(&r->lock);
+		mutex_lock(&r->lock);
 		rook_program(r, value);
+		mutex_unlock(&r->lock);
 
 		${tail}
 	}
 
 	return 0;
 }
`;

describe('a lock is taken in another form', () => {
	it('with what its scope ended with', () => gone(scoped('r->suspended = false;'), 'no-failure'));
});

const walked = (lock: string): string => `
 	struct rook_pawn *pawn;
 
${lock === '' ? '' : `-	mutex_lock(&${lock});\n`} 	list_for_each_entry(pawn, &r->pawns, list) {
 		rook_program(pawn, value);
 	}
${lock === '' ? '' : `-	mutex_unlock(&${lock});\n`} 
 	return 0;
 }
`;

describe('a walk is no longer done under a lock', () => {
	it('under which entries are taken out', () => gone(walked('r->lock'), 'introduces: data-race, lost-data, use-after-free'));
	it('as the mail gives a reason for', () => gone(walked('r->lock'), 'no-failure', 'All callers hold the lock.'));
});

const early = (question: string): string => `
+	if (${question})
+		return -EINVAL;
 	mutex_lock(&r->lock);
-	if (${question}) {
-		mutex_unlock(&r->lock);
-		return -EINVAL;
-	}
 	list_add(&r->list, &rooks);
 	mutex_unlock(&r->lock);
 
 	return 0;
 }
`;

describe('what a step goes by is asked ahead of its section', () => {
	it('and others change it', () => gone(early('rook_is_taken(r->next)'), 'introduces: check-then-act, data-race, lost-data'));
	it('and it was handed in', () => gone(early('rook_is_bad(value)'), 'no-failure'));
});
