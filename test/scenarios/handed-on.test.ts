import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfHunk } from './hunk-mail';

/** A lock that a function returns with: for its caller, or forgotten. Each pair differs in what makes it so; the names are made up. A gap: of a function that hands it on, a way out that forgets it is not told, as one failure stands for all that end there. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

const KEPT = 'introduces: lock-held-at-return';
const check = (head: string, hunk: string, expected: string) => async (): Promise<void> =>
	expect(await saidOfHunk(analyzer, 'The next patch needs it.', head, hunk)).toBe(expected);
/** A function that is new, alone in its hunk. */
const whole = (code: string, expected: string): (() => Promise<void>) =>
	check('static void quux_drain(struct quux *q)', ` 	q->drained = true;\n }\n \n${code.trim().split('\n').map((line) => `+${line}`).join('\n')}\n+\n static int quux_walk(struct quux *q)\n {\n`, expected);

describe('a new helper', () => {
	const find = (ways: string): string => `struct quux_slot *quux_next_live(struct quux *q, u32 key)\n{\n	struct quux_slot *s, *found = NULL;\n\n	list_for_each_entry(s, &q->slots, node) {\n		spin_lock(&s->lock);\n${ways}		spin_unlock(&s->lock);\n	}\n	return found;\n}`;
	it('returns what it has locked', whole(find('		if (s->key == key) {\n			found = s;\n			break;\n		}\n'), 'no-failure'));
	it('returns nothing, and has it locked', whole(find('		if (s->key == key)\n			return NULL;\n'), KEPT));
	const idle = (first: string, last: string): string => `bool quux_idle(struct quux *q)\n{\n	spin_lock(&q->lock);\n	if (!q->busy)\n		return ${first};\n	spin_unlock(&q->lock);\n	return ${last};\n}`;
	it('answers whether it holds the lock', whole(idle('true', 'false'), 'no-failure'));
	it('answers the same either way', whole(idle('true', 'true'), KEPT));
	const settle = (way: string): string => `void quux_settle(struct quux *q)\n{\n	mutex_lock(&q->lock);\n${way}}`;
	it('ends with the lock', whole(settle('	while (q->busy) {\n		mutex_unlock(&q->lock);\n		quux_wait(q);\n		mutex_lock(&q->lock);\n	}\n'), 'no-failure'));
	it('leaves with the lock on the way', whole(settle('	if (!q->busy)\n		return;\n	quux_wait(q);\n	mutex_unlock(&q->lock);\n'), KEPT));
	const room = (full: string): string => `int quux_room(struct quux *q)\n{\n	int ret;\n\n	mutex_lock(&q->lock);\n	while (q->full) {\n${full}		mutex_lock(&q->lock);\n	}\n	return 0;\n}`;
	it('holds the lock unless it fails', whole(room('		mutex_unlock(&q->lock);\n		ret = quux_wait(q);\n		if (ret)\n			return ret;\n'), 'no-failure'));
	const pair = (first: string): string => `static void *quux_seq_start(struct seq_file *m, loff_t *pos)\n{\n	struct quux *q = m->private;\n\n	mutex_lock(&q->lock);\n${first}	return seq_list_start(&q->slots, *pos);\n}\n\nstatic void quux_seq_stop(struct seq_file *m, void *v)\n{\n	struct quux *q = m->private;\n\n	mutex_unlock(&q->lock);\n}`;
	it('takes what its sister gives back', whole(pair(''), 'no-failure'));
});

describe('a new way out of a function that is shown in part', () => {
	const HEAD = 'static struct quux_slot *quux_next(struct quux *q, u32 key)';
	const hunk = (way: string): string => `
 
 	list_for_each_entry(s, &q->slots, node) {
 		spin_lock(&s->lock);
+		if (s->fast)
+			return ${way};
 		if (s->dead) {
 			spin_unlock(&s->lock);
 			continue;
`;
	it('with the object that is locked', check(HEAD, hunk('s'), 'no-failure'));
	it('with an error', check(HEAD, hunk('ERR_PTR(-EBUSY)'), KEPT));
	const told = (out: string): string => `
 	struct quux_slot *s = quux_slot(q, key);
 
 	*lockp = &s->lock;
 	spin_lock(*lockp);
+	if (s->fast)
+		return ${out};
 	if (!s->used) {
 		spin_unlock(*lockp);
 		return -ENOENT;
`;
	it('with a lock that the caller is told', check('static int quux_find(struct quux *q, u32 key, spinlock_t **lockp)', told('0'), 'no-failure'));
	it('with that and an error', check('static int quux_find(struct quux *q, u32 key, spinlock_t **lockp)', told('-EBUSY'), KEPT));
});

describe('a release that is taken away', () => {
	const hunk = (call: string): string => `
 	spin_lock_irq(&q->lock);
 	if (q->dead) {
-		spin_unlock_irq(&q->lock);
+		${call};
 		return -ENODEV;
 	}
 	ret = quux_write(q, word);
 	spin_unlock_irq(&q->lock);
 	return ret;
 }
`;
	it('may be what a call does that nobody shows', check('static int quux_req(struct quux *q, u32 word)', hunk('quux_finish(q)'), 'no-failure'));
	it('is none of a call that is given something else', check('static int quux_req(struct quux *q, u32 word)', hunk('quux_finish(word)'), KEPT));
	const helper = (submit: string): string => `
 	mutex_lock(&q->lock);
 	ret = quux_prepare(q);
-	mutex_unlock(&q->lock);
+	if (ret)
+		mutex_unlock(&q->lock);
 	return ret;
 }
 
 static int quux_submit(struct quux *q)
 {
 	int ret;
 
 	ret = quux_open_batch(q);
 	if (ret)
 		return ret;
${submit} 	q->count++;
 	mutex_unlock(&q->lock);
 	return 0;
 }
`;
	it('is done by the caller now', check('static int quux_open_batch(struct quux *q)', helper('-	mutex_lock(&q->lock);\n'), 'no-failure'));
});

describe('a lock that is released and taken again before a way out of sight', () => {
	it('is held there', async () => expect(await saidOfHunk(analyzer, 'Three places did the same.', 'repeat:', `
 	}
 	if (this != root) {
 		struct quux_node *child = this;
-		struct quux_node *up = this->parent;
-
-		spin_unlock(&this->lock);
-		this = up;
-		spin_lock(&this->lock);
-		if (this != child->parent || seq != this->seq) {
-			spin_unlock(&this->lock);
+		this = quux_up(this, seq);
+		if (!this)
 			goto renamed;
-		}
 		next = child->next;
 		goto repeat;
 	}
`, 'quux: a helper for going up')).toBe('no-failure'));
});

describe('a reference of what a call returns', () => {
	const hunk = (put: string): string => `
 	struct quux_conn *conn = container_of(work, struct quux_conn, work);
+	struct quux_sess *sess = quux_sess_get(conn->sess);
 
 	quux_down(conn);
-	quux_reconnect(conn->sess);
+	quux_reconnect(sess);
${put} }
`;
	it('is dropped where that is', check('static void quux_err_work(struct work_struct *work)', hunk('+	quux_sess_put(sess);\n'), 'no-failure'));
});

describe('a call that is taken away where the mail speaks of a NULL pointer', () => {
	const said = (call: string, expected: string) => async (): Promise<void> => expect(await saidOfHunk(analyzer, `syzbot reported a NULL-ptr deref caused by that ${call.replace(/\(.*/, '()')} in quux_stream_init() set q->next = NULL.\n\nAll info is saved now, in quux_stream_init() quux_next() will not change it.\n\nFixes: 5bbbbe32a431 ("quux: introduce streams")`, 'int quux_stream_init(struct quux *q)', `
 	for (i = 0; i < q->count; i++)
 		q->slot[i].state = 1;
 
-	${call};
-
 	quux_interleave(q);
`, 'quux: remove the call from quux_stream_init')).toBe(expected);
	it('sets something up, and uses nothing that was freed', said('ops->init(q)', 'no-failure'));
	it('uses what may have been', said('ops->tell(q)', 'fixes: use-after-free'));
});
