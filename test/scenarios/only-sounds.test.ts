import { beforeAll, describe, it, expect } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOf, saidOfHunk } from './hunk-mail';

/** Mails with the words of a remedy over lines that do nothing of the kind, each with the twin whose lines do. The names are made up. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

const check = async (subject: string, words: string, head: string, hunk: string, expected: string): Promise<void> => {
	expect(await saidOfHunk(analyzer, words, head, hunk, subject)).toBe(expected);
};

const HEAD = 'static void quux_kick(struct quux *q)';

describe('a race that the mail names', () => {
	const WORDS = 'quux_kick() races with quux_reset(), which then sees a ring that is gone.';
	const hunk = (line: string): string => `
 	struct ring *r = q->ring;
 
+	${line}
 	quux_ring_write(r, q->tail);
 	quux_doorbell(q);
 }
`;
	it('is not ended by what is computed', () => check('quux: fix race with reset', WORDS, HEAD, hunk('q->tail = r->head + r->len;'), 'no-failure'));
	it('nor by what a call that says nothing of it finds', () => check('quux: fix race with reset', WORDS, HEAD, hunk('r = quux_ring_map(q);'), 'no-failure'));
	it('but may be by a lock', () => check('quux: fix race with reset', WORDS, HEAD, hunk('quux_hw_lock(q);'), 'fixes: data-race, lost-data'));
});

describe('a statement that is written otherwise', () => {
	const WORDS = 'rcu_assign_pointer() wants a pointer that readers find, else there is a race.';
	const hunk = (was: string, is: string): string => `
 	old = q->name;
-	${was}
+	${is}
 	synchronize_rcu();
 	kfree(old);
 }
`;
	it('with a word for a checker', () => check('quux: fix a warning', WORDS, HEAD, hunk('rcu_assign_pointer(*(char **)q->priv, new);', 'rcu_assign_pointer(*(char __rcu **)q->priv, new);'), 'no-failure'));
	it('with a hint', () => check('quux: fix a warning', WORDS, HEAD, hunk('if (q->gone == NULL)\n \t\treturn;', 'if (unlikely(!q->gone))\n \t\treturn;'), 'no-failure'));
});

describe('whose words they are', () => {
	const HUNK = `
 	head = q->first;
-	if (head->next == &q->link && !q->link.prev) {
+	if (quux_is_only_one(q, head)) {
 		WRITE_ONCE(q->first, NULL);
 		quux_free_head(head);
 	}
`;
	it('another commit is named by its title', () => check('quux: use quux_is_only_one()', 'Same semantics. Needed for\ncommit a6dc643c6931 ("quux: fix use-after-free of\nthe head").\n\nFixes: a6dc643c6931 ("quux: x")', HEAD, HUNK, 'no-failure'));
	it('it is taken over for the sake of another one', () => check('quux: use quux_is_only_one()', 'Same semantics.\n\nStable-dep-of: a6dc643c6931 ("quux: fix use-after-free of the head")\nFixes: a6dc643c6931 ("quux: x")', HEAD, HUNK, 'no-failure'));
	it('a comment said so before', () => check('quux: fix the signature', 'The argument is always zero.', HEAD, `
 	/*
-	 * Fails to avoid races with the timer while
-	 * the reserve is full.
+	 * Fails to avoid races with the timer.
 	 */
-	if (quux_take(q, 0))
+	if (quux_take(q))
 		q->tail = 0;
 }
`, 'no-failure'));
});

describe('another bound, or another time', () => {
	const hunk = (was: string, is: string): string => `
 	spin_unlock_irqrestore(&q->lock, flags);
 
-	${was}
+	${is}
 		quux_ring_write(q, q->tail);
 }
`;
	it('keeps nobody from hanging', () => check('quux: fix off-by-one', 'One byte too many was let in, which some devices answer with a hung bus.', HEAD, hunk('while (q->left && readl(q->level) <= QUUX_DEPTH)', 'while (q->left && readl(q->level) < QUUX_DEPTH)'), 'no-failure'));
	it('nor does a timer', () => check('quux: fix the timeout', 'A stuck encoder is noticed too late.', HEAD, `
 	quux_hw_kick(q);
-	mod_timer(&q->watchdog, jiffies + 500);
+	mod_timer(&q->watchdog, jiffies + msecs_to_jiffies(500));
 }
`, 'no-failure'));
});

describe('a reference that is taken on both sides', () => {
	const MAIL = `From: A <a@b.example>
Subject: [PATCH] quux: return what quux_get() gets

This makes the fixes that follow shorter.
---
 include/quux.h | 4 +++-
 1 file changed

--- a/include/quux.h
+++ b/include/quux.h
@@ -84,10 +84,12 @@ static inline void quux_put(struct quux *q)
 	put_device(&q->dev);
 }
 
-static inline void quux_get(struct quux *q)
+static inline struct quux *quux_get(struct quux *q)
 {
 	get_device(&q->dev);
 	__module_get(q->ops->owner);
+
+	return q;
 }
 
 /**
-- 
2.40.1
`;
	it('is not given back by being returned', async () => {
		expect(await saidOf(analyzer, MAIL)).toBe('no-failure');
	});
});
