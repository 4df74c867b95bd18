import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfFile } from './hunk-mail';

/** A timer's own reference, that is taken once it is known to have been armed: by then it may have run, unless it has to wait. The names are made up. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

const file = (ahead: string, behind: string): string => `
struct plover {
	refcount_t ref;
	spinlock_t lock;
	struct timer_list timer;
	unsigned long expires;
};

static void plover_put(struct plover *p)
{
	if (refcount_dec_and_test(&p->ref))
		kfree(p);
}

static void plover_timeout(struct timer_list *t)
{
	struct plover *p = from_timer(p, t, timer);

	${ahead}
	p->expires = 0;
	${behind}
	plover_put(p);
}

static void plover_arm(struct plover *p)
{
-	refcount_inc(&p->ref);
-	mod_timer(&p->timer, p->expires);
+	if (!mod_timer(&p->timer, p->expires))
+		refcount_inc(&p->ref);
}

void plover_send(struct plover *p)
{
	spin_lock_bh(&p->lock);
	plover_arm(p);
	spin_unlock_bh(&p->lock);
}

void plover_init(struct plover *p)
{
	timer_setup(&p->timer, plover_timeout, 0);
}
`;

const said = (ahead: string, behind: string): Promise<string> => saidOfFile(analyzer, 'plover', 'count the pending timer once', file(ahead, behind), true);

describe('a reference that is taken behind the start of who drops it', () => {
	it('who waits for the lock first, that is held here', async () => expect(await said('spin_lock(&p->lock);', 'spin_unlock(&p->lock);')).not.toMatch(/introduces/));
	it('who waits for nothing', async () => expect(await said('', '')).toMatch(/introduces: .*use-after-free/));
	it('who takes the lock behind his drop', async () => expect(await said('plover_put(p);', 'spin_lock(&p->lock); spin_unlock(&p->lock);')).toMatch(/introduces: .*use-after-free/));
});
