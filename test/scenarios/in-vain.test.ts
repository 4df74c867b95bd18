import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfHunk } from './hunk-mail';

/** Remedies that come one line too late, or end nothing, each beside the one that ends it. The names are made up. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});
const FIX = 'quux: fix race when it is opened';
const said = (words: string, head: string, hunk: string, subject = FIX): Promise<string> => saidOfHunk(analyzer, words, head, hunk, subject);

describe('what a lock keeps', () => {
	const words = 'Two openers can come at the same time and both set the owner, which leads to a use-after-free later.';
	const head = 'int quux_open(struct quux *q)';
	it('is not to be asked for before it is taken', async () =>
		expect(await said(words, head, `
 		return err;
 	}
+	if (q->owner) {
+		quux_close(t);
+		return -EBUSY;
+	}
 	spin_lock_irq(&q->lock);
 	q->owner = t;
 	spin_unlock_irq(&q->lock);
 	return 0;
`)).toBe('still-fails: use-after-free'));
	it('is asked for behind that', async () =>
		expect(await said(words, head, `
 		return err;
 	}
 	spin_lock_irq(&q->lock);
-	q->owner = t;
+	if (q->owner)
+		err = -EBUSY;
+	else
+		q->owner = t;
 	spin_unlock_irq(&q->lock);
-	return 0;
+	return err;
`)).not.toMatch(/^still-fails/));
	const copied = (lines: string): string => `
 	struct quux *q = file->private_data;
-	u64 size = round_up(q->size, 4096);
+	u64 size;
 	int ret;
 
 	ret = quux_wait(q);
 	if (ret)
 		return ret;
${lines}
 	if (size < offset)
 		quux_zero(q, size);
 	mutex_unlock(&q->lock);
`;
	it('is not to be read before it is taken', async () =>
		expect(await said('The size is read where there is a race with who changes it.', 'static int quux_punch(struct file *file, u64 offset)', copied('+	size = round_up(q->size, 4096);\n 	mutex_lock(&q->lock);'))).toBe('still-fails: check-then-act'));
	it('is read behind that', async () =>
		expect(await said('The size is read where there is a race with who changes it.', 'static int quux_punch(struct file *file, u64 offset)', copied(' 	mutex_lock(&q->lock);\n+	size = round_up(q->size, 4096);'))).toMatch(/^fixes: /));
});

describe('what a field held', () => {
	const store = (inside: string): string => `
 	if (cp)
 		*cp = 0;
 
+	mutex_lock(&q->lock);
${inside} 	q->name = name;
+	mutex_unlock(&q->lock);
 
 	kfree(old);
 
 	return count;
 }
`;
	const words = 'There is a race between two threads that store different names.';
	it('is given back twice where it was read before the lock', async () => expect(await said(words, 'static ssize_t name_store(struct quux *q, char *name, size_t count)', store(''))).toMatch(/^still-fails: /));
	it('is given back once where it is read behind that', async () => expect(await said(words, 'static ssize_t name_store(struct quux *q, char *name, size_t count)', store('+	old = q->name;\n'))).not.toMatch(/^still-fails/));
});

describe('an update', () => {
	const words = 'An |= is not atomic: one handler may undo the bit that another one has set, there is a race.';
	const head = 'static void quux_handle(struct quux *q)';
	it('is two steps by a call that loads and stores', async () =>
		expect(await said(words, head, '\n {\n-	q->flags |= QUUX_ON;\n+	__set_bit(QUUX_ON, &q->flags);\n }\n')).toBe('still-fails: lost-data'));
	it('is one by a call that is atomic', async () =>
		expect(await said(words, head, '\n {\n-	q->flags |= QUUX_ON;\n+	set_bit(QUUX_ON, &q->flags);\n }\n')).not.toMatch(/^still-fails/));
	const counted = (lines: string): string => `\n static bool quux_due(struct quux *q)\n {\n-	return ++q->sent % 8 == 0;\n${lines}\n }\n`;
	it('is two steps where what has come of it is asked for later', async () =>
		expect(await said('This avoids race conditions on the counter.', 'struct quux {', counted('+	atomic_inc(&q->sent);\n+	return (atomic_read(&q->sent) & 7) == 0;'))).toBe('still-fails: lost-data'));
	it('is one where it says so itself', async () =>
		expect(await said('This avoids race conditions on the counter.', 'struct quux {', counted('+	return (atomic_inc_return(&q->sent) & 7) == 0;'))).not.toMatch(/^still-fails/));
});

describe('a walk', () => {
	const words = 'The requests may be removed meanwhile: it is unsafe to traverse the list without the lock, fix the race.';
	const walk = (inside: boolean): string => {
		const [out, each] = [(text: string): string => (inside ? '' : `+	${text}\n`), (text: string): string => (inside ? `+		${text}\n` : '')];
		return `
 	struct quux_req *cur;
 
${out('spin_lock_irq(&q->lock);')} 	list_for_each_entry(cur, &q->reqs, node) {
${each('spin_lock_irq(&q->lock);')} 		quux_prepare(cur);
${each('spin_unlock_irq(&q->lock);')} 	}
${out('spin_unlock_irq(&q->lock);')} }
`;
	};
	it('goes on without the lock that is taken for each step', async () => expect(await said(words, 'static void quux_prepare_all(struct quux *q)', walk(true))).toBe('still-fails: use-after-free'));
	it('is under the one that is taken for all of it', async () => expect(await said(words, 'static void quux_prepare_all(struct quux *q)', walk(false))).toMatch(/^fixes: /));
});

describe('two locks', () => {
	const order = (last: string): string => `
 	ret = quux_issue(q);
-	spin_unlock_irqrestore(&q->host_lock, flags);
 	if (ret) {
 		cmd->wait = NULL;
 		spin_unlock(&cmd->lock);
+		spin_unlock_irqrestore(&q->host_lock, flags);
 		goto out;
 	}
 
${last}
 	quux_poll(q);
 out:
 	return ret;
`;
	const words = 'The locks are released out of order, which lets interrupts in too early and ends in a deadlock.';
	it('are given back in one place with interrupts on', async () =>
		expect(await said(words, 'static int quux_abort(struct quux *q)', order('+	spin_unlock_irqrestore(&q->host_lock, flags);\n 	spin_unlock(&cmd->lock);'), 'quux: fix a deadlock')).toBe('still-fails: irq-unsafe-lock'));
	it('are given back in order in both', async () =>
		expect(await said(words, 'static int quux_abort(struct quux *q)', order(' 	spin_unlock(&cmd->lock);\n+	spin_unlock_irqrestore(&q->host_lock, flags);'), 'quux: fix a deadlock')).not.toMatch(/^still-fails/));
	const around = (last: string): string => `
 static void quux_event(struct quux *q)
 {
+	mutex_lock(&q->event_lock);
 	if (!mutex_trylock(&q->lock)) {
 		pr_info("event is lost\\n");
+		mutex_unlock(&q->event_lock);
 		return;
 	}
 	quux_update(q);
${last}
 }
`;
	const events = 'Events come quickly, and are lost where the trylock fails. There is a race between them.';
	it('let the next one in to try for the inner one in vain', async () =>
		expect(await said(events, 'struct quux {', around('+	mutex_unlock(&q->event_lock);\n 	mutex_unlock(&q->lock);'), 'quux: fix lost events')).toBe('still-fails: lost-data'));
	it('keep him out until both are back', async () =>
		expect(await said(events, 'struct quux {', around(' 	mutex_unlock(&q->lock);\n+	mutex_unlock(&q->event_lock);'), 'quux: fix lost events')).not.toMatch(/^still-fails/));
});

describe('a wake-up', () => {
	const words = 'A reader that is woken up looks for the mark before it sleeps again; without it the reader hangs for ever.';
	const detach = (lines: string): string => `\n 	BUG_ON(!f);\n${lines}\n 	q->count--;\n }\n`;
	it('comes before what it is about', async () =>
		expect(await said(words, 'static void quux_detach(struct quux *q)', detach(' 	f->sk->sk_data_ready(f->sk);\n+	f->sk->sk_shutdown = RCV_SHUTDOWN;'), 'quux: fix hang of readers')).toBe('still-fails: deadlock'));
	it('comes behind it', async () =>
		expect(await said(words, 'static void quux_detach(struct quux *q)', detach('+	f->sk->sk_shutdown = RCV_SHUTDOWN;\n 	f->sk->sk_data_ready(f->sk);'), 'quux: fix hang of readers')).not.toMatch(/^still-fails/));
	const sleeps = (one: string, other: string): string => `
 	init_waitqueue_entry(&wait, current);
${one} 	add_wait_queue(&q->sleep, &wait);
 	spin_unlock_irq(&q->lock);
${other} 	tout = msecs_to_jiffies(q->tout);
-	tout = schedule_timeout_interruptible(tout);
+	tout = schedule_timeout(tout);
 	spin_lock_irq(&q->lock);
`;
	const state = '+	set_current_state(TASK_INTERRUPTIBLE);\n';
	const lost = 'The wake-up can be lost after interrupts are enabled, and the task sleeps for long: a lost wakeup.';
	it('is lost where the task lies down behind the lock', async () => expect(await said(lost, 'static int quux_drain(struct quux *q)', sleeps('', state), 'quux: fix lost wakeup')).toBe('still-fails: deadlock'));
	it('is not where it does so before', async () => expect(await said(lost, 'static int quux_drain(struct quux *q)', sleeps(state, ''), 'quux: fix lost wakeup')).toMatch(/^fixes: /));
});

describe('a patch', () => {
	const words = 'Whoever waits may free the request as soon as it is marked: use after free of req.';
	const done = (lines: string): string => `\n {\n${lines}\n }\n`;
	it('does nothing by another name for what it reads where it read it before', async () =>
		expect(await said(words, 'static void quux_done(struct quux_req *req)', done(' 	req->host->ctx.done = true;\n-	quux_kick(&req->host->ctx.wait);\n+	ctx = &req->host->ctx;\n+	quux_kick(&ctx->wait);'), 'quux: fix use after free')).toBe('still-fails: use-after-free'));
	it('does something where that is read earlier', async () =>
		expect(await said(words, 'static void quux_done(struct quux_req *req)', done('+	ctx = &req->host->ctx;\n 	req->host->ctx.done = true;\n-	quux_kick(&req->host->ctx.wait);\n+	quux_kick(&ctx->wait);'), 'quux: fix use after free')).not.toMatch(/^still-fails/));
});
