import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { inputText } from '../../analyzer/present/text';
import { sourceAnalyzer } from '../measure/engine';

/** What a scenario makes up is told in words: no name of ours is printed as a function or a variable of the kernel's. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});
afterAll(() => analyzer.dispose());

/** The first failing schedule's table, as the text report has it, with who waits for whom; `says` is somewhere in the report. */
async function check(subject: string, prose: string, head: string, hunk: readonly string[], expected: string, says = ''): Promise<void> {
	const count = (other: string): number => hunk.filter((line) => !line.startsWith(other)).length;
	const text = `From: A <a@b.example>\nSubject: [PATCH] ${subject}\n\n${prose}\n---\n quux.c | 2 +-\n 1 file changed\n\n--- a/quux.c\n+++ b/quux.c\n@@ -40,${count('+')} +40,${count('-')} @@ ${head}\n${hunk.join('\n')}\n-- \n2.40.1\n`;
	const [review] = await analyzer.review(text, { name: 'made up' });
	const report = review ? inputText(review) : '';
	const lines = report.split('\n');
	const from = lines.findIndex((line) => /^ {4}CPU0/.test(line));
	const to = lines.findIndex((line, at) => at > from && /^ {2}\S/.test(line));
	expect(from < 0 ? report : lines.slice(from, to).join('\n').trimEnd()).toBe(expected);
	expect(report).toContain(says);
	expect(report).not.toMatch(/INSTANCE|READ_ONCE\('|given\d|its_caller|\bwho_|another_thread|globals\.|elided_/);
}

it('whoever takes it away under the lock, behind a call of which only the end is shown', () => check('quux: fix use after free of q->user', 'q->user may be freed while quux_show() uses it. Take the lock.', 'static int quux_show(struct quux *q, char *buf)', [
	' 		   q->size);', '+	mutex_lock(&quux_lock);', ' 	if (q->user)', ' 		strcpy(buf, q->user->name);', '+	mutex_unlock(&quux_lock);', ' 	return 0;',
], `    CPU0                           CPU1
                                   whoever frees it
                                     mutex_lock(&quux_lock)
                                     kfree(q->user)
    quux_show()     quux.c:40
      q->size       quux.c:40
      if (q->user)  quux.c:41
      q->user       quux.c:42
      [use-after-free]`, 'after the patch CPU0 cannot go past mutex_lock(&quux_lock) (quux.c:41) until CPU1 lets it go on'));

it('a barrier keeps nobody out', () => check('quux: fix a race in quux_poll()', 'quux_poll() may race with another CPU that fills the ring.', 'static int quux_poll(struct quux *q)', [
	' 	quux_enable(q);', '+	mb();', ' 	if (q->ring)', ' 		return 1;', ' 	return 0;',
], `    CPU0                               CPU1
    its caller
      quux_poll()
        quux_enable(q)  quux.c:40
                                       another thread
                                         now in between
        if (q->ring)    quux.c:41
        [check-then-act]`, 'another thread gets in before `if (q->ring)`, which `mb()` would have ordered'));

it('its caller, and what was done before', () => check('quux: fix quux_stop() being done twice', 'quux_stop() may race with quux_reset() and stop it twice.', 'static void quux_stop(struct quux *q)', [
	'+	if (!q->running)', '+		return;', ' 	q->mask &= ~QUUX_ON;', ' 	writel(q->mask, q->regs);', ' 	q->running = 0;',
], `    CPU0
    its caller
      now done
      quux_stop()
        q->mask &= ~QUUX_ON  quux.c:40
        [check-then-act]`));

it('a lock that was taken out of sight, and who waits for himself', () => check('quux: fix deadlock in quux_done()', 'quux_complete() takes q->lock, so calling it with q->lock held deadlocks.', 'static void quux_done(struct quux *q)', [
	' 	q->busy = 0;', '-	quux_complete(q);', ' 	spin_unlock(&q->lock);', '+	quux_complete(q);', ' 	return;',
], `    CPU0
    quux_done()                   quux.c:40
      takes quux.lock, not shown  quux.c:40
      q->busy = 0                 quux.c:40
      spin_lock(&quux->lock)
        [waits for itself]

    CPU0 waits in quux_complete() at spin_lock(&quux->lock) for itself`));
